// Saving files cannot break a site that is served without debug (docs/going-live.md): pages in, HTTP responses out,
// while files are saved.

import { rmSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';

const SERVED = { debug: false, watch: true } as const;

/**
 * Requests a page again until its response is the expected one. Every response before must be one of the allowed ones.
 */
async function until(
  t: ExecutionContext,
  site: TestSite,
  path: string,
  wanted: string,
  allowed: readonly string[] = [],
): Promise<void> {
  for (;;) {
    const response = await site.get(path);
    const text = await response.text();
    t.is(response.status, 200, text);
    if (text === wanted) return;
    t.true(allowed.includes(text), `neither ${wanted} nor allowed: ${text}`);
    await pause(20);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until the log has a matching message. */
async function logged(site: TestSite, pattern: RegExp): Promise<string> {
  for (;;) {
    const texts = site.logged.map(
      ({ message, cause }) => `${message}: ${cause instanceof Error ? cause.message : ''}`,
    );
    const found = texts.find((text) => pattern.test(text));
    if (found !== undefined) return found;
    await pause(20);
  }
}

test('a part that is saved is never an error of the page that includes it', async (t) => {
  const site = await serveSite(
    t,
    {
      'index.pih': '<p>page</p><% Include("_outer.pih") %>',
      '_outer.pih': '<% Include("_inner.pih") %>',
      '_inner.pih': '<% import { a } from "./_a.ts" %>0<%= a %>',
      '_a.ts': 'export const a = 0;',
    },
    SERVED,
  );
  await until(t, site, '/', '<p>page</p>00');
  await site.write('_inner.pih', '<% import { a } from "./_a.ts" %>1<%= a %>');
  await until(t, site, '/', '<p>page</p>10', ['<p>page</p>00']);
  await site.write('_a.ts', 'export const a = 1;');
  await until(t, site, '/', '<p>page</p>11', ['<p>page</p>10']);
  t.deepEqual(site.logged, []);
});

test('a POST never runs the page and fails in a part that was just saved', async (t) => {
  const site = await serveSite(
    t,
    { 'order.pih': '<% (globalThis as any).orders++ %><% Include("_part.pih") %>', '_part.pih': 'ordered' },
    SERVED,
  );
  Object.assign(globalThis, { orders: 0 });
  await until(t, site, '/order', 'ordered');
  await site.write('_part.pih', 'ordered!');
  for (let answered = false; !answered; await pause(10)) {
    const response = await site.get('/order', { method: 'POST' });
    t.is(response.status, 200);
    answered = (await response.text()) === 'ordered!';
  }
});

test('a page that was saved before its part, layout or module goes live with it, and not before', async (t) => {
  const site = await serveSite(t, { 'a.pih': 'old a', 'b.pih': 'old b', 'c.pih': 'old c' }, SERVED);
  for (const name of ['a', 'b', 'c']) await until(t, site, `/${name}`, `old ${name}`);
  await site.write('a.pih', 'new a <% Include("/_new.pih") %>');
  await site.write('b.pih', 'new b<% Layout("/_layout.pih") %>');
  await site.write('c.pih', '<% import { c } from "./_c.ts" %>new <%= c %>');
  t.regex(
    await logged(site, /a\.pih/),
    /a\.pih is not used yet: .*a\.pih:1:10: there is no page \/_new\.pih/,
  );
  t.regex(await logged(site, /b\.pih/), /b\.pih:1:9/);
  t.regex(await logged(site, /c\.pih/), /c\.pih:1:/);
  for (const name of ['a', 'b', 'c']) t.is(await site.text(`/${name}`), `old ${name}`);
  await site.write('_new.pih', 'part');
  await site.write('_layout.pih', '[<%= CONTENT %>]');
  await site.write('_c.ts', 'export const c = "c";');
  await until(t, site, '/a', 'new a part', ['old a']);
  await until(t, site, '/b', '[new b]', ['old b']);
  await until(t, site, '/c', 'new c', ['old c']);
});

test('a part with an error holds back the pages that use it and nothing else, until it is mended', async (t) => {
  const site = await serveSite(
    t,
    {
      'user.pih': 'user 1 <% Include("_part.pih") %>',
      '_part.pih': 'part 1',
      'other.pih': 'other 1',
    },
    SERVED,
  );
  await until(t, site, '/user', 'user 1 part 1');
  await until(t, site, '/other', 'other 1');
  await site.write('_part.pih', 'part 2 <% if ( %>');
  await site.write('user.pih', 'user 2 <% Include("_part.pih") %>');
  await site.write('other.pih', 'other 2');
  await until(t, site, '/other', 'other 2', ['other 1']);
  t.is(await site.text('/user'), 'user 1 part 1');
  // On a busy machine the watcher may have told of the part alone before.
  await logged(site, /the new version of _part\.pih, user\.pih is not used yet/);
  const { length } = site.logged;
  await site.write('_part.pih', 'part 3');
  await until(t, site, '/user', 'user 2 part 3', ['user 1 part 1']);
  t.is(site.logged.length, length);
});

test('a part that is deleted is served until the pages that include it do without it', async (t) => {
  const site = await serveSite(
    t,
    { 'user.pih': 'user <% Include("_part.pih") %>', '_part.pih': 'part' },
    SERVED,
  );
  await until(t, site, '/user', 'user part');
  await rm(join(site.folder, '_part.pih'));
  await logged(site, /_part\.pih/);
  t.is(await site.text('/user'), 'user part');
  await site.write('user.pih', 'user alone');
  await until(t, site, '/user', 'user alone', ['user part']);
});

test('a name that a module does not export any more holds the module back', async (t) => {
  const site = await serveSite(
    t,
    { 'index.pih': '<% import { a } from "./_a.ts" %><%= a() %>', '_a.ts': 'export const a = () => 1;' },
    SERVED,
  );
  await until(t, site, '/', '1');
  await site.write('_a.ts', 'export const b = () => 2;');
  t.regex(await logged(site, /_a\.ts/), /index\.pih:1:/);
  t.is(await site.text('/'), '1');
  await site.write('index.pih', '<% import { b } from "./_a.ts" %><%= b() %>');
  await until(t, site, '/', '2', ['1']);
});

test('a module that throws when it runs is not served; its old version keeps its state', async (t) => {
  const site = await serveSite(
    t,
    {
      'index.pih': '<% import { next } from "./_a.ts" %><%= next() %>',
      '_a.ts': 'let count = 0; export const next = () => "a" + count++;',
    },
    SERVED,
  );
  await until(t, site, '/', 'a0');
  await site.write('_a.ts', 'export const next = () => "b"; throw new Error("no database");');
  t.regex(await logged(site, /_a\.ts/), /no database/);
  t.is(await site.text('/'), 'a1');
  await site.write('_a.ts', 'export const next = () => "b";');
  await until(
    t,
    site,
    '/',
    'b',
    ['a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8', 'a9'].concat(range('a', 10, 200)),
  );
});

function range(prefix: string, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `${prefix}${from + index}`);
}

test('modules that do not change keep their state, and resources of the old version are closed with its last request', async (t) => {
  const site = await serveSite(
    t,
    {
      'index.pih':
        '<% import { state } from "./_state.ts"; import { v } from "./_v.ts" %><%= ++state.n %> <%= v %>',
      'slow.pih':
        '<% import { closed, v } from "./_v.ts"; await (globalThis as any).gate %><%= v %> <%= closed.length %>',
      '_state.ts': 'export const state = { n: 0 };',
      '_v.ts':
        'export const closed: string[] = (globalThis as any).closed; export const v = 1; import.meta.hot?.dispose(() => closed.push("1"));',
    },
    SERVED,
  );
  const closed: string[] = [];
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  Object.assign(globalThis, { closed, gate });
  await until(t, site, '/', '1 1');
  const slow = site.text('/slow');
  await pause(50);
  await site.write('_v.ts', 'export const closed: string[] = []; export const v = 2;');
  for (let n = 2; ; n++) {
    const text = await site.text('/');
    if (text === `${n} 2`) break;
    t.is(text, `${n} 1`);
    await pause(20);
  }
  t.deepEqual(closed, []);
  open();
  t.is(await slow, '1 0');
  while (closed.length === 0) await pause(10);
  t.deepEqual(closed, ['1']);
});

test('a page that is saved just when the site is opened is not missed', async (t) => {
  const site = await serveSite(t, { 'index.pih': 'old' }, SERVED);
  const opened = site.app.configure({ config: site.config, file: join(site.folder, 'none.json') });
  writeFileSync(join(site.folder, 'index.pih'), 'new');
  await opened;
  await until(t, site, '/', 'new', ['old']);
});

test('a root_dir behind a link moves to the new folder as one set, static files included', async (t) => {
  const release = async (base: string, name: string) => {
    const files = { 'index.pih': `${name} <% Include("_part.pih") %>`, '_part.pih': name, 'a.txt': name };
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(base, name, 'site', file)), { recursive: true });
      await writeFile(join(base, name, 'site', file), text);
    }
  };
  let base = '';
  const site = await serveSite(t, {}, async (folder) => {
    base = folder;
    await release(folder, 'one');
    await release(folder, 'two');
    await symlink(join(folder, 'one'), join(folder, 'current'));
    return { ...SERVED, root_dir: join(folder, 'current', 'site') };
  });
  await until(t, site, '/', 'one one');
  t.is(await site.text('/a.txt'), 'one');
  await switchLink(base, 'two');
  await until(t, site, '/', 'two two', ['one one']);
  t.is(await site.text('/a.txt'), 'two');
  await rm(join(base, 'one'), { recursive: true });
  await writeFile(join(base, 'two', 'site', '_part.pih'), 'changed');
  await until(t, site, '/', 'two changed', ['two two']);
  await rm(join(base, 'two'), { recursive: true });
  t.regex(await logged(site, /not there/), /no longer exists/);
  t.true(site.logged.some(({ cause }) => cause instanceof Problem && cause.code === 'root-vanished'));
  t.is(await site.text('/'), 'two changed');
});

async function switchLink(base: string, to: string): Promise<void> {
  await symlink(join(base, to), join(base, 'next'));
  await rename(join(base, 'next'), join(base, 'current'));
}

test('a new folder behind the link that has a broken page is not served before it is mended', async (t) => {
  let base = '';
  const site = await serveSite(t, {}, async (folder) => {
    base = folder;
    for (const [name, text] of [
      ['one', 'one'],
      ['two', 'two <% if ( %>'],
    ] as const) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'index.pih'), text);
    }
    await symlink(join(folder, 'one'), join(folder, 'current'));
    return { ...SERVED, root_dir: join(folder, 'current') };
  });
  await until(t, site, '/', 'one');
  await switchLink(base, 'two');
  await logged(site, /index\.pih/);
  t.is(await site.text('/'), 'one');
  await writeFile(join(base, 'two', 'index.pih'), 'two');
  await until(t, site, '/', 'two', ['one']);
});

test('a page that visitors used some versions ago is prepared with its new modules before it is served', async (t) => {
  const site = await serveSite(t, { 'index.pih': 'one', 'other.pih': 'one' }, SERVED);
  await until(t, site, '/', 'one');
  for (const version of ['two', 'three']) {
    await site.write('other.pih', version);
    await until(t, site, '/other', version, ['one', 'two']);
  }
  await site.write('_broken.ts', 'throw new Error("at its top level"); export const a = 1;');
  await site.write('index.pih', '<% import { a } from "./_broken.ts" %><%= a %>');
  await logged(site, /at its top level/);
  await until(t, site, '/', 'one');
  await site.write('_broken.ts', 'export const a = 2;');
  await until(t, site, '/', '2', ['one']);
});

test('a module whose top level does not end makes its change wait', async (t) => {
  const site = await serveSite(
    t,
    { 'index.pih': '<% import { a } from "./_a.ts" %><%= a %>', '_a.ts': 'export const a = 1;' },
    SERVED,
  );
  await until(t, site, '/', '1');
  await site.write('_a.ts', 'await new Promise(() => {}); export const a = 2;');
  await logged(site, /_a\.ts is not used yet/);
  t.true(site.logged[0]?.cause instanceof Problem && site.logged[0].cause.code === 'module-late');
  t.is(await site.text('/'), '1');
});

test('a page that is cut off while it is copied, and emptied before it is filled, is not served half', async (t) => {
  const site = await serveSite(t, { 'index.pih': '<p>old</p>' }, SERVED);
  await until(t, site, '/', '<p>old</p>');
  for (let emptied = 0; emptied < 3; emptied++) {
    await site.write('index.pih', '');
    t.is(await site.text('/'), '<p>old</p>');
    await pause(200);
  }
  writeFileSync(join(site.folder, 'index.pih'), '<p>new');
  await pause(20);
  writeFileSync(join(site.folder, 'index.pih'), '<p>new</p>');
  await until(t, site, '/', '<p>new</p>', ['<p>old</p>']);
});

test('a page that is emptied or deleted just when other changes have been gathered is not taken for changed', async (t) => {
  const site = await serveSite(t, { 'a.pih': 'a 1', 'b.pih': 'b 1', 'c.pih': 'c 1' }, SERVED);
  for (const name of ['a', 'b', 'c']) await until(t, site, `/${name}`, `${name} 1`);
  await site.write('a.pih', 'a 2');
  await pause(100);
  // The time of gathering ends in the meantime, before the watcher can report these changes.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  writeFileSync(join(site.folder, 'b.pih'), '');
  rmSync(join(site.folder, 'c.pih'));
  const saving = pause(200).then(() => Promise.all([site.write('b.pih', 'b 2'), site.write('c.pih', 'c 2')]));
  for (const name of ['a', 'b', 'c']) await until(t, site, `/${name}`, `${name} 2`, [`${name} 1`]);
  await saving;
});
