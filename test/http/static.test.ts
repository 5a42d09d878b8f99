// Static files over a socket, from a real folder with the real locator.

import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { NOTHING_HIDDEN } from '../../engine/pages/hidden-files.ts';
import { Locator } from '../../engine/pages/locator.ts';
import { type FakeOptions, type FakeSite, fakeSite } from './fake-site.ts';

const TIME = new Date('2026-01-02T03:04:05.678Z');
const CONTENT = '0123456789';

interface FileSite extends FakeSite {
  readonly root: string;
}

async function fileSite(t: ExecutionContext, options: FakeOptions = {}): Promise<FileSite> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-test-')));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const root = join(folder, 'site');
  await mkdir(root);
  await writeFile(join(root, 'ten.txt'), CONTENT);
  await utimes(join(root, 'ten.txt'), TIME, TIME);
  await writeFile(join(root, 'page.pih'), 'source');
  await writeFile(join(folder, 'outside.txt'), 'outside');
  const site = await fakeSite(t, { ...options, root, locator: new Locator(root, NOTHING_HIDDEN) });
  return Object.assign(site, { root });
}

const etag = async (site: FakeSite) => (await site.ask('/ten.txt')).headers.get('etag') ?? '';

test('a file has its type, length, validators and the safe headers', async (t) => {
  const site = await fileSite(t);
  const response = await site.ask('/ten.txt');
  t.is(response.status, 200);
  t.is(response.headers.get('content-type'), 'text/plain; charset=utf-8');
  t.is(response.headers.get('content-length'), '10');
  t.is(response.headers.get('last-modified'), 'Fri, 02 Jan 2026 03:04:05 GMT');
  t.is(response.headers.get('x-content-type-options'), 'nosniff');
  t.is(response.headers.get('accept-ranges'), 'bytes');
  t.is(response.headers.get('cache-control'), 'public, max-age=0');
  t.regex(response.headers.get('etag') ?? '', /^"a-[\w-]{16}"$/);
  t.is(await response.text(), CONTENT);
});

test('HEAD gives the same head and no body, other methods 405', async (t) => {
  const site = await fileSite(t);
  const head = await site.ask('/ten.txt', { method: 'HEAD' });
  t.is(head.headers.get('content-length'), '10');
  t.is(await head.text(), '');
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const response = await site.ask('/ten.txt', { method }); // static-method
    t.is(response.status, 405);
    t.is(response.headers.get('allow'), 'GET, HEAD, OPTIONS');
  }
});

/** Texts that Date.parse() accepts, but that are not HTTP dates. */
const NO_DATES = [
  '9999',
  '1',
  'foo 2099',
  '2099-01-01',
  '2099-01-01T00:00:00Z',
  'Fri, 02 Jan 2099 03:04:05',
  'Fri, 31 Feb 2099 03:04:05 GMT',
];
const OLD_FORMS = ['Friday, 02-Jan-26 03:04:05 GMT', 'Fri Jan  2 03:04:05 2026'];

test('conditions are answered in the order of RFC 9110', async (t) => {
  const site = await fileSite(t);
  const tag = await etag(site);
  const same = TIME.toUTCString();
  const before = new Date(TIME.getTime() - 5000).toUTCString();
  const cases: [Record<string, string>, number][] = [
    [{ 'if-none-match': tag }, 304],
    [{ 'if-none-match': `W/${tag}` }, 304],
    [{ 'if-none-match': `"other", ${tag}` }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-none-match': '"other"', 'if-modified-since': same }, 200],
    [{ 'if-modified-since': same }, 304],
    [{ 'if-modified-since': before }, 200],
    [{ 'if-modified-since': 'yesterday' }, 200],
    ...NO_DATES.map((date): [Record<string, string>, number] => [{ 'if-modified-since': date }, 200]),
    ...NO_DATES.map((date): [Record<string, string>, number] => [{ 'if-unmodified-since': date }, 200]),
    ...OLD_FORMS.map((date): [Record<string, string>, number] => [{ 'if-modified-since': date }, 304]),
    ...OLD_FORMS.map((date): [Record<string, string>, number] => [{ 'if-unmodified-since': date }, 200]),
    [{ 'if-match': tag }, 200],
    [{ 'if-match': '*' }, 200],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-match': `W/${tag}` }, 412],
    [{ 'if-unmodified-since': same }, 200],
    [{ 'if-unmodified-since': before }, 412],
    [{ 'if-match': '"other"', 'if-none-match': tag }, 412],
  ];
  for (const [headers, status] of cases) {
    const response = await site.ask('/ten.txt', { headers });
    t.is(response.status, status, JSON.stringify(headers));
    t.is(await response.text(), status === 200 ? CONTENT : '');
    if (status === 304) t.is(response.headers.get('etag'), tag);
  }
});

test('one range is honoured, several or nonsense get the whole file, past the end is 416', async (t) => {
  const site = await fileSite(t);
  const cases: [string, number, string, string | null][] = [
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=0-99', 206, CONTENT, 'bytes 0-9/10'],
    ['bytes=-99', 206, CONTENT, 'bytes 0-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=1-2,4-5', 200, CONTENT, null],
    ['bytes=4-2', 200, CONTENT, null],
    ['lines=1-2', 200, CONTENT, null],
    ['bytes=a-b', 200, CONTENT, null],
  ];
  for (const [range, status, body, contentRange] of cases) {
    const response = await site.ask('/ten.txt', { headers: { range } });
    t.is(response.status, status, range);
    t.is(response.headers.get('content-range'), contentRange, range);
    t.is(response.headers.get('content-length'), String(body.length), range);
    t.is(await response.text(), body, range);
  }
});

test('If-Range lets a range through only for the version it names', async (t) => {
  const site = await fileSite(t);
  const tag = await etag(site);
  const cases: [string, number][] = [
    [tag, 206],
    [`W/${tag}`, 200],
    ['"other"', 200],
    // The modification time was set after the file was written, so another version may have had the same time.
    [TIME.toUTCString(), 200],
  ];
  for (const [condition, status] of cases) {
    const response = await site.ask('/ten.txt', { headers: { range: 'bytes=0-1', 'if-range': condition } });
    t.is(response.status, status, condition);
  }
});

test('a date in If-Range counts where it is exactly the one that was sent', async (t) => {
  const site = await fileSite(t);
  // The file is written until both of its times are in the same second.
  for (let modified = 0, changed = 1; modified !== changed; ) {
    await writeFile(join(site.root, 'new.txt'), CONTENT);
    ({ mtimeMs: modified, ctimeMs: changed } = await stat(join(site.root, 'new.txt')));
  }
  const date = (await site.ask('/new.txt')).headers.get('last-modified') ?? '';
  for (const [condition, status] of [
    [date, 206],
    [new Date(date).toISOString(), 200],
    [new Date(Date.parse(date) - 1000).toUTCString(), 200],
  ] as const) {
    const response = await site.ask('/new.txt', { headers: { range: 'bytes=0-1', 'if-range': condition } });
    t.is(response.status, status, condition);
  }
});

test('a version with the size and the time of the one before it has a validator of its own', async (t) => {
  const site = await fileSite(t);
  const file = join(site.root, 'ten.txt');
  const changes: Record<string, () => Promise<void>> = {
    'written in place': () => writeFile(file, 'written in'),
    'put in its place': async () => {
      await writeFile(`${file}.new`, 'renamed it');
      await utimes(`${file}.new`, TIME, TIME);
      await rename(`${file}.new`, file);
    },
  };
  for (const [how, change] of Object.entries(changes)) {
    const old = await etag(site);
    const { ctimeMs } = await stat(file);
    do {
      await change();
      await utimes(file, TIME, TIME);
    } while ((await stat(file)).ctimeMs === ctimeMs);
    t.not(await etag(site), old, how);
    t.is((await site.ask('/ten.txt', { headers: { 'if-none-match': old } })).status, 200, how);
    const part = await site.ask('/ten.txt', { headers: { range: 'bytes=0-1', 'if-range': old } });
    t.is(part.status, 200, how);
    t.is((await part.text()).length, 10);
  }
});

test('links out of the root, to a source, FIFOs and folders are not there', async (t) => {
  const site = await fileSite(t);
  const { root } = site;
  await symlink('../outside.txt', join(root, 'outside.txt'));
  await symlink('..', join(root, 'up'));
  await symlink('page.pih', join(root, 'source.txt'));
  await mkdir(join(root, 'folder'));
  execFileSync('mkfifo', [join(root, 'fifo.txt')]);
  for (const path of [
    '/outside.txt',
    '/up/outside.txt',
    '/source.txt',
    '/fifo.txt',
    '/folder/',
    '/../outside.txt',
  ]) {
    const answer = await site.raw(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    t.regex(answer, /^HTTP\/1\.1 404 /, path);
    t.false(answer.includes('source'));
  }
});

test('a link inside the root and names with odd letters are served', async (t) => {
  const site = await fileSite(t);
  await symlink('ten.txt', join(site.root, 'link.txt'));
  await writeFile(join(site.root, 'é %20#?.txt'), 'odd');
  await writeFile(join(site.root, 'v1.4'), 'no type');
  await writeFile(join(site.root, 'empty.css'), '');
  t.is(await (await site.ask('/link.txt')).text(), CONTENT);
  t.is(await (await site.ask(`/${encodeURIComponent('é %20#?.txt')}`)).text(), 'odd');
  t.is((await site.ask('/v1.4')).headers.get('content-type'), 'application/octet-stream');
  t.is((await site.ask('/empty.css')).headers.get('content-length'), '0');
});

test('headers of the configuration reach the files that they name', async (t) => {
  const headers = [{ source: '**/*.txt', headers: [{ key: 'Cache-Control', value: 'max-age=9' }] }];
  const site = await fileSite(t, {
    config: { static: { headers, public: '/', rewrites: [{ source: '**', destination: '/page.pih' }] } },
  });
  const response = await site.ask('/ten.txt');
  t.is(response.headers.get('cache-control'), 'max-age=9');
  const again = await site.ask('/ten.txt', {
    headers: { 'if-none-match': response.headers.get('etag') ?? '' },
  });
  t.is(again.status, 304);
  t.is(again.headers.get('cache-control'), null);
  t.is(await response.text(), CONTENT);
});

const TYPES = {
  'a.avif': 'image/avif',
  'a.jxl': 'image/jxl',
  'a.heic': 'image/heic',
  'a.webp': 'image/webp',
  'a.cjs': 'application/node',
  'a.toml': 'application/toml',
  'a.js': 'text/javascript; charset=utf-8',
  'a.mjs': 'text/javascript; charset=utf-8',
  'a.css': 'text/css; charset=utf-8',
  'a.md': 'text/markdown; charset=utf-8',
  'a.JSON': 'application/json; charset=utf-8',
  'a.webmanifest': 'application/manifest+json; charset=utf-8',
  'a.svg': 'image/svg+xml',
  'a.wasm': 'application/wasm',
  'a.unheard-of': 'application/octet-stream',
  noending: 'application/octet-stream',
  '[a] ?.txt': 'text/plain; charset=utf-8',
  '.well-known/b.txt': 'text/plain; charset=utf-8',
} as const;

test('files have the types of today, and text types say that they are UTF-8', async (t) => {
  const site = await fileSite(t);
  await mkdir(join(site.root, '.well-known'));
  for (const [name, type] of Object.entries(TYPES)) {
    await writeFile(join(site.root, name), '');
    const response = await site.ask(`/${name.split('/').map(encodeURIComponent).join('/')}`);
    t.is(response.headers.get('content-type'), type, name);
  }
});

test('a type of the configuration goes before', async (t) => {
  const headers = [{ source: '**/*.md', headers: [{ key: 'content-type', value: 'text/x-own' }] }];
  const site = await fileSite(t, { config: { static: { headers } } });
  await writeFile(join(site.root, 'a.md'), '');
  t.is((await site.ask('/a.md')).headers.get('content-type'), 'text/x-own');
});

test('a file that does not exist goes to next()', async (t) => {
  const site = await fileSite(t, {
    mounted: (handler, request, response) => handler.handle(request, response, () => response.end('next')),
  });
  t.is(await (await site.ask('/none.txt')).text(), 'next');
});

test('a file that shrinks while it is sent breaks that response and nothing else', async (t) => {
  const site = await fileSite(t);
  const file = join(site.root, 'big.bin');
  await writeFile(file, new Uint8Array(30_000_000));
  const response = await site.ask('/big.bin');
  await truncate(file, 1000);
  await t.throwsAsync(response.arrayBuffer());
  t.is((await site.ask('/ten.txt')).status, 200);
});

const descriptors = process.platform === 'linux' ? test.serial : test.serial.skip; // counts /proc/self/fd

descriptors('1,000 revalidations and 200 aborted downloads leave no descriptor open', async (t) => {
  const site = await fileSite(t);
  await writeFile(join(site.root, 'big.bin'), new Uint8Array(5_000_000));
  const tag = await etag(site);
  for (let count = 0; count < 1000; count++) {
    const response = await site.ask('/ten.txt', { headers: { 'if-none-match': tag } });
    await response.arrayBuffer();
  }
  for (let count = 0; count < 200; count++) await abortedDownload(site.port);
  while (site.lines.length < 1201 || filesOpenBelow(site.root) > 0)
    await new Promise((resolve) => setImmediate(resolve));
  t.is(filesOpenBelow(site.root), 0);
  t.deepEqual(site.logged, []);
});

/** The number of open files of the process; sockets are not counted, because they come and go. */
function filesOpenBelow(root: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith(root)).length;
}

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}

test('clients that disconnect before the response begins cause no error', async (t) => {
  const site = await fileSite(t);
  await writeFile(join(site.root, 'big.bin'), new Uint8Array(5_000_000));
  for (let count = 0; count < 100; count++) {
    await new Promise<void>((resolve) => {
      const socket = connect(site.port, '127.0.0.1');
      socket.write('GET /big.bin HTTP/1.1\r\nHost: a\r\n\r\n', () => socket.resetAndDestroy());
      socket.once('close', () => resolve());
    });
  }
  t.is((await site.ask('/ten.txt')).status, 200);
  t.deepEqual(site.logged, []);
});

function abortedDownload(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /big.bin HTTP/1.1\r\nHost: a\r\n\r\n');
    socket.once('data', () => socket.destroy());
    socket.once('close', () => resolve());
  });
}
