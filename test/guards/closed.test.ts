// A guard that is broken, no file, being saved, new or gone (docs/going-live.md and docs/guards.md): where a guard cannot run,
// nothing below it is sent.

import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { karrigell } from '../cli/karrigell.ts';
import { folderWith } from '../folder.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';

const FOLDER = {
  'in/index.pih': 'SECRET',
  'in/file.txt': 'SECRET',
  'in/deep/page.pih': 'SECRET',
  'in/html/index.html': 'SECRET',
  'out.pih': 'out',
};
const PATHS = ['/in', '/in/', '/in/file.txt', '/in/deep/page', '/in/html', '/in/none', '/in/none/none'];
const LOGIN = "<% redirect('/login'); %>";

/** Requests every path; each response has this status and nothing of the folder. */
async function allAre(t: ExecutionContext, site: TestSite, status: number, note = ''): Promise<void> {
  for (const path of PATHS) {
    const response = await site.get(path);
    t.is(response.status, status, `${path} ${note}`);
    t.false((await response.text()).includes('SECRET'), path);
  }
  t.is(await site.text('/out'), 'out');
}

const BROKEN: readonly (readonly [what: string, source: string])[] = [
  ['does not parse', '<% if ( %>'],
  ['is cut off', "<% const s = Session(); if (!s.has('user')) redir"],
  ['is empty', ''],
  ['is blank', ' \n\t\n'],
  ['is a comment', '<%# nobody passes %>'],
  ['prints', 'hello <% 1; %>'],
  ['imports a module that is not there', "<% import x from './_none.ts'; x(); %>"],
  ['imports a package that is not there', "<% import x from 'no-such-package-here'; x(); %>"],
  ['imports a module that throws', "<% import './_throws.ts'; %>"],
  ['throws', "<% throw new Error('no') %>"],
  ['rejects', "<% await Promise.reject(new Error('no')) %>"],
  ['throws undefined', '<% throw undefined %>'],
  ['flushes', '<% const r = RESPONSE; await r.flush(); %>'],
];

for (const debug of [true, false])
  for (const [what, source] of BROKEN)
    test(`nothing below is sent if a guard ${what} (debug: ${debug})`, async (t) => {
      const files = { ...FOLDER, 'in/_before.pih': source, 'in/_throws.ts': "throw new Error('no');" };
      const site = await serveSite(t, files, { debug });
      await allAre(t, site, 500);
    });

const ODD: Readonly<Record<string, (path: string) => unknown>> = {
  'a folder': (path) => mkdir(path),
  'a pipe': (path) => execFileSync('mkfifo', [path]),
  'a link that leads nowhere': (path) => symlink('none.pih', path),
  'a link to a folder': (path) => symlink('deep', path),
  'a link to itself': (path) => symlink('_before.pih', path),
};

for (const debug of [true, false])
  for (const [what, make] of Object.entries(ODD))
    test(`nothing below is sent if a guard is ${what} (debug: ${debug})`, async (t) => {
      const site = await serveSite(t, FOLDER, { debug });
      await make(join(site.folder, 'in/_before.pih'));
      await site.app.configure({ config: site.config, file: undefined });
      await allAre(t, site, 500);
    });

test('a guard that is a link to a shared one guards, from inside the site and from outside', async (t) => {
  const outside = await folderWith(t, { 'guard.pih': LOGIN });
  for (const target of ['../_shared.pih', join(outside, 'guard.pih')]) {
    const site = await serveSite(t, { ...FOLDER, '_shared.pih': LOGIN }, { debug: false });
    await symlink(target, join(site.folder, 'in/_before.pih'));
    await site.app.configure({ config: site.config, file: undefined });
    await allAre(t, site, 303, target);
  }
});

test('under debug a guard counts from its first byte to its removal (before-empty)', async (t) => {
  const site = await serveSite(t, FOLDER, { debug: true });
  t.is(await site.text('/in/'), 'SECRET');
  await site.write('in/_before.pih', '');
  await allAre(t, site, 500);
  await site.write('in/_before.pih', LOGIN.slice(0, 12));
  await allAre(t, site, 500);
  await site.write('in/_before.pih', LOGIN);
  await allAre(t, site, 303);
  await rm(join(site.folder, 'in/_before.pih'));
  t.is(await site.text('/in/'), 'SECRET');
});

/** Waits until a request has this status. */
async function until(site: TestSite, path: string, status: number): Promise<void> {
  while ((await site.get(path)).status !== status) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('without debug a broken guard does not replace the one before, and a removed one guards until the change is live', async (t) => {
  const site = await serveSite(t, { ...FOLDER, 'in/_before.pih': LOGIN }, { debug: false, watch: true });
  await allAre(t, site, 303);
  await site.write('in/_before.pih', '<% if ( %>');
  while (site.logged.length === 0) {
    await allAre(t, site, 303);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  t.regex(site.logged[0]?.message ?? '', /the new version of in\/_before\.pih is not used yet/);
  await allAre(t, site, 303);
  await site.write('in/_before.pih', '<% throw HttpError(403) %>');
  await until(site, '/in/', 403);
  await allAre(t, site, 403);
  await rm(join(site.folder, 'in/_before.pih'));
  await until(site, '/in/', 200);
  t.is(await site.text('/in/file.txt'), 'SECRET');
});

test('without debug the files of a folder are closed as soon as its guard is on the disk (before-waiting)', async (t) => {
  // Without watch the generation stays as it is.
  const site = await serveSite(t, FOLDER, { debug: false, watch: false });
  t.is(await site.text('/in/file.txt'), 'SECRET');
  await site.write('in/_before.pih', LOGIN);
  for (const path of ['/in/file.txt', '/in/html', '/in/none']) {
    const response = await site.get(path);
    t.is(response.status, 503, path);
    t.false((await response.text()).includes('SECRET'));
  }
  await site.write('new/_before.pih', LOGIN);
  await site.write('new/file.txt', 'SECRET');
  t.is((await site.get('/new/file.txt')).status, 503);
  await site.app.configure({ config: site.config, file: undefined });
  await allAre(t, site, 303);
  t.is((await site.get('/new/file.txt')).status, 303);
});

test('without debug a new guard goes live with its modules', async (t) => {
  const site = await serveSite(t, FOLDER, { debug: false, watch: true });
  await site.write('in/_before.pih', "<% import { login } from './_login.ts'; redirect(login); %>");
  while (site.logged.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  t.is(await site.text('/in/'), 'SECRET');
  t.is((await site.get('/in/file.txt')).status, 503);
  await site.write('in/_login.ts', "export const login = '/login';");
  await until(site, '/in/', 303);
  await allAre(t, site, 303);
});

test('a changed module of a guard and its pages go live in one step', async (t) => {
  const files = {
    'in/_who.ts': "export const who = 'one';",
    'in/_before.pih': "<% import { who } from './_who.ts'; LOCALS.who = who; %>",
    'in/index.pih': "<% import { who } from './_who.ts'; %><%= LOCALS.who %> <%= who %>",
  };
  const site = await serveSite(t, files, { debug: false, watch: true });
  t.is(await site.text('/in/'), 'one one');
  await site.write('in/_who.ts', "export const who = 'two';");
  for (;;) {
    const text = await site.text('/in/');
    if (text === 'two two') break;
    t.is(text, 'one one');
  }
});

test('a new folder with its guard is moved in as a whole', async (t) => {
  const site = await serveSite(t, { 'out.pih': 'out' }, { debug: false, watch: true });
  const ready = await folderWith(t, {
    'in/_before.pih': LOGIN,
    'in/file.txt': 'SECRET',
    'in/index.pih': 'SECRET',
  });
  await rename(join(ready, 'in'), join(site.folder, 'in'));
  for (;;) {
    const { status } = await site.get('/in/file.txt');
    if (status === 303) break;
    t.is(status, 503);
  }
  await until(site, '/in/', 303);
});

for (const name of ['_Before.pih', '_BEFORE.PIH'])
  test(`${name} is an error of the start and of check (before-name)`, async (t) => {
    await t.throwsAsync(serveSite(t, { ...FOLDER, [`in/${name}`]: LOGIN }), { code: 'before-name' });
    const base = await folderWith(t, { 'site/index.pih': '', [`site/in/${name}`]: LOGIN });
    const ran = await karrigell(['check', '--json'], { cwd: base });
    const rows: { code: string }[] = JSON.parse(ran.stdout);
    t.true(rows.some(({ code }) => code === 'before-name'));
    t.is(ran.code, 1);
  });

test('a guard that is no file is an error of check', async (t) => {
  const base = await folderWith(t, { 'site/in/index.pih': '', 'site/login.pih': '' });
  await symlink('none.pih', join(base, 'site/in/_before.pih'));
  const ran = await karrigell(['check', '--json'], { cwd: base });
  t.is(ran.code, 1, ran.stdout);
  await writeFile(join(base, 'site/in/none.pih'), LOGIN);
  t.is((await karrigell(['check', '--json'], { cwd: base })).code, 0);
});
