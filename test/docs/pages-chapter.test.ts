// The files of docs/pages.md, written into a folder and used as a site.

import test from 'ava';
import { karrigell } from '../cli/karrigell.ts';
import { chapterFiles, chapterSite, typedFolder } from './chapter.ts';

test('the files have no errors, types included', async (t) => {
  const files = await chapterFiles('pages.md');
  t.is(Object.keys(files).length, 6);
  const cwd = await typedFolder(t, files);
  const { stdout } = await karrigell(['check', '--strict'], { cwd });
  t.regex(stdout, /types by TypeScript .*: 0 errors, 0 warnings\n$/, stdout);
});

test('the layout prints the page and its section', async (t) => {
  const site = await chapterSite(t, 'pages.md');
  const html = await site.text('/cart');
  t.regex(html, /<title>Cart<\/title>\s*<main>\s*<p>Your cart is empty\.<\/p>\s*<\/main>/);
  t.regex(html, /<aside><a href="\/report">Report<\/a><\/aside>/);
});

test('the part prints its children', async (t) => {
  const site = await chapterSite(t, 'pages.md');
  t.regex(
    (await site.text('/team')).replace(/\s*\n\s*/g, ''),
    /^<article><h2>Ann<\/h2><p>Writes to ann@.*<\/article><article><h2>Ben<\/h2><p>Writes to ben@.*<\/article>$/,
  );
});

test('the report arrives whole, in pieces', async (t) => {
  const site = await chapterSite(t, 'pages.md');
  const response = await site.get('/report');
  t.is(response.headers.get('transfer-encoding'), 'chunked');
  t.deepEqual((await response.text()).match(/Report|Spring|Summer|Autumn/g), [
    'Report',
    'Spring',
    'Summer',
    'Autumn',
  ]);
});
