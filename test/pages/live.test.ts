// A saved, added or removed page or module is live at the next request, without a restart (docs/configuration.md).

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { serveSite, type TestSite } from '../site-fixture.ts';

test('with debug, a request that starts after a save gets the new version, with and without the watcher', async (t) => {
  for (const watch of [true, false]) {
    const site = await serveSite(t, { 'index.pih': 'version 0' }, { debug: true, watch });
    for (let version = 1; version <= 20; version++) {
      await site.write('index.pih', `version ${version}`);
      t.true((await site.text('/')).startsWith(`version ${version}`));
    }
  }
});

test('a module that is saved is live, and so are its imports', async (t) => {
  const site = await serveSite(
    t,
    {
      'index.pih': '<% import { price } from "./_data/price.ts" %><%= price() %>',
      '_data/price.ts': 'import { rate } from "./rate.ts"; export const price = (): number => 10 * rate;',
      '_data/rate.ts': 'export const rate: number = 2;',
    },
    { debug: true },
  );
  t.is(await site.text('/'), '20');
  await site.write('_data/rate.ts', 'export const rate: number = 3;');
  t.is(await site.text('/'), '30');
  await site.write(
    '_data/price.ts',
    'import { rate } from "./rate.ts"; export const price = (): number => 100 * rate;',
  );
  t.is(await site.text('/'), '300');
});

test('an included page that is saved is live', async (t) => {
  const site = await serveSite(t, { 'index.pih': '<% Include("_p.pih") %>', '_p.pih': 'a' }, { debug: true });
  t.is(await site.text('/'), 'a');
  await site.write('_p.pih', 'b');
  t.is(await site.text('/'), 'b');
  await site.write('_p.pih', '<%= Session({ read_only: true }).get("x", "c") %>');
  t.is(await site.text('/'), 'c');
});

test('a page that is added is found, and a page that is removed is 404', async (t) => {
  const site = await serveSite(t, { 'index.pih': 'home' }, { debug: true });
  t.is((await site.get('/new')).status, 404);
  await site.write('new.pih', 'new');
  t.is(await site.text('/new'), 'new');
  await rm(join(site.folder, 'new.pih'));
  t.is((await site.get('/new')).status, 404);
});

test('a page that does not compile is mended by the next save', async (t) => {
  const site = await serveSite(t, { 'index.pih': '<% if ( %>' }, { debug: true });
  t.is((await site.get('/')).status, 500);
  await site.write('index.pih', 'fine');
  t.is(await site.text('/'), 'fine');
});

/** Requests again until the watcher has reported, or the test's time is over. */
async function until(site: TestSite, path: string, wanted: string): Promise<string> {
  for (;;) {
    const text = await site.text(path);
    if (text === wanted) return text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('without debug, the watcher brings new versions, new pages and removals', async (t) => {
  const site = await serveSite(
    t,
    { 'index.pih': '<% import { a } from "./_a.ts" %><%= a %>', '_a.ts': 'export const a = 1;' },
    { debug: false, watch: true },
  );
  t.is(await site.text('/'), '1');
  await site.write('_a.ts', 'export const a = 2;');
  t.is(await until(site, '/', '2'), '2');
  await site.write('index.pih', 'three');
  t.is(await until(site, '/', 'three'), 'three');
  await site.write('other.pih', 'other');
  t.is(await until(site, '/other', 'other'), 'other');
});

test('without debug, a version that does not compile never replaces the last good one, and the log says so', async (t) => {
  const site = await serveSite(t, { 'index.pih': 'good' }, { debug: false, watch: true });
  t.is(await site.text('/'), 'good');
  await site.write('index.pih', '<% if ( %>');
  while (site.logged.length === 0) t.is(await site.text('/'), 'good');
  t.like(site.logged[0]?.cause, { code: 'unclosed-bracket' });
  t.is(await site.text('/'), 'good');
  await site.write('index.pih', 'better');
  t.is(await until(site, '/', 'better'), 'better');
});

test('the memory sessions of the visitors outlive a save', async (t) => {
  const site = await serveSite(
    t,
    { 'index.pih': '<% Session().a = 1 %>a', 'get.pih': '<%= Session().a %>' },
    { debug: true },
  );
  const cookie = ((await site.get('/')).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  await site.write('get.pih', 'now <%= Session().a %>');
  t.is(await site.text('/get', { headers: { cookie } }), 'now 1');
});

test('a module that anyone could fetch is a warning (module-served)', async (t) => {
  const site = await serveSite(t, {
    'index.pih': '<% import { a } from "./shared.js"; import { b } from "./_b.js" %><%= a + b %>',
    'shared.js': 'export const a = 1;',
    '_b.js': 'export const b = 1;',
  });
  t.is(await site.text('/'), '2');
  const findings = await site.app.pages.check();
  t.is(findings.length, 1);
  t.like(findings[0], { severity: 'warning', warning: { code: 'module-served', line: 1, column: 22 } });
});

test('with watch off, a reload of the configuration brings new versions, and nothing else does', async (t) => {
  const site = await serveSite(t, { 'index.pih': 'old' }, { debug: false, watch: false });
  t.is(await site.text('/'), 'old');
  await site.write('index.pih', 'new');
  t.is(await site.text('/'), 'old');
  await site.app.configure({ config: site.config, file: undefined });
  t.is(await site.text('/'), 'new');
});
