// `karrigell sessions list|show|delete|clear|gc`, on every store.

import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { emptyRecord, type SessionRecord } from '../../engine/session/format/session-record.ts';
import { openSessions } from '../../engine/session/index.ts';
import { LockQueues } from '../../engine/session/lock/lock-queues.ts';
import { sessionKey } from '../../engine/session/request/session-id.ts';
import { MemoryStore } from '../../engine/session/stores/memory/memory-store.ts';
import { administrationOf, inParallel } from '../../engine/session/upkeep/administration.ts';
import { everyStore } from './every-store.ts';
import { JSON_FILES } from './rows/json.ts';
import { MEMORY } from './rows/memory.ts';
import { openSite, set, settings, type TestSite, Visitor } from './site.ts';

/** A rule for the stores whose sessions can be listed. */
const everyListing: typeof everyStore = (title, run, options = {}) =>
  everyStore(title, run, { ...options, needs: ['listing', ...(options.needs ?? [])] });

everyListing('the listing has the key, the times and, where known, the size', async (t, site, row) => {
  const visitor = await begun(site, 1);
  const [summary, ...others] = await list(site);
  t.deepEqual(others, []);
  t.is(summary?.key, sessionKey(visitor.id ?? ''));
  t.is(summary?.created, site.now);
  t.is(summary?.expires, site.now + 3960_000);
  t.is(typeof summary?.size, row.persistent ? 'number' : 'undefined');
});

everyListing('show gives the attributes, by the beginning of a key too', async (t, site) => {
  const visitor = await begun(site, 1);
  const key = sessionKey(visitor.id ?? '');
  t.deepEqual(await site.sessions.administration.show(key), { a: 1 });
  t.deepEqual(await site.sessions.administration.show(key.slice(0, 8)), { a: 1 });
  const other = key.startsWith('0') ? '1' : '0';
  t.is(await site.sessions.administration.show(other.repeat(8)), undefined);
  t.is(await site.sessions.administration.show(other.repeat(64)), undefined);
  t.false(await site.sessions.administration.delete(other.repeat(64)));
});

everyListing(
  'session-key-ambiguous: the error for a prefix of several keys shows how to go on',
  async (t, site) => {
    const keys: string[] = [];
    for (let n = 0; n < 17; n++) keys.push(sessionKey((await begun(site, n)).id ?? ''));
    const first = keys.map((key) => key.slice(0, 1)).find((digit, n, all) => all.indexOf(digit) !== n) ?? '';
    for (const work of ['show', 'delete'] as const) {
      const problem = await t.throwsAsync(async () => site.sessions.administration[work](first), {
        instanceOf: Problem,
      });
      t.is(problem?.code, 'session-key-ambiguous');
      const shown = problem?.text.match(/[0-9a-f]{9}/g) ?? [];
      t.true(shown.length === 2 || shown.length === 3);
      for (const some of shown) t.true(keys.some((key) => key.startsWith(some)));
    }
    t.is((await list(site)).length, 17);
  },
);

everyListing('session-key-invalid: a text that is no prefix of a key is refused', async (t, site) => {
  await begun(site, 1);
  for (const wrong of ['', 'AB', 'xyz', 'a b', '*', '%', '../../etc', 'a'.repeat(65), 'ab\n']) {
    for (const work of ['show', 'delete'] as const) {
      const problem = await t.throwsAsync(async () => site.sessions.administration[work](wrong), {
        instanceOf: Problem,
      });
      t.is(problem?.code, 'session-key-invalid', wrong);
    }
  }
});

everyListing('delete removes one session, and its visitor may begin again', async (t, site) => {
  const visitor = await begun(site, 1);
  const other = await begun(site, 2);
  t.true(await site.sessions.administration.delete(sessionKey(visitor.id ?? '').slice(0, 20)));
  t.false(await site.sessions.administration.delete(sessionKey(visitor.id ?? '')));
  t.is(await site.visit(other, (s) => s.a), 2);
  await site.visit(visitor, (s) => {
    t.deepEqual(Object.keys(s), []);
    s.a = 3;
  });
  t.is(await site.visit(visitor, (s) => s.a), 3);
});

everyListing('clear removes all sessions', async (t, site) => {
  for (const n of [1, 2, 3]) await begun(site, n);
  t.is(await site.sessions.administration.clear(), 3);
  t.deepEqual(await list(site), []);
});

everyListing('clear and list report their progress', async (t, site) => {
  for (let n = 0; n < 20; n++) await begun(site, n);
  const listed: number[] = [];
  const cleared: number[] = [];
  for await (const _ of site.sessions.administration.list({ progress: (done) => listed.push(done) }));
  const progress = (done: number, total: number | undefined) => {
    cleared.push(done);
    t.true(total === undefined || (total >= 20 && total <= 22), String(total));
  };
  t.is(await site.sessions.administration.clear({ progress }), 20);
  const steps = Array.from({ length: 20 }, (_, n) => n + 1);
  t.deepEqual(listed, steps);
  t.deepEqual(cleared, steps);
});

everyListing(
  'a stopped clear has deleted as many sessions as it reports, and no request waits for it',
  async (t, site) => {
    const visitors: Visitor[] = [];
    for (let n = 0; n < 40; n++) visitors.push(await begun(site, n));
    const stop = new AbortController();
    const deleted = await site.sessions.administration.clear({
      signal: stop.signal,
      progress: (done) => done === 10 && stop.abort(),
    });
    t.true(deleted >= 10 && deleted < 40, String(deleted));
    t.is((await list(site)).length, 40 - deleted);
    for (const visitor of visitors) await site.visit(visitor, (s) => set(s, 'b', 1));
  },
);

everyListing(
  'sessions-in-use: clear deletes all sessions except those of running pages',
  async (t, site) => {
    const held = await begun(site, 1);
    for (const n of [2, 3, 4]) await begun(site, n);
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const page = site.visit(held, async (s) => {
      s.a = 5;
      await ended;
    });
    const problem = await t.throwsAsync(site.sessions.administration.clear(), { instanceOf: Problem });
    end();
    await page;
    t.is(problem?.code, 'sessions-in-use');
    t.regex(problem?.text ?? '', /1 sessions were not deleted, .*; 3 were deleted/);
    t.is((await list(site)).length, 1);
    t.is(await site.visit(held, (s) => s.a), 5);
  },
  { needs: ['locks'], session: { lock_timeout: 0.2 } },
);

everyListing('a listing that runs while sessions begin and end is no failure', async (t, site) => {
  const visitors: Visitor[] = [];
  for (let n = 0; n < 30; n++) visitors.push(await begun(site, n));
  const staying = visitors.splice(0, 10).map(({ id }) => sessionKey(id ?? ''));
  let coming = true;
  const traffic = async () => {
    for (const visitor of visitors) {
      await site.visit(visitor, (s) => s.close());
      await begun(site, 1);
    }
    coming = false;
  };
  const running = traffic();
  do {
    const keys = (await list(site)).map(({ key }) => key);
    t.is(new Set(keys).size, keys.length);
    for (const key of staying) t.true(keys.includes(key));
  } while (coming);
  await running;
});

test('a whole key is read alone; a prefix is passed to the store', async (t) => {
  const asked: (string | undefined)[] = [];
  class Watched extends MemoryStore<SessionRecord> {
    override list(beginning?: string) {
      asked.push(beginning);
      return super.list();
    }
  }
  const store = new Watched(10, Date.now);
  const key = 'ab'.repeat(32);
  store.create(key, { ...emptyRecord(0), data: { a: 1 } }, 0);
  const shared = {
    queues: new LockQueues(Date.now),
    now: Date.now,
    log: () => {},
    warned: new Set<string>(),
    openClientStore: undefined,
    clientStore: undefined,
  };
  const administration = administrationOf({ config: settings(false), store, base: store, ...shared });
  t.deepEqual(await administration.show(key), { a: 1 });
  t.false(await administration.delete('cd'.repeat(32)));
  t.deepEqual(asked, []);
  t.true(await administration.delete('aba'));
  t.deepEqual(asked, ['aba']);
});

test('work in parallel stops when one piece fails, after the pieces that run', async (t) => {
  const ended: number[] = [];
  async function* numbers() {
    for (let n = 0; ; n++) yield n;
  }
  const work = async (n: number) => {
    await setImmediate();
    if (n === 5) throw new Error('five');
    await setImmediate();
    ended.push(n);
  };
  await t.throwsAsync(inParallel(numbers(), 3, work), { message: 'five' });
  t.deepEqual(ended.slice(0, 5), [0, 1, 2, 3, 4]);
  t.true(ended.length <= 8);
  await inParallel(numbers(), 3, work, AbortSignal.abort());
  t.true(ended.length <= 8);
});

everyListing('gc removes expired sessions', async (t, site) => {
  await begun(site, 1);
  site.now += 3000_000;
  await begun(site, 2);
  site.now += 3000_000;
  t.is(await site.sessions.administration.gc(), 1);
  t.is((await list(site)).length, 1);
});

test('start-up names the store', async (t) => {
  const memory = await openSite(MEMORY, {}, { max_sessions: 7 });
  const json = await openSite(JSON_FILES);
  t.teardown(() => Promise.all([memory.close(), json.close()]));
  t.is(memory.sessions.description, 'memory (at most 7)');
  t.is(json.sessions.description, 'json (sessions)');
});

test('persistent_session: true means the JSON store', async (t) => {
  const site = await openSite(JSON_FILES);
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
