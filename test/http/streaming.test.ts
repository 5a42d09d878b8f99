// RESPONSE.flush() and streamed bodies, from the page to the socket (docs/pages.md, *Output in pieces*, and docs/sessions.md).

import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'ava';
import { serveSite, type TestSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';

/** Gates between pages and tests: `await gate('a')` in a page waits for `open('a')` in the test. */
class Gates {
  readonly #waiting = new Map<string, { readonly opened: Promise<void>; readonly open: () => void }>();

  wait(name: string): Promise<void> {
    return this.#gate(name).opened;
  }

  open(name: string): void {
    this.#gate(name).open();
  }

  #gate(name: string) {
    const known = this.#waiting.get(name);
    if (known !== undefined) return known;
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const gate = { opened, open };
    this.#waiting.set(name, gate);
    return gate;
  }
}

declare global {
  /** The code by which pages reach the gates of their test. */
  var gates: Map<string, Gates> | undefined;
}

let tests = 0;

/** Creates gates and the code by which a page reaches them. */
function newGates(): { readonly gates: Gates; readonly inPage: string } {
  const key = String(tests++);
  const gates = new Gates();
  globalThis.gates ??= new Map();
  globalThis.gates.set(key, gates);
  return { gates, inPage: `<% const gates = globalThis.gates.get('${key}') %>` };
}

/** Reads a body piece by piece. */
function piecesOf(response: Response): () => Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  return async () => {
    const { value, done } = (await reader?.read()) ?? { done: true };
    return done || value === undefined ? '' : decoder.decode(value);
  };
}

/** All bytes of a response, until the connection closes. */
function raw(site: TestSite, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(site.url).port), '127.0.0.1', () => socket.write(request));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    socket.on('error', reject);
  });
}

const get = (path: string, method = 'GET') =>
  `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;

const errorsOf = (site: TestSite) => site.logged.filter(({ level }) => level === 'error');

test('flush() sends the output so far; the rest follows when the page has ended', async (t) => {
  const { gates, inPage } = newGates();
  const site = await serveSite(t, {
    'index.pih': `${inPage}<h1>now</h1><% await RESPONSE.flush(); await gates.wait('more') %><p>later</p>`,
  });
  const response = await site.get('/');
  t.is(response.status, 200);
  t.is(response.headers.get('content-type'), 'text/html; charset=utf-8');
  t.is(response.headers.get('content-length'), null);
  const next = piecesOf(response);
  t.is(await next(), '<h1>now</h1>');
  gates.open('more');
  t.is(await next(), '<p>later</p>');
  t.is(await next(), '');
  t.is(site.requests.length, 1);
  t.regex(site.requests[0] ?? '', /\[200\] GET \//);
});

test('a page may flush many times, in loops and in functions of its own', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% const row = async (n: number) => { %><li><%= n %></li><% await RESPONSE.flush() } %>
<ul><% for (const n of [1, 2, 3]) { await row(n) } %></ul><%= (await row(4)) ?? 'end' %>`,
  });
  t.is(await site.text('/'), '\n<ul><li>1</li><li>2</li><li>3</li></ul><li>4</li>end');
});

test('flush() inside an output sends the text before it, once', async (t) => {
  const site = await serveSite(t, { 'index.pih': `a<%= (await RESPONSE.flush()) ?? 'b' %>c` });
  t.is(await site.text('/'), 'abc');
});

test('an exception behind a flush() takes back the tag that it leaves open, and not the sent text', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `a<% try { %>b<% await RESPONSE.flush() %><i title="<% throw 1 %>"><% } catch {} %>c`,
  });
  t.is(await site.text('/'), 'abc');
});

test('a synchronous page may flush without awaiting it', async (t) => {
  const site = await serveSite(t, { 'index.pih': 'a<% RESPONSE.flush() %>b<% RESPONSE.flush() %>c' });
  const response = await site.get('/');
  t.is(response.headers.get('content-length'), null);
  t.is(await response.text(), 'abc');
});

test('a page may end by return after flush()', async (t) => {
  const site = await serveSite(t, { 'index.pih': 'a<% await RESPONSE.flush() %>b<% if (true) return %>c' });
  t.is(await site.text('/'), 'ab');
});

test('flush() in an included page sends first the output of the pages around it', async (t) => {
  const { gates, inPage } = newGates();
  const site = await serveSite(t, {
    'index.pih': `1<% await Include('_middle.pih') %>5`,
    '_middle.pih': `2<% await Include('_inner.pih') %>4`,
    '_inner.pih': `${inPage}3<% await RESPONSE.flush(); await gates.wait('more') %>+`,
  });
  const next = piecesOf(await site.get('/'));
  t.is(await next(), '123');
  gates.open('more');
  t.is(await next(), '+45');
});

test('status, headers and cookies set before flush() are sent', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% RESPONSE.status = 202; RESPONSE.headers.set('X-A', '1'); RESPONSE.setCookie('c', 'd');
RESPONSE.headers.set('Content-Type', 'text/plain'); await RESPONSE.flush() %>text`,
  });
  const response = await site.get('/');
  t.is(response.status, 202);
  t.is(response.headers.get('x-a'), '1');
  t.is(response.headers.get('content-type'), 'text/plain');
  t.is(response.headers.get('x-content-type-options'), 'nosniff');
  t.regex(response.headers.get('set-cookie') ?? '', /^c=d/);
  t.is(await response.text(), 'text');
});

for (const late of [
  'RESPONSE.status = 404',
  "RESPONSE.headers.set('X-A', '1')",
  "RESPONSE.setCookie('a', 'b')",
  "RESPONSE.deleteCookie('a')",
  "RESPONSE.send('other')",
  "redirect('/elsewhere')",
  "Layout('_layout.pih')",
]) {
  test(`after flush() it is too late for ${late}`, async (t) => {
    const site = await serveSite(t, {
      'index.pih': `a<% await RESPONSE.flush(); try { ${late} } catch (error) { %><%= error.code %><% } %>`,
      '_layout.pih': '<%= CONTENT %>',
    });
    t.is(await site.text('/'), 'aresponse-begun');
  });
}

for (const [where, files] of [
  [
    'under a Layout',
    { 'index.pih': `<% Layout('_layout.pih'); await RESPONSE.flush() %>`, '_layout.pih': '<%= CONTENT %>' },
  ],
  [
    'in a layout',
    {
      'index.pih': `<% Layout('_layout.pih') %>`,
      '_layout.pih': '<% await RESPONSE.flush() %><%= CONTENT %>',
    },
  ],
  [
    'in a page that one with a Layout includes',
    {
      'index.pih': `<% Layout('_layout.pih'); await Include('_part.pih') %>`,
      '_part.pih': 'a<% await RESPONSE.flush() %>',
      '_layout.pih': '<%= CONTENT %>',
    },
  ],
  [
    'inside Section() or the children of an Include()',
    { 'index.pih': `<% Section('a', () => { %>b<% RESPONSE.flush() }) %>` },
  ],
  [
    'inside an asynchronous Section()',
    { 'index.pih': `<% await Section('a', async () => { %>b<% await RESPONSE.flush() }) %>` },
  ],
  ['after RESPONSE.send()', { 'index.pih': `<% RESPONSE.send('a'); await RESPONSE.flush() %>` }],
] as const) {
  test(`flush() ${where} is an error, told before anything is sent`, async (t) => {
    const site = await serveSite(t, files);
    const response = await site.get('/');
    t.is(response.status, 500);
    t.regex(await response.text(), /RESPONSE\.flush\(\) cannot be used/);
    t.is(errorsOf(site).length, 1);
    t.like(errorsOf(site)[0]?.cause, { code: 'flush-not-here' });
  });
}

test('flush() in an error page is an error: the plain page is sent', async (t) => {
  const site = await serveSite(
    t,
    { '404.pih': 'own<% await RESPONSE.flush() %>' },
    { error_pages: { 404: '404.pih' } },
  );
  const response = await site.get('/nowhere');
  t.is(response.status, 404);
  t.notRegex(await response.text(), /own/);
  t.regex(errorsOf(site)[0]?.message ?? '', /404\.pih/);
});

test('an error after flush() cuts the response off visibly and is logged once', async (t) => {
  const site = await serveSite(t, { 'index.pih': `a<% await RESPONSE.flush(); throw new Error('late') %>b` });
  const answer = await raw(site, get('/'));
  t.regex(answer, /^HTTP\/1\.1 200 OK\r\n/);
  t.true(answer.endsWith('\r\n1\r\na\r\n'), 'neither more of the page nor the end of the chunks');
  t.deepEqual(
    errorsOf(site).map(({ cause }) => String(cause)),
    ['Error: late'],
  );
  t.is(site.requests.length, 1);
  const response = await site.get('/');
  await t.throwsAsync(response.text());
});

test('HttpError after flush() cuts the response off as well', async (t) => {
  const site = await serveSite(t, { 'index.pih': 'a<% await RESPONSE.flush(); throw HttpError(404) %>' });
  const response = await site.get('/');
  t.is(response.status, 200);
  await t.throwsAsync(response.text());
  t.is(errorsOf(site).length, 1);
});

test('an error before flush() is an ordinary error page', async (t) => {
  const site = await serveSite(t, {
    'index.pih': 'a<% if (_x) throw new Error("early"); await RESPONSE.flush() %>',
  });
  const response = await site.get('/?x=1');
  t.is(response.status, 500);
  t.is(await site.text('/'), 'a');
});

test('HEAD runs the page and gets the headers alone', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% RESPONSE.headers.set('X-A', '1') %>a<% await RESPONSE.flush() %>b`,
  });
  const answer = await raw(site, get('/', 'HEAD'));
  t.regex(answer, /^HTTP\/1\.1 200 OK\r\n/);
  t.regex(answer, /x-a: 1/i);
  t.true(answer.endsWith('\r\n\r\n'));
  t.notRegex(answer, /content-length/i);
});

test('backpressure: flush() waits until the client has taken the sent output', async (t) => {
  const { gates, inPage } = newGates();
  const site = await serveSite(t, {
    'index.pih': `${inPage}<% let n = 0; const block = 'x'.repeat(1 << 20); gates.written = () => n;
while (n < 64) { print(block); const flushed = RESPONSE.flush(); gates.open('started'); await flushed; n++ } gates.open('all') %>`,
  });
  const socket = connect(Number(new URL(site.url).port), '127.0.0.1');
  t.teardown(() => socket.destroy());
  socket.pause();
  socket.write(get('/'));
  let isAll = false;
  void gates.wait('all').then(() => {
    isAll = true;
  });
  await gates.wait('started');
  // A second request is answered while the first one waits.
  await site.get('/missing');
  t.false(isAll, 'the page has not run through 64 MB that nobody reads');
  let length = 0;
  socket.on('data', (chunk) => {
    length += chunk.length;
  });
  socket.resume();
  await new Promise((closed) => socket.once('close', closed));
  t.true(isAll);
  t.true(length > 64 << 20);
});

test('REQUEST.signal stops a page that awaits when its client leaves', async (t) => {
  const { gates, inPage } = newGates();
  const site = await serveSite(t, {
    'index.pih': `${inPage}<% REQUEST.signal.addEventListener('abort', () => gates.open('left')); gates.open('runs');
await new Promise((_, reject) => REQUEST.signal.addEventListener('abort', () => reject(REQUEST.signal.reason)));
gates.open('went on') %>`,
  });
  const client = new AbortController();
  const asked = t.throwsAsync(site.get('/', { signal: client.signal }), { any: true });
  await gates.wait('runs');
  client.abort();
  await asked;
  await gates.wait('left');
  await t.notThrowsAsync(logged(site, 1));
  t.deepEqual(site.logged, []);
  t.regex(site.requests[0] ?? '', /\[499\]/);
});

/** The response to a client that closes its sending half after its request, as a closed tab does, too. */
async function heardHalfOpen(site: TestSite, path: string, running?: Promise<unknown>): Promise<string> {
  const socket = connect({ port: Number(new URL(site.url).port), host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
  });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  await running;
  socket.end();
  await once(socket, 'close');
  return text;
}

test('a client that closes its sending half has left: a page that awaits is aborted, not answered', async (t) => {
  const { gates, inPage } = newGates();
  const site = await serveSite(t, {
    'waits.pih': `${inPage}<% gates.open('runs');
await new Promise((left) => REQUEST.signal.addEventListener('abort', left)); gates.open('left') %>late`,
    'once.pih': 'at once',
  });
  t.is(await heardHalfOpen(site, '/waits', gates.wait('runs')), '');
  await gates.wait('left');
  await logged(site, 1);
  t.regex(site.requests[0] ?? '', /\[499\]/);
  t.is(await site.text('/once'), 'at once');
  t.regex(await heardHalfOpen(site, '/once'), /^HTTP\/1\.1 200 .*\r\n\r\nat once$/s);
});

/** Waits for a line of the request log. */
async function logged(site: TestSite, lines: number): Promise<void> {
  while (site.requests.length < lines) await new Promise((resolve) => setImmediate(resolve));
}

test('a page is not begun for a client that has left while it was loaded', async (t) => {
  const { gates } = newGates();
  globalThis.gates?.set('loading', gates);
  const site = await serveSite(t, {
    'index.pih': `<% import './_slow.ts'; globalThis.gates.get('loading').hasRun = true %>`,
    '_slow.ts': `const gates = globalThis.gates.get('loading'); gates.open('loads'); await gates.wait('loaded');`,
  });
  const socket = connect(Number(new URL(site.url).port), '127.0.0.1');
  socket.write(get('/'));
  await gates.wait('loads');
  const gone = new Promise((closed) => socket.once('close', closed));
  socket.destroy();
  await gone;
  // A response to a later request shows that the server knows of the disconnection.
  await site.get('/nowhere');
  gates.open('loaded');
  await logged(site, 2);
  t.false('hasRun' in gates);
  t.regex(site.requests[1] ?? '', /\[499\] GET/);
  t.deepEqual(site.logged, []);
});

test('flush() ends a page whose client has left, without an error in the log', async (t) => {
  const { gates, inPage } = newGates();
  const site = await serveSite(t, {
    'index.pih': `${inPage}a<% await RESPONSE.flush(); await new Promise((left) => REQUEST.signal.addEventListener('abort', left));
try { await RESPONSE.flush() } finally { gates.open('ended') } gates.wentOn = true %>`,
  });
  const client = new AbortController();
  const response = await site.get('/', { signal: client.signal });
  t.is(await piecesOf(response)(), 'a');
  client.abort();
  await gates.wait('ended');
  await logged(site, 1);
  t.false('wentOn' in gates);
  t.deepEqual(site.logged, []);
  t.regex(site.requests[0] ?? '', /\[499\]/);
});

test('a client that leaves while it should take more ends the page', async (t) => {
  const { gates, inPage } = newGates();
  const site = await serveSite(t, {
    'index.pih': `${inPage}<% try { for (;;) { print('x'.repeat(1 << 20)); gates.open('started'); await RESPONSE.flush() } } finally { gates.open('ended') } %>`,
  });
  const socket = connect(Number(new URL(site.url).port), '127.0.0.1');
  socket.pause();
  socket.write(get('/'));
  await gates.wait('started');
  socket.destroy();
  await gates.wait('ended');
  await logged(site, 1);
  t.deepEqual(site.logged, []);
});

for (const persistent_session of [false, true]) {
  const store = persistent_session ? 'json' : 'memory';

  test(`${store}: the session is written before the first piece is sent, and its lock released`, async (t) => {
    const { gates, inPage } = newGates();
    const site = await serveSite(
      t,
      {
        'stream.pih': `${inPage}<% const s = Session(); s.a = 1 %>a<% await RESPONSE.flush(); await gates.wait('more'); s.b = s.get('other', 0) %>b`,
        'other.pih': `<% const s = Session(); s.other = 2; s.c = 3 %><%= s.get('a') %>`,
        'show.pih': `<%= JSON.stringify({ ...Session() }) %>`,
      },
      { persistent_session },
    );
    const visitor = new Visitor(site.url);
    const streamed = await visitor.get('/stream');
    t.is(visitor.cookies.size, 1, 'the first cookie comes with the first piece');
    t.is(streamed.headers.get('cache-control'), 'private, no-store');
    t.is(await visitor.text('/other'), '1');
    gates.open('more');
    t.is(await streamed.text(), 'ab');
    const kept = JSON.parse((await visitor.text('/show')).replaceAll('&quot;', '"').replaceAll('&#34;', '"'));
    t.like(kept, { a: 1, other: 2, c: 3 });
    t.deepEqual(errorsOf(site), []);
  });

  test(`${store}: close() after flush() is an error`, async (t) => {
    const site = await serveSite(
      t,
      {
        'index.pih': `<% const s = Session() %>a<% await RESPONSE.flush(); try { s.close() } catch (error) { %><%= error.code %><% } %>`,
        'late.pih': `a<% await RESPONSE.flush(); Session() %>b`,
      },
      { persistent_session },
    );
    t.is(await site.text('/'), 'asession-response-begun');
    const late = await site.get('/late');
    await t.throwsAsync(late.text(), undefined, 'a first session cookie cannot be sent any more');
    t.like(errorsOf(site)[0]?.cause, { code: 'session-response-begun' });
  });
}

test('a session that cannot be written at flush() is an error page, not a page that pretends', async (t) => {
  const site = await serveSite(
    t,
    {
      'index.pih': `<% const s = Session(); s.a = () => 1 %>a<% try { await RESPONSE.flush() } catch {} %>b`,
    },
    { persistent_session: true },
  );
  const response = await site.get('/');
  t.is(response.status, 500);
  t.like(errorsOf(site)[0]?.cause, { code: 'session-value-unstorable' });
});

test('a page included by a computed path can begin no session after flush()', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `a<% await RESPONSE.flush(); try { await Include('_' + 'part.pih') } catch (error) { %><%= error.code %><% } %>`,
    '_part.pih': '<% Session() %>',
  });
  t.is(await site.text('/'), 'asession-response-begun');
});

test('send() takes an async generator and sends it piece by piece', async (t) => {
  const { gates, inPage } = newGates();
  const site = await serveSite(t, {
    'csv.pih': `${inPage}<% RESPONSE.headers.set('Content-Type', 'text/csv');
RESPONSE.send((async function* () { yield 'a,b\\n'; await gates.wait('more'); yield 'c,d\\n' })()) %>`,
  });
  const response = await site.get('/csv');
  t.is(response.headers.get('content-type'), 'text/csv');
  const next = piecesOf(response);
  t.is(await next(), 'a,b\n');
  gates.open('more');
  t.is(await next(), 'c,d\n');
  t.is(await next(), '');
});

test('send() takes a ReadableStream; bytes of an unnamed kind are a download', async (t) => {
  const site = await serveSite(t, {
    'index.pih': '<% RESPONSE.send(new Blob(["abc"]).stream()) %>',
    'text.pih': '<% RESPONSE.send((async function* () { yield "<b>" })()) %>',
    'none.pih': '<% RESPONSE.send((async function* () {})()) %>',
  });
  const bytes = await site.get('/');
  t.is(bytes.headers.get('content-type'), 'application/octet-stream');
  t.is(await bytes.text(), 'abc');
  t.is((await site.get('/text')).headers.get('content-type'), 'text/plain; charset=utf-8');
  t.is(await site.text('/none'), '');
});

test('an error of a streamed body is an error page before the first piece and cuts it off after', async (t) => {
  const site = await serveSite(t, {
    'early.pih': '<% RESPONSE.send((async function* () { throw new Error("early") })()) %>',
    'late.pih': '<% RESPONSE.send((async function* () { yield "a"; throw new Error("late") })()) %>',
    'wrong.pih': '<% RESPONSE.send((async function* () { yield 1 })()) %>',
  });
  t.is((await site.get('/early')).status, 500);
  const late = await site.get('/late');
  t.is(late.status, 200);
  await t.throwsAsync(late.text());
  t.is((await site.get('/wrong')).status, 500);
  t.deepEqual(errorsOf(site).length, 3);
  t.like(errorsOf(site)[2]?.cause, { code: 'response-body' });
});

test('a streamed body ends when its client leaves', async (t) => {
  const { gates, inPage } = newGates();
  const site = await serveSite(t, {
    'index.pih': `${inPage}<% RESPONSE.send(new ReadableStream({
  start(controller) { controller.enqueue('a') }, cancel() { gates.open('cancelled') } })) %>`,
  });
  const client = new AbortController();
  const response = await site.get('/', { signal: client.signal });
  t.is(await piecesOf(response)(), 'a');
  client.abort();
  await gates.wait('cancelled');
  await logged(site, 1);
  t.deepEqual(site.logged, []);
});

test('HEAD of a streamed body reads nothing of it', async (t) => {
  const { gates, inPage } = newGates();
  const site = await serveSite(t, {
    'index.pih': `${inPage}<% RESPONSE.send(new ReadableStream({
  pull() { throw new Error('read') }, cancel() { gates.open('cancelled') } }, { highWaterMark: 0 })) %>`,
  });
  const response = await site.get('/', { method: 'HEAD' });
  t.is(response.status, 200);
  await gates.wait('cancelled');
  t.deepEqual(errorsOf(site), []);
});
