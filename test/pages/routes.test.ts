// Pages whose names give no URL, or the URL of another page: errors of `check` and of the start. And the queries of the
// disk for a URL that is not found.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { HiddenFiles, NOTHING_HIDDEN } from '../../engine/pages/hidden-files.ts';
import { Locator } from '../../engine/pages/locator.ts';
import { planSite } from '../../engine/pages/plan-site.ts';
import { type Disk, NODE_DISK } from '../../engine/pages/site-disk.ts';
import { karrigell } from '../cli/karrigell.ts';
import { folderWith } from '../folder.ts';
import { serveSite } from '../site-fixture.ts';
import { siteFindings } from './site-findings.ts';

/** Sets of pages, with the error of the last one. */
const WRONG: readonly (readonly [pages: readonly string[], code: string, text: RegExp])[] = [
  [['[id].pih', '[slug].pih'], 'page-duplicate', /same URLs as \/\[id\]\.pih/],
  [['a/[...all].pih', 'a/[...rest].pih'], 'page-duplicate', /same URLs/],
  [['[a]/x/[b].pih', '[c]/x/[d].pih'], 'page-duplicate', /same URLs/],
  [['p-[a].txt.pih', 'p-[b].txt.pih'], 'page-duplicate', /same URLs/],
  [['[id.pih'], 'page-bracket', /\[id cannot .*: its bracket is not closed/],
  [['[user/index.pih'], 'page-bracket', /not closed/],
  [['x-[a.pih'], 'page-bracket', /not closed/],
  [['[a]-[b].pih'], 'page-bracket', /more than one bracket/],
  [['x[...rest].pih'], 'page-bracket', /other text around it/],
  [['[...rest]/x.pih'], 'page-bracket', /any number of folders/],
  [['[my-id].pih'], 'page-bracket', /"my-id" is no name/],
  [['[].pih'], 'page-bracket', /"" is no name/],
  [['[id]/[id].pih'], 'page-bracket', /the name id twice/],
];

for (const [pages, code, text] of WRONG) {
  test(`${pages.join(' beside ')} is an error of the start and of check (${code})`, async (t) => {
    const files = Object.fromEntries(pages.map((name) => [name, 'page']));
    await t.throwsAsync(serveSite(t, files), { code, message: text });
    const inSite = Object.fromEntries(pages.map((name) => [`site/${name}`, 'page']));
    const found = (await siteFindings(t, inSite)).filter(({ place }) => place.startsWith(`${code} `));
    t.deepEqual(
      found.map(({ severity, place }) => `${severity} ${place}`),
      [`error ${code} ${pages.at(-1)}:1:1`],
    );
  });
}

test('pages that share some URLs, or have none, are no error', async (t) => {
  const names = [
    ...['[id].pih', '[id]/index.pih', '[slug]/other.pih', 'a-[x].pih', '[x]-b.pih', '[...rest].pih', 'a.pih'],
    ...['_parts/[x.pih', '_parts/[y].pih', '_parts/[z].pih', 'a/index.pih', 'index.pih'],
  ];
  const site = await serveSite(t, {
    ...Object.fromEntries(names.map((name) => [name, name])),
    '[draft] x.txt': 'file',
    '[2024/y.txt': 'file',
  });
  t.is(await site.text('/a'), 'a.pih');
  t.is(await site.text('/a-b'), 'a-[x].pih');
  t.is(await site.text('/7/other'), '[slug]/other.pih');
  t.is(await site.text('/%5B2024/y.txt'), 'file');
});

test('the program says it in one line and does not start', async (t) => {
  const base = await folderWith(t, { 'site/[id].pih': '', 'site/[slug].pih': '' });
  const ran = await karrigell(['serve', '--port', '0'], { cwd: base });
  t.is(ran.code, 1);
  t.regex(ran.stderr, /\[slug\]\.pih:1:1.*same URLs as \/\[id\]\.pih/);
});

test('a page that is saved under such a name while the site runs is logged once', async (t) => {
  const site = await serveSite(t, { '[id].pih': 'id <%= PARAMS.id %>' }, { watch: true, debug: false });
  await site.write('[slug].pih', 'slug');
  while (site.logged.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  t.regex(site.logged[0]?.message ?? '', /same URLs/);
  t.is(await site.text('/7'), 'id 7');
});

test('so it is by the process that plans for others', async (t) => {
  const root_dir = await folderWith(t, { '[id].pih': 'id' });
  const logged: string[] = [];
  const log = (_: unknown, message: string) => logged.push(message);
  const audience = { prepare: async () => undefined, serve: () => true, forgetLocations: () => undefined };
  const plan = await planSite(
    { root_dir, watch: true, debug: false, hidden: new HiddenFiles([]), log },
    audience,
  );
  t.teardown(() => plan.close());
  await writeFile(join(root_dir, '[slug].pih'), 'slug');
  while (logged.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  t.regex(logged[0] ?? '', /same URLs/);
});

test('a file that is served in place of a text page is a warning (page-shadowed)', async (t) => {
  const site = await serveSite(t, {
    'robots.txt': 'file',
    'robots.txt.pih': 'page',
    'humans.txt.pih': 'page',
    '[slug].txt': 'file',
    '[slug].txt.pih': 'page',
  });
  t.is(await site.text('/robots.txt'), 'file');
  const found = await site.app.pages.check();
  const codes = found.map((each) =>
    each.severity === 'warning' ? `${each.warning.code} ${each.warning.text}` : '',
  );
  t.deepEqual(codes, ['page-shadowed the file /robots.txt is served in place of this page']);
});

/** The disk, with a count of listings. */
function countingDisk(): { disk: Disk; listed: string[] } {
  const listed: string[] = [];
  const names = (folder: string) => {
    listed.push(folder);
    return NODE_DISK.names(folder);
  };
  return { disk: { ...NODE_DISK, names }, listed };
}

test('a folder is listed once, and again when a name is added or removed', async (t) => {
  const site = await serveSite(t, { 'many/x.txt': '' });
  const { disk, listed } = countingDisk();
  const locator = new Locator(site.folder, NOTHING_HIDDEN, disk);
  const kind = (path: string) => locator.locate(path).kind;
  // A folder that changed a moment ago may change again under the same stamp.
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.is(kind('/many/none'), 'none');
  const before = listed.length;
  for (let at = 0; at < 100; at++) t.is(kind(`/many/none${at}`), 'none');
  t.is(listed.length, before);
  await site.write('many/[id].pih', '');
  t.is(kind('/many/none'), 'page');
  await site.write('many/[id]x.pih', '');
  t.is(kind('/many/nonex'), 'page');
});

test('a name that is added right after a listing is found, without a watcher', async (t) => {
  const site = await serveSite(t, {});
  const locator = new Locator(site.folder, NOTHING_HIDDEN);
  for (let at = 0; at < 50; at++) {
    t.is(locator.locate(`/d${at}/x`).kind, 'none');
    await site.write(`d${at}/y.txt`, '');
    t.is(locator.locate(`/d${at}/x`).kind, 'none');
    await site.write(`d${at}/[id].pih`, '');
    t.is(locator.locate(`/d${at}/x`).kind, 'page');
  }
});

/** A case-insensitive disk, as on macOS and Windows. */
function caselessDisk(root: string): Disk {
  const real = (path: string): string | undefined => {
    let found = root;
    for (const name of path
      .slice(root.length + 1)
      .split('/')
      .filter(Boolean)) {
      const spelt = NODE_DISK.names(found).find((each) => each.toLowerCase() === name.toLowerCase());
      if (spelt === undefined) return undefined;
      found = join(found, spelt);
    }
    return found;
  };
  return {
    entry: (path) => NODE_DISK.entry(real(path) ?? path),
    realPath: real,
    names: NODE_DISK.names,
    isNamed: (path) => NODE_DISK.isNamed(real(path) ?? path),
  };
}

test('a disk that does not tell upper from lower case changes nothing', async (t) => {
  const site = await serveSite(t, {
    'Cart.pih': '',
    'style.css': '',
    'products/new.pih': '',
    'products/[id].pih': '',
    '[lang]/x.pih': '',
    '_data/s.txt': '',
    'm.ts': '',
    'conf.json': '',
  });
  const hidden = new HiddenFiles([join(site.folder, 'conf.json')]);
  const [caseless, exact] = [
    new Locator(site.folder, hidden, caselessDisk(site.folder)),
    new Locator(site.folder, hidden),
  ];
  const paths = [
    ...['/Cart', '/cart', '/CART.PIH', '/style.css', '/STYLE.css', '/products/new', '/products/NEW'],
    ...['/PRODUCTS/7', '/Products/new', '/_DATA/s.txt', '/M.TS', '/m.Ts', '/CONF.json', '/[LANG]/x', '/en/X'],
  ];
  for (const path of paths) {
    const [a, b] = [caseless.locate(path), exact.locate(path)];
    t.deepEqual({ ...a, tried: [] }, { ...b, tried: [] }, path);
  }
});
