// karrigell sessions: looks after the store of a site while the site runs.

import { join } from 'node:path';
import test from 'ava';
import { folderWith } from '../folder.ts';
import { startServer } from '../server.ts';
import { Visitor } from '../visitor.ts';
import { karrigell } from './karrigell.ts';

const SITE = {
  'karrigell.config.json': { persistent_session: true },
  'site/index.pih': "<% const s = Session(); s.name = 'Jean'; s.cart = [1, 2]; %>ok",
  'site/read.pih': "<%= Session().get('name', 'nobody') %>",
};

test('sessions are listed, shown masked, and deleted', async (t) => {
  const cwd = await folderWith(t, SITE);
  const server = await startServer({ site: join(cwd, 'site') });
  t.teardown(() => server.stop());
  const visitors = [new Visitor(server.url), new Visitor(server.url)];
  for (const visitor of visitors) await visitor.text('/');

  const list = await karrigell(['sessions', 'list', '--json'], { cwd });
  t.is(list.stderr, '');
  const rows: { id: string; expires: string }[] = JSON.parse(list.stdout);
  t.is(rows.length, 2);
  const id = rows[0]?.id ?? '';
  t.is(id.length, 12);
  const full: { id: string }[] = JSON.parse(
    (await karrigell(['sessions', 'list', '--json', '--full'], { cwd })).stdout,
  );
  t.is(full[0]?.id.length, 64);
  t.regex(
    (await karrigell(['sessions', 'list'], { cwd })).stdout,
    /^[0-9a-f]{12} .* bytes .*\n.*\n2 sessions\n$/,
  );

  const masked = await karrigell(['sessions', 'show', id], { cwd });
  t.is(masked.stdout, 'name: (text of 4 characters)\ncart: (list of 2)\n');
  const values = await karrigell(['sessions', 'show', id, '--values', '--json'], { cwd });
  t.deepEqual(JSON.parse(values.stdout), { name: 'Jean', cart: [1, 2] });

  t.is((await karrigell(['sessions', 'delete', id], { cwd })).stdout, '1 session deleted\n');
  const names = await Promise.all(visitors.map((visitor) => visitor.text('/read')));
  t.deepEqual(names.sort(), ['Jean', 'nobody']);
  t.is((await karrigell(['sessions', 'gc'], { cwd })).stdout, '0 sessions removed\n');
  t.is((await karrigell(['sessions', 'clear'], { cwd })).stdout, '1 session deleted\n');
  t.is((await karrigell(['sessions', 'list'], { cwd })).stdout, '0 sessions\n');
});

test('an id that no session has is no-such-session', async (t) => {
  const cwd = await folderWith(t, SITE);
  for (const command of ['show', 'delete']) {
    const { code, stderr } = await karrigell(['sessions', command, 'abcdef'], { cwd });
    t.is(code, 1);
    t.regex(stderr, /no session begins with abcdef/);
  }
});

test('with sessions in memory there is nothing to look after: sessions-in-memory', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': '' });
  const { code, stderr } = await karrigell(['sessions', 'list'], { cwd });
  t.is(code, 1);
  t.regex(stderr, /persistent_session is false/);
});
