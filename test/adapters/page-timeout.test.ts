// limits.page_timeout for pages that run for a program: app.render() and views.

import test from 'ava';
import { karrigell } from 'karrigell';
import { folderWith } from '../folder.ts';

const SITE = {
  'site/hangs.pih':
    '<% const s = Session(); s.list = [1]; const { list } = s; setTimeout(() => list.push(2), 1); await new Promise((_, fail) => REQUEST.signal.addEventListener("abort", () => fail(REQUEST.signal.reason))); %>',
  'site/module.pih': "<% import { a } from './_a.ts'; %><%= a %>",
  'site/_a.ts': 'await new Promise(() => {});\nexport const a = 1;',
};

test('app.render() rejects when a page does not end, and stores its changes until then', async (t) => {
  const base_dir = await folderWith(t, SITE);
  const app = await karrigell({ base_dir, limits: { page_timeout: 1 }, watch: false });
  t.teardown(() => app.close());
  const session: { list?: number[] } = {};
  await t.throwsAsync(app.render('/hangs', { session }), { code: 'page-timeout' });
  t.deepEqual(session.list?.[0], 1);
  await t.throwsAsync(app.render('/module'), { code: 'page-load-timeout' });
});
