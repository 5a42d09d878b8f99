// What holds for sessions in Redis or Valkey beyond the contract of every store: what the server keeps, and turns between
// the processes that share it, on one server or in a cluster.

import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { sessionKey } from '../../../engine/session/request/session-id.ts';
import { visitElsewhere } from '../processes.ts';
import { set, Visitor } from '../site.ts';
import { problemOf } from './away.ts';
import { change, REQUEST, sweepAll } from './contract.ts';
import { another, appendTo, KEY, queueOf, siteOver, type TestedRedis } from './redis-store.ts';

/** Registers the rules for the servers called so. */
export function redisRules(called: string, open: () => Promise<TestedRedis>): void {
  const rule = (title: string, run: (t: ExecutionContext, tested: TestedRedis) => Promise<void>) => {
    test.serial(`${called}: ${title}`, async (t) => {
      const tested = await open();
      t.teardown(() => tested.close());
      await run(t, tested);
    });
  };

  rule('text is kept as it is, beside its deadline, and the server forgets it in time', async (t, tested) => {
    await tested.store.create(KEY, '{"a":1}', tested.now + 60_000);
    t.is(await tested.command('HGET', tested.name('s'), 'c'), '{"a":1}');
    t.is(await tested.command('HGET', tested.name('s'), 'd'), String(tested.now + 60_000));
    const left = Number(await tested.command('PTTL', tested.name('s')));
    t.true(left > 60_000 && left <= 70_000);
    await tested.store.touch(KEY, 0, tested.now + 60_000);
    t.is(await tested.command('PTTL', tested.name('s')), -1);
  });

  rule('no lock or queue is left behind', async (t, tested) => {
    await tested.store.create(KEY, 'one', 0);
    await change(tested.store, KEY, { kind: 'write', content: 'two', deadline: 0 });
    t.is(await tested.command('EXISTS', tested.name('l'), tested.name('w')), 0);
  });

  rule('whoever shares the server has the same secret', async (t, tested) => {
    const other = await another(t, tested);
    t.deepEqual(Buffer.from(other.secret), Buffer.from(tested.store.secret));
  });

  rule('an id that nobody knows and that nothing may begin under costs no lock', async (t, tested) => {
    const turn = await tested.store.acquire(KEY, { ...REQUEST, mayCreate: false });
    t.deepEqual(turn.entry, { state: 'absent' });
    t.is(await tested.command('EXISTS', tested.name('l')), 0);
    t.is(await turn.release({ kind: 'keep' }), 'done');
    t.is(await turn.release({ kind: 'write', content: 'one', deadline: 0 }), 'gone');
  });

  rule('a server that has forgotten the scripts is told them again', async (t, tested) => {
    await tested.store.create(KEY, 'one', 0);
    await tested.command('SCRIPT', 'FLUSH');
    t.is(await change(tested.store, KEY, { kind: 'write', content: 'two', deadline: 0 }), 'done');
  });

  rule('session-lock-lost: who lost the turn to another writes nothing', async (t, tested) => {
    await tested.store.create(KEY, 'one', 0);
    const turn = await tested.store.acquire(KEY, REQUEST);
    await tested.command('HSET', tested.name('l'), 't', 'other:1');
    await tested.command('PERSIST', tested.name('l'));
    t.is(await turn.release({ kind: 'write', content: 'two', deadline: 0 }), 'lost');
    t.is(await tested.command('HGET', tested.name('s'), 'c'), 'one');
    t.is(await tested.command('HGET', tested.name('l'), 't'), 'other:1');
  });

  rule('a turn that ran out while nobody else wanted it still counts', async (t, tested) => {
    await tested.store.create(KEY, 'one', 0);
    const turn = await tested.store.acquire(KEY, REQUEST);
    await tested.command('DEL', tested.name('l'));
    t.is(await turn.release({ kind: 'write', content: 'two', deadline: 0 }), 'done');
  });

  rule('a turn that ran out and was had by another is lost', async (t, tested) => {
    await tested.store.create(KEY, 'one', 0);
    const turn = await tested.store.acquire(KEY, REQUEST);
    await tested.command('DEL', tested.name('l'));
    t.is(await change(tested.store, KEY, { kind: 'write', content: 'other', deadline: 0 }), 'done');
    t.is(await turn.release({ kind: 'write', content: 'two', deadline: 0 }), 'lost');
    t.is(await tested.command('HGET', tested.name('s'), 'c'), 'other');
  });

  rule('a turn that a page holds for long is renewed', async (t, tested) => {
    const turn = await tested.store.acquire(KEY, REQUEST);
    const left = async () => Number(await tested.command('PTTL', tested.name('l')));
    let least = await left();
    for (let now = least; now > 0 && now <= least; now = await left()) {
      least = now;
      await pause(20);
    }
    t.true((await left()) > least);
    t.is(await turn.release({ kind: 'keep' }), 'done');
  });

  rule('session-locked: whoever waits too long learns which page holds the turn', async (t, tested) => {
    const other = await another(t, tested);
    const turn = await tested.store.acquire(KEY, { page: 'slow | page.pih', timeoutSeconds: 5 });
    const problem = await problemOf(t, () =>
      other.acquire(KEY, { page: 'b.pih', timeoutSeconds: 600, waitedSeconds: 599.95 }),
    );
    t.is(problem?.code, 'session-locked');
    t.is(problem?.status, 503);
    t.regex(problem?.message ?? '', /'slow \| page\.pih' has held it for \d/);
    await turn.release({ kind: 'keep' });
  });

  rule(
    'session-visitor-left: one whose visitor leaves stops waiting, and the next is served',
    async (t, tested) => {
      const other = await another(t, tested);
      const turn = await tested.store.acquire(KEY, REQUEST);
      const leaving = new AbortController();
      const left = problemOf(t, () => other.acquire(KEY, { ...REQUEST, signal: leaving.signal }));
      await queueOf(tested, 1);
      const next = Promise.resolve(other.acquire(KEY, REQUEST));
      await queueOf(tested, 2);
      leaving.abort();
      t.is((await left)?.code, 'session-visitor-left');
      await turn.release({ kind: 'keep' });
      t.is(await (await next).release({ kind: 'keep' }), 'done');
      t.is(await tested.command('EXISTS', tested.name('l'), tested.name('w')), 0);
    },
  );

  rule('waiters of several processes go in order, each with the newest data', async (t, tested) => {
    const stores = await Promise.all([another(t, tested), another(t, tested), another(t, tested)]);
    await tested.store.create(KEY, '', 0);
    const turn = await tested.store.acquire(KEY, REQUEST);
    const pages = [];
    for (const [index, store] of stores.entries()) {
      pages.push(appendTo(store, String(index)));
      await queueOf(tested, index + 1);
    }
    await turn.release({ kind: 'write', content: 'first', deadline: 0 });
    await Promise.all(pages);
    t.is(await tested.command('HGET', tested.name('s'), 'c'), 'first012');
  });

  rule('a waiter that nobody hears of any more is passed over', async (t, tested) => {
    const turn = await tested.store.acquire(KEY, REQUEST);
    await tested.command('RPUSH', tested.name('w'), 'dead:1|a.pih');
    const waiting = Promise.resolve((await another(t, tested)).acquire(KEY, REQUEST));
    await queueOf(tested, 2);
    await turn.release({ kind: 'create', content: 'one', deadline: 0 });
    const next = await waiting;
    t.deepEqual(next.entry, { state: 'live', content: 'one', deadline: 0 });
    await next.release({ kind: 'keep' });
  });

  rule('a waiter learns of the end of a session', async (t, tested) => {
    await tested.store.create(KEY, 'one', 0);
    const turn = await tested.store.acquire(KEY, REQUEST);
    const waiting = Promise.resolve((await another(t, tested)).acquire(KEY, REQUEST));
    await queueOf(tested, 1);
    await turn.release({ kind: 'retire', until: tested.now + 1000 });
    const next = await waiting;
    t.deepEqual(next.entry, { state: 'retired', since: tested.now });
    await next.release({ kind: 'keep' });
  });

  rule('something damaged is put where an operator finds it', async (t, tested) => {
    await tested.store.create(KEY, '{"cut', 0);
    await change(tested.store, KEY, { kind: 'quarantine' });
    t.is(await tested.command('HGET', tested.name('s').replace('}', '}.damaged'), 'c'), '{"cut');
  });

  rule('whatever has a deadline goes by itself, so that nobody need look for it', async (t, tested) => {
    const { store, now } = tested;
    const left = async (key = KEY) =>
      Number(await tested.command('PTTL', tested.name('s').replace(KEY, key)));
    const moved = 'cd'.repeat(32);
    t.true(store.removesExpired);
    await store.create(KEY, 'one', now + 600_000);
    t.true((await left()) > 0);
    await change(store, KEY, { kind: 'write', content: 'two', deadline: 0 });
    t.is(await left(), -1);
    await store.touch(KEY, now + 600_000, 0);
    t.true((await left()) > 0);
    const until = now + 60_000;
    await change(store, KEY, { kind: 'move', to: moved, content: 'two', deadline: now + 600_000, until });
    t.true((await left()) > 0 && (await left()) < 100_000);
    t.true((await left(moved)) > 500_000);
  });

  rule('the sweep leaves what somebody works with', async (t, tested) => {
    await tested.store.create(KEY, 'one', tested.now + 600_000);
    const turn = await tested.store.acquire(KEY, REQUEST);
    tested.now += 600_000;
    t.is(await sweepAll(tested.store), 0);
    await turn.release({ kind: 'keep' });
    t.is(await sweepAll(tested.store), 1);
  });

  rule('a listing of many sessions names each once, with its size', async (t, tested) => {
    const keys = Array.from({ length: 1500 }, (_, index) => index.toString(16).padStart(64, '0'));
    for (const key of keys) await tested.store.create(key, 'é', 0);
    const listed = [];
    for await (const { key, size } of tested.store.list()) listed.push(`${key} ${size}`);
    t.deepEqual(
      listed.sort(),
      keys.map((key) => `${key} 2`),
    );
  });

  rule('session-server-refused: what the server refuses is said in its words', async (t, tested) => {
    await tested.command('SET', tested.name('s'), 'a text');
    const problem = await problemOf(t, () => tested.store.acquire(KEY, REQUEST));
    t.is(problem?.code, 'session-server-refused');
    t.is(problem?.status, 500);
    t.true(problem?.message.includes('WRONGTYPE'));
  });

  rule('a killed holder is noticed before its lease is over', async (t, tested) => {
    const site = await siteOver(t, tested, Date.now);
    const visitor = new Visitor();
    await site.visit(visitor, (s) => set(s, 'count', 0));
    const holder = visitElsewhere(t, site, visitor, { pages: 1, holds: true });
    t.is(await holder.says(), 'held');
    await holder.kill();
    // The lease does not end meanwhile.
    const lock = tested.name('l', sessionKey(visitor.id ?? ''));
    const lease = setInterval(() => {
      tested.command('PEXPIRE', lock, '2500').catch(() => undefined);
    }, 20);
    t.teardown(() => clearInterval(lease));
    t.is(await site.visit(visitor, (s) => s.count), 1);
  });
}
