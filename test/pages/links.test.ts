// Symbolic links in a site: links to the outside and cycles of links cost nothing; links to the inside work and are
// watched.

import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, realpath, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { HiddenFiles, NOTHING_HIDDEN } from '../../engine/pages/hidden-files.ts';
import { linksBelow, pageFiles } from '../../engine/pages/page-files.ts';
import { karrigell } from '../cli/karrigell.ts';
import { program } from '../process/program.ts';

/** A folder with a site and with files outside of the site. */
async function linkedSite(t: ExecutionContext): Promise<{ base: string; site: string }> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-links-')));
  t.teardown(() => rm(base, { recursive: true, force: true }));
  const site = join(base, 'site');
  for (const folder of ['site/a', 'site/real', 'site/other', 'out'])
    await mkdir(join(base, folder), { recursive: true });
  await writeFile(join(site, 'index.pih'), 'home');
  await writeFile(join(site, 'real/x.pih'), 'x1');
  await writeFile(join(site, 'other/x.pih'), 'other1');
  await writeFile(join(base, 'out/part.pih'), 'part1');
  return { base, site };
}

/** Cycles of links, and links to the root of the disk. */
async function addWildLinks(site: string): Promise<void> {
  await symlink('.', join(site, 'self'));
  await symlink('..', join(site, 'a/up'));
  await symlink('../..', join(site, 'a/top'));
  await symlink('/', join(site, 'disk'));
  await symlink('/usr', join(site, 'usr'));
  await symlink('loop', join(site, 'loop'));
  await symlink('nowhere', join(site, 'dangling'));
}

const PRODUCTION = { NODE_ENV: 'production' };

async function text(url: string): Promise<string> {
  return (await fetch(url)).text();
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(20);
}

for (const [mode, env] of [
  ['in production', PRODUCTION],
  ['under debug', {}],
] as const) {
  test(`links in circles and to the whole disk neither slow the start nor stop the watcher, ${mode}`, async (t) => {
    const { base, site } = await linkedSite(t);
    await addWildLinks(site);
    execFileSync('mkfifo', [join(site, 'pipe')]);
    const socket = createServer().listen(join(site, 'socket'));
    t.teardown(() => new Promise<void>((closed) => socket.close(() => closed())));
    const running = await program(t, base, ['site'], env);
    await running.printed(/sessions/);
    t.regex(running.output(), /\n3 pages\n/);
    t.false(running.output().includes('warning'), running.output());
    for (const path of [
      '/usr/share/',
      '/disk/etc/hostname',
      '/loop',
      '/dangling',
      '/pipe',
      '/socket',
      '/a/top/out/part',
    ])
      t.is((await fetch(running.url + path)).status, 404, path);
    t.true((await text(`${running.url}/self/a/up/real/x`)).startsWith('x1'));
    await writeFile(join(site, 'real/x.pih'), 'x2');
    await until(async () => (await text(`${running.url}/real/x`)).startsWith('x2'));
    t.pass();
  });
}

test('a change behind a link inside the site is noticed under every name, and so is a link that leads elsewhere', async (t) => {
  const { base, site } = await linkedSite(t);
  await symlink('real', join(site, 'link'));
  await symlink('real/x.pih', join(site, 'alias.pih'));
  await mkdir(join(site, '_data'));
  await writeFile(join(site, '_data/rate.ts'), 'export const rate = 1;');
  await symlink('_data', join(site, '_linked'));
  await writeFile(join(site, 'rate.pih'), '<% import { rate } from "/_linked/rate.ts" %><%= rate %>');
  const { url } = await program(t, base, ['site'], PRODUCTION);
  const shows = (path: string, body: string) => until(async () => (await text(url + path)) === body);
  for (const path of ['/link/x', '/alias', '/real/x']) t.is(await text(url + path), 'x1');
  t.is(await text(`${url}/rate`), '1');
  await writeFile(join(site, 'real/x.pih'), 'x2');
  for (const path of ['/link/x', '/alias', '/real/x']) await shows(path, 'x2');
  await writeFile(join(site, '_data/rate.ts'), 'export const rate = 2;');
  await shows('/rate', '2');
  await symlink('other', join(site, 'new'));
  await rename(join(site, 'new'), join(site, 'link'));
  await shows('/link/x', 'other1');
  await writeFile(join(site, 'other/x.pih'), 'other2');
  await shows('/link/x', 'other2');
  await unlink(join(site, 'link'));
  await until(async () => (await fetch(`${url}/link/x`)).status === 404);
  t.is(await text(`${url}/real/x`), 'x2');
});

test('a part that a link brings from outside is used and watched, and has no URL', async (t) => {
  const { base, site } = await linkedSite(t);
  await symlink('../out', join(site, 'shared'));
  await writeFile(join(site, 'page.pih'), '<% Include("/shared/part.pih") %>');
  const { url } = await program(t, base, ['site'], PRODUCTION);
  t.is(await text(`${url}/page`), 'part1');
  t.is((await fetch(`${url}/shared/part`)).status, 404);
  await writeFile(join(base, 'out/part.pih'), 'part2');
  await until(async () => (await text(`${url}/page`)) === 'part2');
});

test('check with its types comes to an end among such links, and names each page once', async (t) => {
  const { base, site } = await linkedSite(t);
  await addWildLinks(site);
  await writeFile(join(site, 'real/x.pih'), '<%= wrong %>');
  await writeFile(join(site, 'real/m.ts'), 'export const n: number = "text";');
  const ran = await karrigell(['check', '--json'], { cwd: base });
  const rows: { file: string; code: string }[] = JSON.parse(ran.stdout);
  t.deepEqual(rows.map(({ file, code }) => `${code} ${file.replace(/^.*site\//, '')}`).sort(), [
    'TS2304 real/x.pih',
    'TS2322 real/m.ts',
  ]);
});

test('init leaves a link alone, also one that leads nowhere', async (t) => {
  const { base } = await linkedSite(t);
  await mkdir(join(base, 'new/site'), { recursive: true });
  await symlink('nowhere', join(base, 'new/site/index.pih'));
  await symlink('style.css', join(base, 'new/site/style.css'));
  const ran = await karrigell(['init', 'new'], { cwd: base });
  t.is(ran.code, 0, ran.stderr);
  t.regex(ran.stdout, /left new\/site\/index\.pih alone/);
});

test('the pages of a folder are listed although others vanish, may not be read or are very many', async (t) => {
  const { site } = await linkedSite(t);
  await addWildLinks(site);
  const many = join(site, 'many');
  await mkdir(many);
  for (let at = 0; at < 2000; at++) await writeFile(join(many, `${at}.pih`), '');
  t.is(pageFiles(site, NOTHING_HIDDEN).length, 2003);
  t.is(pageFiles(site, new HiddenFiles([many])).length, 3);
  t.is(linksBelow(site).length, 7);
  t.deepEqual(pageFiles(join(site, 'vanished'), NOTHING_HIDDEN), []);
});

/** The user root may read everything, so the program runs as another user. */
const UNPRIVILEGED = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const posix = process.platform === 'win32' ? test.skip : test;

posix('a folder that may not be read is named in the log, and the others are watched', async (t) => {
  const { base, site } = await linkedSite(t);
  await chmod(base, 0o755);
  await mkdir(join(site, 'locked'));
  await chmod(join(site, 'locked'), 0);
  await chmod(join(site, 'real/x.pih'), 0o644);
  const running = await program(t, base, ['site'], PRODUCTION, UNPRIVILEGED);
  await running.printed(/sessions/);
  t.regex(running.output(), /warning: \S*locked may not be read and is not watched\n/);
  t.is((await fetch(`${running.url}/locked/x`)).status, 404);
  await writeFile(join(site, 'real/x.pih'), 'x2');
  await until(async () => (await text(`${running.url}/real/x`)) === 'x2');
});
