// Requests of hostile and broken clients: each one gets a clear response, and the site keeps running.

import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import test, { type ExecutionContext } from 'ava';
import { DEFAULTS, type FakeSite, fakeSite } from './fake-site.ts';

const SMALL = {
  ...DEFAULTS.limits,
  body: 100,
  upload: 3000,
  fields: 3,
  field_name: 10,
  field_size: 20,
  files: 2,
};

async function smallSite(t: ExecutionContext): Promise<FakeSite> {
  return fakeSite(t, {
    pages: {
      '/form': ({ QUERY, FILES, REQUEST }) =>
        JSON.stringify({
          QUERY,
          files: Object.keys(FILES),
          body: REQUEST.body.byteLength,
          cookies: REQUEST.cookies,
        }),
    },
    config: { limits: SMALL, debug: true },
  });
}

async function refused(t: ExecutionContext, answer: Promise<Response>, status: number, says: RegExp) {
  const response = await answer;
  t.is(response.status, status);
  t.regex(await response.text(), says);
}

const post = (body: RequestInit['body'], headers: Record<string, string> = {}): RequestInit =>
  body === undefined ? { method: 'POST', headers } : { method: 'POST', body, headers };

/** A multipart body from its text. */
function multipart(parts: readonly string[], end = '--b--\r\n'): RequestInit {
  const body = parts.map((part) => `--b\r\n${part}\r\n`).join('') + end;
  return post(body, { 'content-type': 'multipart/form-data; boundary=b' });
}

const field = (name: string, value: string) =>
  `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
const file = (name: string, filename: string, content: string) =>
  `Content-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: text/plain\r\n\r\n${content}`;

test('a body that is too large is 413, announced or not', async (t) => {
  const site = await smallSite(t);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  await refused(t, site.ask('/form', post('a'.repeat(101), form)), 413, /larger than 100 bytes/); // body-too-large
  await refused(t, site.ask('/form', post('a'.repeat(101))), 413, /larger than 100 bytes/);
  const chunk = 'a'.repeat(0x60);
  const answer = await site.raw(
    `POST /form HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n60\r\n${chunk}\r\n60\r\n${chunk}\r\n0\r\n\r\n`,
  );
  t.regex(answer, /^HTTP\/1\.1 413 .*Connection: close/s);
  t.true(answer.includes('larger than 100 bytes'));
  t.is((await site.ask('/form')).status, 200);
});

test('the answer to a huge upload arrives while it is still being sent', async (t) => {
  const site = await smallSite(t);
  const huge = new Uint8Array(5_000_000);
  await refused(t, site.ask('/form', post(huge)), 413, /larger/);
  await refused(
    t,
    site.ask('/form', post(huge, { 'content-type': 'multipart/form-data; boundary=b' })),
    413,
    /larger/,
  ); // upload-too-large
});

test('an upload that grows too large without having announced it is 413', async (t) => {
  const site = await smallSite(t);
  const part = `--b\r\n${file('a', 'a', 'x'.repeat(5000))}`;
  const head =
    'POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked';
  const answer = await site.raw(`${head}\r\n\r\n${part.length.toString(16)}\r\n${part}\r\n0\r\n\r\n`);
  t.regex(answer, /^HTTP\/1\.1 413 /);
  t.true(answer.includes('larger than 3000 bytes'));
});

test('too many fields, names and values that are too long are 413, in the query, a form and multipart', async (t) => {
  const site = await smallSite(t);
  const long = 'n'.repeat(11);
  await refused(t, site.ask('/form?a&b&c&d'), 413, /more than 3 fields/); // too-many-fields
  await refused(t, site.ask(`/form?${long}=1`), 413, /name of more than 10/); // field-name-too-long
  await refused(t, site.ask(`/form?a=${'v'.repeat(21)}`), 413, /'a' has more than 20/); // field-too-large
  await refused(t, site.ask('/form', post(new URLSearchParams('a&b&c&d'))), 413, /more than 3 fields/);
  await refused(
    t,
    site.ask('/form', multipart('abcd'.split('').map((name) => field(name, '1')))),
    413,
    /more than 3/,
  );
  await refused(t, site.ask('/form', multipart([field(long, '1')])), 413, /name of more than 10/);
  await refused(t, site.ask('/form', multipart([file(long, 'a.txt', '1')])), 413, /name of more than 10/);
  await refused(t, site.ask('/form', multipart([field('a', 'v'.repeat(21))])), 413, /'a' has more than 20/);
});

test('too many files are 413, and file inputs that were left empty are none', async (t) => {
  const site = await smallSite(t);
  const three = [file('a', 'a', '1'), file('b', 'b', '1'), file('c', 'c', '1')];
  await refused(t, site.ask('/form', multipart(three)), 413, /more than 2 files/); // too-many-files
  const empty = [file('a', 'a', '1'), file('b', '', ''), file('c', '', '')];
  const response = await site.ask('/form', multipart(empty));
  t.deepEqual(JSON.parse(await response.text()).files, ['a']);
});

test('a multipart body that is cut off or has no boundary is 400', async (t) => {
  const site = await smallSite(t);
  await refused(t, site.ask('/form', multipart([field('a', '1')], '')), 400, /malformed or cut off/); // multipart-malformed
  await refused(t, site.ask('/form', multipart([file('a', 'a', '1')], '')), 400, /malformed or cut off/);
  await refused(
    t,
    site.ask('/form', multipart([], `--b\r\n${file('a', 'a', '1')}`)),
    400,
    /malformed or cut off/,
  );
  await refused(t, site.ask('/form', multipart([], '--b\r\nContent-Dis')), 400, /malformed or cut off/);
  await refused(t, site.ask('/form', multipart([], 'nothing')), 400, /malformed or cut off/);
  await refused(
    t,
    site.ask('/form', post('a', { 'content-type': 'multipart/form-data' })),
    400,
    /malformed or cut off/,
  );
  t.is((await site.ask('/form')).status, 200);
});

test('an encoded body is 415', async (t) => {
  const site = await smallSite(t);
  await refused(t, site.ask('/form', post('a', { 'content-encoding': 'gzip' })), 415, /encoded as 'gzip'/); // body-encoding
});

test('rubbish in cookies, percent-encodings and NUL are text like any other', async (t) => {
  const site = await smallSite(t);
  const cookies = await site.ask('/form', { headers: { cookie: ';;=;a;b=%zz;__proto__=x;c=%00' } });
  t.deepEqual(
    JSON.parse(await cookies.text()).cookies,
    JSON.parse('{"": "", "b": "%zz", "__proto__": "x", "c": "\\u0000"}'),
  );
  const query = await site.ask('/form?a=%zz&b=%ff&c=%00');
  t.deepEqual(JSON.parse(await query.text()).QUERY, { a: '%zz', b: '\ufffd', c: '\0' });
  t.is((await site.ask('/%zz')).status, 404);
  t.is((await site.ask('/%00')).status, 404);
});

test('a body of no known kind is raw, and json() of no JSON is 400', async (t) => {
  const site = await fakeSite(t, { pages: { '/json': ({ REQUEST }) => JSON.stringify(REQUEST.json()) } });
  t.is(await (await site.ask('/json', post('{"a":1}'))).text(), '{"a":1}');
  for (const body of ['', '{', '\xff']) t.is((await site.ask('/json', post(body))).status, 400);
});

test('a client that leaves in the middle of its body is logged as disconnected, and nothing else happens', async (t) => {
  for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=b']) {
    const site = await smallSite(t);
    const socket = connect(site.port, '127.0.0.1');
    socket.write(
      `POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: 90\r\n\r\n--b\r\n`,
    );
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.resetAndDestroy();
    await until(() => site.lines.length === 1);
    t.true(site.lines[0]?.includes('[499] POST /form'));
    t.deepEqual(site.logged, []);
    t.is((await site.ask('/form')).status, 200);
  }
});

test('a client that leaves in the middle of a page aborts REQUEST.signal, and the lock is released', async (t) => {
  let aborted = false;
  let begun: () => void = () => undefined;
  const rendering = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const site = await fakeSite(t, {
    pages: {
      '/long': {
        need: 'write',
        render: async ({ REQUEST }) => {
          begun();
          await new Promise((resolve) => REQUEST.signal.addEventListener('abort', resolve));
          aborted = REQUEST.signal.aborted;
          REQUEST.signal.throwIfAborted();
          return 'never';
        },
      },
    },
  });
  const socket = connect(site.port, '127.0.0.1');
  socket.write('GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await rendering;
  socket.destroy();
  await until(() => site.lines.length === 1);
  t.true(aborted);
  t.true(site.lines[0]?.includes('[499] GET /long'));
  t.deepEqual(site.sessionCalls.slice(-1), ['end']);
  t.deepEqual(site.logged, []);
});

test('an upload that is refused or cut off leaves no temporary file', async (t) => {
  const site = await fakeSite(t, {
    pages: { '/form': () => 'ok' },
    config: { limits: { ...DEFAULTS.limits, files: 1 } },
  });
  const before = uploadFolders();
  const big = 'x'.repeat(300_000);
  t.is((await site.ask('/form', multipart([file('a', 'a', big), file('b', 'b', '1')]))).status, 413);
  t.is(
    (await site.ask('/form', multipart([file('a', 'a', big)], `--b\r\n${file('b', '', big)}`))).status,
    400,
  );
  t.is((await site.ask('/form', multipart([file('a', 'a', big)]))).status, 200);
  await until(() => uploadFolders().every((name) => before.includes(name)));
  t.pass();
});

test('a client that leaves in the middle of an upload leaves no temporary file', async (t) => {
  const site = await fakeSite(t, { pages: { '/form': () => 'ok' } });
  const before = uploadFolders();
  const socket = connect(site.port, '127.0.0.1');
  const head =
    'POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000000\r\n\r\n';
  socket.write(`${head}--b\r\n${file('a', 'a', 'x'.repeat(900_000))}`);
  await until(() => uploadFolders().length > before.length);
  socket.destroy();
  await until(() => site.lines.length === 1 && uploadFolders().every((name) => before.includes(name)));
  t.true(site.lines[0]?.includes('[499]'));
  t.deepEqual(site.logged, []);
});

test('a huge header is 431, and the site keeps running', async (t) => {
  const site = await smallSite(t);
  const answer = await site.raw(
    `GET /form HTTP/1.1\r\nHost: localhost\r\nX-Pad: ${'x'.repeat(20_000)}\r\n\r\n`,
  );
  t.regex(answer, /^HTTP\/1\.1 431 /);
  t.is((await site.ask('/form')).status, 200);
});

function uploadFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('karrigell-upload-'));
}

/** Waits until a condition holds; ava's timeout ends a wait that is in vain. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
