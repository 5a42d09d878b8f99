// The features of TurboGears (Beaker).

import test from 'ava';
import { STORES } from '../session/store-rows.ts';
import { serveSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';
import { rowsOf } from './row.ts';

const row = rowsOf('TurboGears');
const COUNT = { 'index.pih': '<% const s = Session(); s.n = s.get("n", 0) + 1 %><%= s.n %>' };

test('TurboGears: sessions on the file system, in databases, in memcached and in the cookie', (t) => {
  const names = STORES.map(({ name }) => name);
  for (const wanted of ['json', 'postgres', 'mysql', 'sqlite', 'memcached', 'cookie']) {
    t.true(names.includes(wanted), wanted);
  }
});

row('the same pages over every store', COUNT, async (t, visitor) => {
  for (const n of ['1', '2', '3']) t.is(await visitor.text('/'), n);
});

row(
  'the cookie has the configured name, is set when absent and found on later visits',
  COUNT,
  async (t, visitor) => {
    t.is(await visitor.text('/'), '1');
    t.true(visitor.cookies.has('sid'));
    t.false(visitor.cookies.has('sessionId'));
    t.is(await visitor.text('/'), '2');
  },
  { config: { session: { cookie: { name: 'sid' } } } },
);

row(
  "session['key'] = value and session.save(), which may be left out",
  {
    'save.pih': '<% const s = Session(); s.user = "MVL"; await s.save() %>',
    'assign.pih': '<% const s = Session(); s["user"] = "LVM" %>',
    'get.pih': '<%= Session().get("user", "none") %>',
  },
  async (t, visitor) => {
    await visitor.text('/save');
    t.is(await visitor.text('/get'), 'MVL');
    await visitor.text('/assign');
    t.is(await visitor.text('/get'), 'LVM');
  },
);

row('session.delete() erases', { ...COUNT, 'close.pih': '<% Session().close() %>' }, async (t, visitor) => {
  for (const n of ['1', '2']) t.is(await visitor.text('/'), n);
  await visitor.text('/close');
  t.is(await visitor.text('/'), '1');
});

row(
  'clearing all sessions for tests',
  COUNT,
  async (t, visitor, site) => {
    await visitor.text('/');
    await new Visitor(site.url).text('/');
    t.is(await site.app.sessions.administration.clear(), 2);
    t.is(await visitor.text('/'), '1');
  },
  { needs: ['listing'] },
);

test('TurboGears: a site without a store keeps its sessions in memory', async (t) => {
  const site = await serveSite(t, COUNT);
  t.is(site.config.persistent_session, false);
  const visitor = new Visitor(site.url);
  for (const n of ['1', '2']) t.is(await visitor.text('/'), n);
});
