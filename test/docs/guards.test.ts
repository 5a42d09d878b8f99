// The files of docs/guards.md, written into a folder and used as a site.

import test from 'ava';
import { karrigell } from '../cli/karrigell.ts';
import { Visitor } from '../visitor.ts';
import { chapterFiles, chapterSite, typedFolder } from './chapter.ts';

test('the files of the chapter on guards have no errors, types included', async (t) => {
  const files = await chapterFiles('guards.md');
  t.is(Object.keys(files).length, 6);
  const cwd = await typedFolder(t, files);
  t.regex((await karrigell(['check'], { cwd })).stdout, /types by TypeScript .*: 0 errors, 0 warnings\n$/);
});

test('only members enter', async (t) => {
  const site = await chapterSite(t, 'guards.md');
  const ann = new Visitor(site.url);
  for (const path of ['/members', '/members/', '/members/list.txt', '/members/none'])
    t.is((await ann.get(path)).headers.get('location'), '/login', path);
  await ann.get('/login', { method: 'POST', body: new URLSearchParams({ name: 'ann' }) });
  t.true((await ann.text('/members/')).includes('Hello ann'));
  t.is(await ann.text('/members/list.txt'), 'Only for members.\n');
  t.is((await ann.get('/members/none')).status, 404);
  await ann.get('/logout');
  t.is((await ann.get('/members/')).status, 303);
});
