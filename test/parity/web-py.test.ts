// The features of web.py.

import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { option } from '../session/rows/row.ts';
import { STORES } from '../session/store-rows.ts';
import { opened } from '../session/stores/databases.ts';
import { serveSite } from '../site-fixture.ts';
import { Visitor } from '../visitor.ts';
import { isDatabase, placeOf, rowsOf, serveOver } from './row.ts';

const row = rowsOf('web.py');

const COUNT = { 'index.pih': '<% const s = Session(); s.n = s.get("n", 0) + 1 %><%= s.n %>' };

row("the cookie maps to the visitor's own object, loaded by its key", COUNT, async (t, visitor, site) => {
  const other = new Visitor(site.url);
  for (const n of ['1', '2', '3']) t.is(await visitor.text('/'), n);
  t.is(await other.text('/'), '1');
  t.is(await visitor.text('/'), '4');
});

test('web.py: DiskStore: a folder of session files, one a session', async (t) => {
  const site = await serveSite(t, COUNT, { persistent_session: { store: 'json', dir: 'kept' } });
  for (const visitor of [new Visitor(site.url), new Visitor(site.url)]) await visitor.text('/');
  const entries = await readdir(join(dirname(site.folder), 'kept'), { recursive: true });
  t.is(entries.filter((name) => name.endsWith('.json')).length, 2);
});

for (const store of STORES.filter(isDatabase)) {
  test(`${store.name}: web.py: DBStore: a table of the chosen name with session_id, atime and data`, async (t) => {
    const site = await serveOver(t, store, COUNT);
    const place = placeOf(site);
    const operator = await opened(option(place, 'url'), place.dir);
    t.teardown(() => operator.close());
    const table = operator.dialect.quoted(option(place, 'table'));
    const visitor = new Visitor(site.url);
    await visitor.text('/');
    await visitor.text('/');
    const sessions = await operator.rows(
      `SELECT session_id, atime, data FROM ${table} WHERE data LIKE '%"n":2%'`,
      [],
    );
    t.is(sessions.length, 1);
    const { session_id: id, atime, data } = sessions[0] ?? {};
    t.regex(String(id), /^[0-9a-f]{64}$/);
    t.is(JSON.parse(String(data)).data.n, 2);
    t.truthy(atime);
    // An operator who deletes the row ends the session.
    await operator.count(`DELETE FROM ${table} WHERE session_id = ?`, [String(id)]);
    t.is(await visitor.text('/'), '1');
  });
}

test('web.py: ShelfStore: all sessions in one embedded file', async (t) => {
  const site = await serveSite(t, COUNT, {
    persistent_session: { store: 'database', url: 'sqlite:data/shelf.db' },
  });
  const visitor = new Visitor(site.url);
  for (const n of ['1', '2']) t.is(await visitor.text('/'), n);
  t.true((await stat(join(dirname(site.folder), 'data/shelf.db'))).isFile());
});

row(
  'login and logout, with s.get("logged_in", false)',
  {
    'index.pih': '<%= Session().get("logged_in", false) ? "in" : "out" %>',
    'login.pih': '<% const s = Session(); s.regenerate(); s.logged_in = true; redirect("/") %>',
    'logout.pih': '<% Session().close(); redirect("/") %>',
  },
  async (t, visitor) => {
    t.is(await visitor.text('/'), 'out');
    t.is((await visitor.get('/login')).status, 303);
    t.is(await visitor.text('/'), 'in');
    await visitor.get('/logout');
    t.is(await visitor.text('/'), 'out');
  },
);
