// The files of docs/exactly-once.md, written into a folder and used as a site.

import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { karrigell } from '../cli/karrigell.ts';
import { printedForms, sent } from '../once/printed-forms.ts';
import { chapterFiles, chapterSite, REPOSITORY, typedFolder } from './chapter.ts';

test('the files have no errors, types included', async (t) => {
  const files = await chapterFiles('exactly-once.md');
  t.is(Object.keys(files).length, 4);
  const cwd = await typedFolder(t, files);
  await symlink(REPOSITORY, join(cwd, 'node_modules/karrigell'), 'junction');
  t.regex((await karrigell(['check'], { cwd })).stdout, /types by TypeScript .*: 0 errors, 0 warnings\n$/);
});

test('an order is placed once, a wrong one not at all, and the newsletter once', async (t) => {
  const site = await chapterSite(t, 'exactly-once.md');
  const [order] = printedForms(await site.text('/order'));
  const [letter] = printedForms(await site.text('/subscribe'));
  if (order === undefined || letter === undefined) return t.fail();
  t.is((await site.get('/order', sent(order))).status, 422);
  const answers = await Promise.all([1, 2, 3].map(() => site.get('/order', sent(order, { item: 'tea' }))));
  t.deepEqual(
    answers.map((answer) => answer.headers.get('location')),
    ['/orders', '/orders', '/orders'],
  );
  for (let n = 0; n < 2; n++) t.regex(await site.text('/subscribe', sent(letter)), /Thank you/);
  t.deepEqual((await site.text('/orders')).match(/\d: [^<]+/g), ['1: tea', '2: the newsletter']);
});
