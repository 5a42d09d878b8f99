// The site's own error pages (`error_pages`).

import { rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { ownStore } from '../session/stores/own-stores.ts';
import { serveSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';

const HTML = { headers: { accept: 'text/html' } };

test('error_pages run with the status, the request and the session of the request', async (t) => {
  const site = await serveSite(
    t,
    {
      'index.pih': '<% const s = Session(); s.name = "Jean" %>hello',
      '_404.pih':
        '<% const s = Session() %>No <%= REQUEST.path %>, <%= s.get("name", "stranger") %>: <%= RESPONSE.status %>',
      'teapot.pih': '<% RESPONSE.setCookie("a", "b"); throw HttpError(418) %>',
      '418.html': '<h1>Tea</h1>',
    },
    { debug: false, error_pages: { 404: '_404.pih', 418: '418.html' } },
  );
  const cookie = (await site.get('/')).headers.get('set-cookie')?.split(';')[0] ?? '';
  const missing = await site.get('/missing', { headers: { cookie } });
  t.is(missing.status, 404);
  t.is(missing.headers.get('content-type'), 'text/html; charset=utf-8');
  t.is(missing.headers.get('cache-control'), 'private, no-store');
  t.is(await missing.text(), 'No /missing, Jean: 404');
  const teapot = await site.get('/teapot', HTML);
  t.is(teapot.status, 418);
  t.is(await teapot.text(), '<h1>Tea</h1>');
  t.is(teapot.headers.get('set-cookie'), 'a=b; Path=/; HttpOnly; SameSite=Lax');
});

test('an error page that fails itself is replaced by a plain one, and logged', async (t) => {
  const site = await serveSite(
    t,
    { '_404.pih': '<% throw new Error("again") %>', 'broken.pih': '<% throw new Error("first") %>' },
    { debug: false, error_pages: { 404: '_404.pih' } },
  );
  const response = await site.get('/missing', HTML);
  t.is(response.status, 404);
  t.true((await response.text()).includes('<h1>404 Not Found</h1>'));
  t.true(site.logged[0]?.message.includes('_404.pih')); // error-page-failed
  const broken = await site.get('/broken', HTML);
  t.is(broken.status, 500);
  t.regex(await broken.text(), /Error id: <code>[0-9a-f]{12}/);
});

test('an error page keeps its status and may redirect', async (t) => {
  const site = await serveSite(
    t,
    { '_404.pih': '<% redirect("/") %>', '_500.pih': 'sorry', 'broken.pih': '<% throw new Error("x") %>' },
    { debug: false, error_pages: { 404: '_404.pih', 500: '_500.pih' } },
  );
  t.is((await site.get('/missing')).headers.get('location'), '/');
  const broken = await site.get('/broken');
  t.is(broken.status, 500);
  t.is(await broken.text(), 'sorry');
});

test('under debug the 404 page of the site also lists the tried files and the nearest page', async (t) => {
  const files = { '404.pih': '<html><body><h1>Lost</h1></body></html>', 'cart.pih': 'cart' };
  for (const debug of [true, false]) {
    const site = await serveSite(t, files, { debug, error_pages: { 404: '404.pih' } });
    const text = await site.text('/crat', HTML);
    t.true(text.includes('<h1>Lost</h1>'));
    t.is(text.includes('tried /crat.pih'), debug);
    t.is(text.includes('nearest page: /cart'), debug);
  }
});

/** Error pages for 503 that use the session that cannot be opened, and the text of the response. */
const ASKING: Readonly<Record<string, readonly [page: string, shown: RegExp]>> = {
  'asks for it': ['sorry, <%= Session().name %>', /^(?!sorry).*503/s],
  'looks at it': ['sorry, <%= Session({ read_only: true }).name %>', /^(?!sorry).*503/s],
  'may do without it': [
    '<% let who = "you"; try { who = Session().name } catch {} %>sorry, <%= who %>',
    /^sorry, you$/,
  ],
};

for (const [how, [page, shown]] of Object.entries(ASKING)) {
  for (const method of ['load', 'save']) {
    test(`a page for 503 that ${how} while the store is unavailable, and the log says just that: ${method}()`, async (t) => {
      const site = await serveSite(
        t,
        { 'index.pih': '<% Session().n = Math.random() %>hello', '_503.pih': page },
        {
          debug: false,
          error_pages: { 503: '_503.pih' },
          persistent_session: { store: ownStore('failing-store'), how: 'is away', method },
        },
      );
      const visitor = new Visitor(site.url);
      t.is(await visitor.text('/'), 'hello');
      await writeFile(join(dirname(site.folder), 'fails'), '');
      const away = await visitor.get('/');
      t.is(away.status, 503);
      t.is(away.headers.get('retry-after'), '2');
      t.regex(await away.text(), shown);
      t.deepEqual(
        site.logged.map(({ level, message }) => [level, message.includes('cannot be reached: gone fishing')]),
        [['warn', true]],
      );
    });
  }

  test(`a page for 503 that ${how} while another request has the lock, and the log says just that`, async (t) => {
    const hold = '<% Session().name = "Jean"; await new Promise((end) => REQUEST.signal.onabort = end) %>';
    const site = await serveSite(
      t,
      { 'index.pih': '<% Session().name = "Jean" %>hello', 'hold.pih': hold, '_503.pih': page },
      { debug: false, error_pages: { 503: '_503.pih' }, session: { lock_timeout: 0.1 } },
    );
    const visitor = new Visitor(site.url);
    await visitor.get('/');
    const leave = new AbortController();
    const held = visitor.get('/hold', { signal: leave.signal });
    let locked = await visitor.get('/');
    while (locked.status !== 503) locked = await visitor.get('/');
    t.regex(await locked.text(), shown);
    leave.abort();
    await t.throwsAsync(held, { any: true });
    t.deepEqual(
      site.logged.map(({ cause }) => cause instanceof Problem && cause.code),
      ['session-locked'],
    );
  });
}

test('a page runs however its ending is written; HTML in another encoding is sent byte for byte', async (t) => {
  const site = await serveSite(
    t,
    { '404.PIH': '<% const secret = 1 %>not here', '410.HTML': '', 'gone.pih': '<% throw HttpError(410) %>' },
    { debug: false, error_pages: { 404: '404.PIH', 410: '410.HTML' } },
  );
  const latin = Buffer.from('<meta charset="latin1">d\xe9j\xe0', 'latin1');
  await writeFile(join(site.folder, '410.HTML'), latin);
  t.is(await site.text('/missing', HTML), 'not here');
  const gone = await site.get('/gone', HTML);
  t.is(gone.headers.get('content-type'), 'text/html');
  t.deepEqual(Buffer.from(await gone.arrayBuffer()), latin);
});

for (const page of [
  '_x/e.ts',
  'e.json',
  '../karrigell.config.json',
  '../other/404.pih',
  '/etc/passwd.html',
  'a/../../b.html',
  '404.pih.bak',
])
  test(`config-wrong-value: error_pages cannot name ${page}`, async (t) => {
    const problem = await t.throwsAsync(serveSite(t, {}, { error_pages: { 404: page } }), {
      instanceOf: Problem,
    });
    t.is(problem.code, 'config-wrong-value');
    t.regex(problem.message, /error_pages\.404 is .*expected a page \(\.pih\) or a file of HTML/);
  });

test('error-page-file: a link that leads to another kind of file, or outside, is not sent', async (t) => {
  for (const target of ['_code.ts', '../outside.html']) {
    const site = await serveSite(
      t,
      { '_code.ts': 'export const secret = 1;', '404.html': 'not here', 'index.pih': '' },
      { debug: false, error_pages: { 404: '404.html' } },
    );
    await writeFile(join(site.folder, '../outside.html'), 'secret');
    await rm(join(site.folder, '404.html'));
    await symlink(target, join(site.folder, '404.html'));
    const text = await site.text('/missing', HTML);
    t.regex(text, /Not Found/i);
    t.notRegex(text, /secret/);
    const [logged] = site.logged;
    t.is(logged?.cause instanceof Problem && logged.cause.code, 'error-page-file');
  }
});
