// The interface for language servers: the site of a page, its findings and its settings.

import { join } from 'node:path';
import test from 'ava';
import { findingsOf, moduleOfPage, settingsOf, siteOf } from '../../engine/pages/type-check/editor.ts';
import { folderWith, writeFiles } from '../folder.ts';

test('a page belongs to the site of the configuration above it', async (t) => {
  const folder = await folderWith(t, {
    'karrigell.config.json': { root_dir: 'pages' },
    'pages/shop/cart.pih': '',
    'pages/package.json': {},
  });
  const page = join(folder, 'pages/shop/cart.pih');
  t.deepEqual(siteOf(page), { root: join(folder, 'pages'), base_dir: folder });
});

test('a configuration counts for a folder named site too', async (t) => {
  const folder = await folderWith(t, {
    'karrigell.config.json': { root_dir: 'site', error_pages: { 404: '404.pih' } },
    'site/shop/cart.pih': '',
    'site/404.pih': '',
  });
  const root = join(folder, 'site');
  t.deepEqual(siteOf(join(root, 'shop/cart.pih')), {
    root,
    base_dir: folder,
    error_pages: [join(root, '404.pih')],
  });
});

test('without a configuration, or with a broken one, a page belongs to the folder site above it', async (t) => {
  const folder = await folderWith(t, { 'site/shop/cart.pih': '' });
  const page = join(folder, 'site/shop/cart.pih');
  const site = { root: join(folder, 'site'), base_dir: folder };
  t.deepEqual(siteOf(page), site);
  const broken = await folderWith(t, { 'karrigell.config.json': '{', 'site/a.pih': '' });
  t.deepEqual(siteOf(join(broken, 'site/a.pih')), { root: join(broken, 'site'), base_dir: broken });
});

test('the configuration of a site is read once, and again after it has changed', async (t) => {
  const folder = await folderWith(t, {
    'karrigell.config.json': { root_dir: 'pages' },
    'pages/cart.pih': '',
  });
  const page = join(folder, 'pages/cart.pih');
  const site = siteOf(page);
  t.is(siteOf(page), site);
  t.is(siteOf(join(folder, 'pages/other.pih')), site);
  await writeFiles(folder, {
    'karrigell.config.json': { root_dir: 'pages', error_pages: { 404: 'cart.pih' } },
  });
  t.deepEqual(siteOf(page), { ...site, error_pages: [page] });
  await writeFiles(folder, { 'karrigell.config.json': '{' });
  t.deepEqual(siteOf(page), { root: join(folder, 'pages'), base_dir: join(folder, 'pages') });
});

test('a page outside of any site is a site of its own', async (t) => {
  const folder = await folderWith(t, { 'parts/a.pih': '' });
  t.deepEqual(siteOf(join(folder, 'parts/a.pih')), {
    root: join(folder, 'parts'),
    base_dir: join(folder, 'parts'),
  });
});

test('included pages are named by their files, bracketed names by the path', async (t) => {
  const folder = await folderWith(t, { 'site/_parts/a.pih': '', 'site/p/[id].pih': '' });
  const file = join(folder, 'site/p/[id].pih');
  const source = "<% Include('/_parts/a.pih'); Include('none.pih') %><%= PARAMS.id %>";
  const { code } = moduleOfPage(siteOf(file), file, source, undefined);
  t.true(code.includes(JSON.stringify(join(folder, 'site/_parts/a.pih'))));
  t.false(code.includes('import("none.pih")'));
  t.true(code.includes('readonly id: string'));
});

const SITE = { root: '/site', base_dir: '/' };

test('an error or the warnings of the compiler are found in a text that is not saved', (t) => {
  const { problems, warnings } = findingsOf(SITE, '/site/a.pih', 'a\n<% enum A {} %>');
  t.deepEqual(
    problems.map(({ code, line }) => [code, line]),
    [['not-erasable', 2]],
  );
  t.deepEqual(warnings, []);
  t.deepEqual(findingsOf(SITE, '/site/a.pih', '<%= 1 %>'), { problems: [], warnings: [] });
});

test('a missing or not awaited page is an error at its name, and an error inside of a named page is not reported', async (t) => {
  const folder = await folderWith(t, {
    'site/index.pih': 'as it was saved',
    'site/_late.pih': '<% await 1 %>',
    'site/_broken.pih': '<% if ( %>',
  });
  const file = join(folder, 'site/index.pih');
  const source = `<% Include('_none.pih') %>
<% Layout('/_none.pih') %>
<% Include('_late.pih') %><% Include('_broken.pih') %>`;
  const { problems } = findingsOf(siteOf(file), file, source);
  t.deepEqual(
    problems.map(({ code, line, column }) => [code, line, column]),
    [
      ['include-missing', 1, 4],
      ['layout-missing', 2, 4],
      ['include-not-awaited', 3, 4],
    ],
  );
});

test('the settings of an editor extend the tsconfig.json of the site', async (t) => {
  const files = { 'site/a.pih': '', 'tsconfig.json': {} };
  const folder = await folderWith(t, files);
  const site = siteOf(join(folder, 'site/a.pih'));
  t.is(Reflect.get(settingsOf(site, undefined), 'extends'), join(folder, 'tsconfig.json'));
  const bare = siteOf(join(await folderWith(t, { 'site/a.pih': '' }), 'site/a.pih'));
  t.is(Reflect.get(settingsOf(bare, undefined), 'extends'), undefined);
});
