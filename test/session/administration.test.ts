// `karrigell sessions list|show|delete|clear|gc`, on both stores.

import test, { type ExecutionContext } from 'ava';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { keyOf } from '../../engine/session/id.ts';
import { openSessions } from '../../engine/session/index.ts';
import { openSite, set, settings, type TestSite, Visitor } from './site.ts';

for (const store of ['memory', 'json'] as const) {
  const rule = (title: string, run: (t: ExecutionContext, site: TestSite) => Promise<void>) =>
    test(`${store}: ${title}`, async (t) => {
      const site = await openSite(store);
      t.teardown(() => site.close());
      await run(t, site);
    });

  rule('the list has the key, the times and, where known, the size', async (t, site) => {
    const visitor = await begun(site, 1);
    const [summary, ...others] = await list(site);
    t.deepEqual(others, []);
    t.is(summary?.key, keyOf(visitor.id ?? ''));
    t.is(summary?.created, site.now);
    t.is(summary?.expires, site.now + 3960_000);
    t.is(typeof summary?.size, store === 'json' ? 'number' : 'undefined');
  });

  rule('show gives the attributes, by the beginning of a key too', async (t, site) => {
    const visitor = await begun(site, 1);
    const key = keyOf(visitor.id ?? '');
    t.deepEqual(await site.sessions.administration.show(key), { a: 1 });
    t.deepEqual(await site.sessions.administration.show(key.slice(0, 8)), { a: 1 });
    t.is(await site.sessions.administration.show('zz'), undefined);
  });

  rule('session-key-ambiguous: a beginning of several keys is refused', async (t, site) => {
    await begun(site, 1);
    await begun(site, 2);
    const problem = await t.throwsAsync(site.sessions.administration.show(''), { instanceOf: Problem });
    t.is(problem?.code, 'session-key-ambiguous');
  });

  rule('delete removes one, and its visitor may begin again', async (t, site) => {
    const visitor = await begun(site, 1);
    const other = await begun(site, 2);
    t.true(await site.sessions.administration.delete(keyOf(visitor.id ?? '').slice(0, 20)));
    t.false(await site.sessions.administration.delete(keyOf(visitor.id ?? '')));
    t.is(await site.visit(other, (s) => s.a), 2);
    await site.visit(visitor, (s) => {
      t.deepEqual(Object.keys(s), []);
      s.a = 3;
    });
    t.is(await site.visit(visitor, (s) => s.a), 3);
  });

  rule('clear removes all', async (t, site) => {
    for (const n of [1, 2, 3]) await begun(site, n);
    t.is(await site.sessions.administration.clear(), 3);
    t.deepEqual(await list(site), []);
  });

  rule('gc removes what has expired', async (t, site) => {
    await begun(site, 1);
    site.now += 3000_000;
    await begun(site, 2);
    site.now += 3000_000;
    t.is(await site.sessions.administration.gc(), 1);
    t.is((await list(site)).length, 1);
  });
}

test('start-up names the store', async (t) => {
  const memory = await openSite('memory', {}, { max_sessions: 7 });
  const json = await openSite('json');
  t.teardown(() => Promise.all([memory.close(), json.close()]));
  t.is(memory.sessions.description, 'memory (at most 7)');
  t.is(json.sessions.description, 'json (sessions)');
});

test('the JSON store is the one that true names', async (t) => {
  const site = await openSite('json');
  t.teardown(() => site.close());
  const sessions = await openSessions(settings(true), { base_dir: site.dir, log: () => {} });
  t.is(sessions.description, 'json (.karrigell/sessions)');
  await sessions.close();
});

test('session-store-unknown: an unknown store is an error that lists the known ones', async (t) => {
  const opening = Promise.resolve(
    openSessions(settings({ store: 'constructor' }), { base_dir: '/', log: () => {} }),
  );
  const problem = await t.throwsAsync(opening, { instanceOf: Problem });
  t.is(problem?.code, 'session-store-unknown');
  t.regex(problem?.message ?? '', /'constructor'; known: .*json/);
});

async function begun(site: TestSite, value: number): Promise<Visitor> {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', value));
  return visitor;
}

async function list(site: TestSite) {
  const summaries = [];
  for await (const summary of site.sessions.administration.list()) summaries.push(summary);
  return summaries;
}
