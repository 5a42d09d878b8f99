// Guarded files and addresses without a page (docs/guards.md): headers, conditions, redirects, error pages, and a session that
// no download holds.

import { request } from 'node:http';
import test from 'ava';
import { openSite } from '../adapters/site.ts';
import { ask, requestOf } from '../fuzz/raw-http.ts';
import { serveSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';

const OPEN = "<% RESPONSE.headers.set('X-Guard', 'ran'); RESPONSE.setCookie('seen', '1'); %>";

test('a guarded file is private and asked for again; ranges, 304 and HEAD come after the guard', async (t) => {
  const site = await serveSite(
    t,
    { 'in/_before.pih': OPEN, 'in/ten.txt': '0123456789', 'out.txt': 'out', 'in/sub/index.pih': 'sub' },
    {
      headers: { 'Cache-Control': 'public, max-age=60', Vary: 'Accept' },
      static: {
        headers: [{ source: '**', headers: [{ key: 'Cache-Control', value: 'public, max-age=99' }] }],
      },
    },
  );
  const whole = await site.get('/in/ten.txt');
  const etag = whole.headers.get('etag') ?? '';
  t.is(await whole.text(), '0123456789');
  const conditions: readonly (readonly [Record<string, string>, number, string])[] = [
    [{}, 200, '0123456789'],
    [{ range: 'bytes=2-4' }, 206, '234'],
    [{ range: 'bytes=20-' }, 416, ''],
    [{ 'if-none-match': etag }, 304, ''],
    [{ 'if-match': '"x"' }, 412, ''],
  ];
  for (const [headers, status, body] of conditions) {
    const response = await site.get('/in/ten.txt', { headers });
    t.is(response.status, status);
    t.is(await response.text(), body);
    t.is(response.headers.get('cache-control'), 'private, no-cache', String(status));
    t.is(response.headers.get('vary'), 'Accept, Cookie', String(status));
    t.is(response.headers.get('x-guard'), 'ran', String(status));
    t.regex(response.headers.get('set-cookie') ?? '', /^seen=1/, String(status));
  }
  const head = await site.get('/in/ten.txt', { method: 'HEAD' });
  t.is(head.headers.get('content-length'), '10');
  t.is(head.headers.get('cache-control'), 'private, no-cache');
  t.is((await site.get('/in/ten.txt', { method: 'POST' })).status, 405);
  t.is((await site.get('/in/ten.txt', { method: 'OPTIONS' })).headers.get('allow'), 'GET, HEAD, OPTIONS');
  const folder = await site.get('/in/sub?a=1');
  t.is(folder.status, 308);
  t.is(folder.headers.get('location'), '/in/sub/?a=1');
  t.is(folder.headers.get('x-guard'), 'ran');
  t.is((await site.get('/out.txt')).headers.get('cache-control'), 'public, max-age=99');
});

test('a guard may say itself how its files are cached', async (t) => {
  const site = await serveSite(t, {
    '_before.pih':
      "<% RESPONSE.headers.set('Cache-Control', 'private, max-age=5'); RESPONSE.headers.set('Content-Length', '1'); %>",
    'a.txt': 'text',
  });
  const response = await site.get('/a.txt');
  t.is(response.headers.get('cache-control'), 'private, max-age=5');
  t.is(await response.text(), 'text');
});

test('the session of a guard is written and its cookie sent, with a file, a redirect and a 404', async (t) => {
  const site = await serveSite(t, {
    '_before.pih': "<% const s = Session(); s.set('n', s.get('n', 0) + 1); %>",
    'file.txt': 'text',
    'sub/index.pih': 'sub',
    'count.pih': "<%= Session().get('n') %>",
  });
  for (const path of ['/file.txt', '/sub', '/none', '/file.txt?x']) {
    const ann = new Visitor(site.url);
    await ann.get(path);
    t.is(ann.cookies.size, 1, path);
    t.is(await ann.text('/count'), '2', path);
  }
});

test('a download does not hold the session', async (t) => {
  const site = await serveSite(t, {
    '_before.pih': "<% const s = Session(); s.set('n', s.get('n', 0) + 1); %>",
    'big.bin': 'x'.repeat(30_000_000),
    'count.pih': "<% await 1; %><%= Session().get('n') %>",
  });
  const ann = new Visitor(site.url);
  await ann.get('/count');
  const cookie = [...ann.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  // A client that takes the head and no more of the body.
  const download = request(`${site.url}/big.bin`, { headers: { cookie } });
  const head = new Promise<number | undefined>((resolve) =>
    download.on('response', ({ statusCode }) => resolve(statusCode)),
  );
  download.on('error', () => undefined).end();
  t.is(await head, 200);
  t.is(await ann.text('/count'), '3');
  download.destroy();
});

test('an error page sees the LOCALS that were set until the error', async (t) => {
  const site = await serveSite(
    t,
    {
      '_before.pih': "<% LOCALS.user = 'ann'; if (_stop) throw HttpError(403); LOCALS.late = 'late'; %>",
      'a/_before.pih': "<% LOCALS.inner = 'inner'; %>",
      'a/fails.pih': '<% throw HttpError(403); %>',
      'error.pih': '<%= Object.keys(LOCALS).join() %>',
    },
    { error_pages: { 403: 'error.pih', 404: 'error.pih' } },
  );
  t.is(await site.text('/a/fails?stop=1'), 'user');
  t.is(await site.text('/a/fails'), 'user,late,inner');
  t.is(await site.text('/a/none'), 'user,late,inner');
  t.is(await site.text('/none'), 'user,late');
});

test('LOCALS of a request are those of no other, and have no names of their own', async (t) => {
  const site = await serveSite(t, {
    '_before.pih': "<% if (_set) LOCALS[_set] = 'set'; await 1; %>",
    'index.pih': "<%= 'constructor' in LOCALS %> <%= Object.keys(LOCALS).join() %>",
    'alone/index.pih': '<% LOCALS.x = 1; Include("/_part.pih") %>',
    '_part.pih': '<%= LOCALS.x %>',
  });
  t.deepEqual(await Promise.all([site.text('/?set=a'), site.text('/?set=__proto__'), site.text('/')]), [
    'false a',
    'false __proto__',
    'false ',
  ]);
  t.is(await site.text('/alone/'), '1');
});

test('the fields of a POST are there in a guard, and a page that cannot be loaded is told after the guard', async (t) => {
  const site = await serveSite(t, {
    'in/_before.pih': "<% if (_key !== 'k') throw HttpError(403); %>",
    'in/index.pih': 'in <%= _key %>',
    'in/broken.pih': '<% if ( %>',
    'in/file.txt': 'file',
  });
  const post = (path: string, body: string) =>
    site.get(path, { method: 'POST', body: new URLSearchParams(body) });
  t.is(await (await post('/in/', 'key=k')).text(), 'in k');
  t.is((await post('/in/', 'key=x')).status, 403);
  t.is((await post('/in/broken', 'key=x')).status, 403);
  t.is((await post('/in/broken', 'key=k')).status, 500);
  t.is((await post('/in/file.txt', 'key=x')).status, 403);
  t.is((await post('/in/file.txt', 'key=k')).status, 405);
  t.is((await post('/in/none', 'key=x')).status, 403);
  t.is((await post('/in/none', 'key=k')).status, 404);
});

test('guards and page have one time limit, and the log names the one that took too long', async (t) => {
  const site = await serveSite(
    t,
    {
      '_before.pih': '<% await new Promise((done) => REQUEST.signal.addEventListener("abort", done)); %>',
      'index.pih': 'SECRET',
      'file.txt': 'SECRET',
    },
    { limits: { page_timeout: 1 }, debug: false },
  );
  const [page, file] = await Promise.all([site.get('/'), site.get('/file.txt')]);
  t.deepEqual([page.status, file.status], [503, 503]);
  t.false((await page.text()).includes('SECRET'));
  t.true(site.logged.some(({ cause }) => cause instanceof Error && cause.message.includes('_before.pih')));
});

test('app.render runs the guards of the page, unless before is false', async (t) => {
  const { app } = await openSite(t, {
    '_before.pih':
      "<% LOCALS.who = Session().get('user', 'nobody'); if (_go === 'away') redirect('/login'); if (_go === 'send') RESPONSE.send('sent'); %>",
    'index.pih': 'for <%= LOCALS.who %>',
    '_mails/_before.pih': "<% LOCALS.who += ' by mail'; await 1; %>",
    '_mails/hello.pih': 'for <%= LOCALS.who %>',
  });
  t.is(await app.render('/', { session: { user: 'ann' } }), 'for ann');
  t.is(await app.render('/', { before: false }), 'for ');
  t.is(await app.render('/_mails/hello.pih'), 'for nobody by mail');
  t.is(await app.render('/_mails/hello.pih', { before: false }), 'for ');
  t.is(await app.render('/?go=send'), 'sent');
  await t.throwsAsync(app.render('/?go=away'), { name: 'Redirect' });
});

test('a mounted site passes on a request that its guards let pass, with their headers and an unread body', async (t) => {
  const { app } = await openSite(
    t,
    {
      'in/_before.pih':
        "<% if (QUERY.stop) redirect('/login'); RESPONSE.setCookie('seen', '1'); Session().n = 1; %>",
      'in/index.pih': 'in',
    },
    { debug: false },
  );
  const { createServer } = await import('node:http');
  const server = createServer((req, res) =>
    app.handler(req, res, () => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk) => chunks.push(chunk)).on('end', () => res.end(`next ${Buffer.concat(chunks)}`));
    }),
  ).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  t.teardown(() => server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const body = 'a=1';
  const passed = await ask(url, requestOf('POST', '/in/api', [], body));
  t.is(passed.body, 'next a=1');
  t.true(passed.headers.has('set-cookie'));
  const stopped = await ask(url, requestOf('GET', '/in/api?stop=1'));
  t.is(stopped.status, 303);
  t.is((await ask(url, requestOf('GET', '/elsewhere'))).body, 'next ');
});

test('after the time limit of a guard neither inner guards nor the page run', async (t) => {
  const ran: string[] = [];
  let release = (): void => undefined;
  Object.assign(globalThis, { ran_late: ran, late_guard: new Promise<void>((go) => (release = go)) });
  const note = (what: string) =>
    `(globalThis as unknown as { ran_late: string[] }).ran_late.push('${what}');`;
  const site = await serveSite(
    t,
    {
      '_before.pih': `<% await (globalThis as unknown as { late_guard: Promise<void> }).late_guard; ${note('outer')} %>`,
      'in/_before.pih': `<% ${note('inner')} %>`,
      'in/index.pih': `<% ${note('page')} %>`,
      'in/file.txt': 'a file',
    },
    { limits: { page_timeout: 1 }, debug: false },
  );
  const answers = await Promise.all([site.get('/in/', { method: 'POST' }), site.get('/in/file.txt')]);
  t.deepEqual(
    answers.map(({ status }) => status),
    [503, 503],
  );
  release();
  while (ran.length < 2) await new Promise((resolve) => setImmediate(resolve));
  await site.get('/nothing', { method: 'HEAD' });
  t.deepEqual(ran, ['outer', 'outer', 'outer']);
});
