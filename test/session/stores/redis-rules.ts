// The rules of sessions in Redis or Valkey beyond the contract of every store: the values on the server, and locks between
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

  rule(
    'the text is stored as it is, beside its deadline, and the key expires on the server',
    async (t, tested) => {
      await tested.store.create(KEY, '{"a":1}', tested.now + 60_000);
      t.is(await tested.command('HGET', tested.name('s'), 'c'), '{"a":1}');
      t.is(await tested.command('HGET', tested.name('s'), 'd'), String(tested.now + 60_000));
      const left = Number(await tested.command('PTTL', tested.name('s')));
      t.true(left > 60_000 && left <= 70_000);
      await tested.store.touch(KEY, 0, tested.now + 60_000);
      t.is(await tested.command('PTTL', tested.name('s')), -1);
    },
  );

  rule('a release leaves no lock and no queue behind', async (t, tested) => {
    await tested.store.create(KEY, 'one', 0);
    await change(tested.store, KEY, { kind: 'write', content: 'two', deadline: 0 });
    t.is(await tested.command('EXISTS', tested.name('l'), tested.name('w')), 0);
  });

  rule('processes that share the server have the same secret', async (t, tested) => {
    const other = await another(t, tested);
    t.deepEqual(Buffer.from(other.secret), Buffer.from(tested.store.secret));
  });

  rule('an unknown id under which no session may begin costs no lock', async (t, tested) => {
    const lock = await tested.store.acquire(KEY, { ...REQUEST, mayCreate: false });
    t.deepEqual(lock.entry, { state: 'absent' });
    t.is(await tested.command('EXISTS', tested.name('l')), 0);
    t.is(await lock.release({ kind: 'keep' }), 'done');
    t.is(await lock.release({ kind: 'write', content: 'one', deadline: 0 }), 'gone');
  });

  rule('scripts that the server has lost are loaded again', async (t, tested) => {
    await tested.store.create(KEY, 'one', 0);
    await tested.command('SCRIPT', 'FLUSH');
    t.is(await change(tested.store, KEY, { kind: 'write', content: 'two', deadline: 0 }), 'done');
  });

  rule('session-lock-lost: a request that lost its lock to another one writes nothing', async (t, tested) => {
    await tested.store.create(KEY, 'one', 0);
    const lock = await tested.store.acquire(KEY, REQUEST);
    await tested.command('HSET', tested.name('l'), 't', 'other:1');
    await tested.command('PERSIST', tested.name('l'));
    t.is(await lock.release({ kind: 'write', content: 'two', deadline: 0 }), 'lost');
    t.is(await tested.command('HGET', tested.name('s'), 'c'), 'one');
    t.is(await tested.command('HGET', tested.name('l'), 't'), 'other:1');
  });

  rule('an expired lease still counts if no other request has acquired the lock', async (t, tested) => {
    await tested.store.create(KEY, 'one', 0);
    const lock = await tested.store.acquire(KEY, REQUEST);
    await tested.command('DEL', tested.name('l'));
    t.is(await lock.release({ kind: 'write', content: 'two', deadline: 0 }), 'done');
  });

  rule('a lock is lost if its lease expired and another request acquired it', async (t, tested) => {
    await tested.store.create(KEY, 'one', 0);
    const lock = await tested.store.acquire(KEY, REQUEST);
    await tested.command('DEL', tested.name('l'));
    t.is(await change(tested.store, KEY, { kind: 'write', content: 'other', deadline: 0 }), 'done');
    t.is(await lock.release({ kind: 'write', content: 'two', deadline: 0 }), 'lost');
    t.is(await tested.command('HGET', tested.name('s'), 'c'), 'other');
  });

  rule('the lease of a long page is renewed', async (t, tested) => {
    const lock = await tested.store.acquire(KEY, REQUEST);
    const left = async () => Number(await tested.command('PTTL', tested.name('l')));
    let least = await left();
    for (let now = least; now > 0 && now <= least; now = await left()) {
      least = now;
      await pause(20);
    }
    t.true((await left()) > least);
    t.is(await lock.release({ kind: 'keep' }), 'done');
  });

  rule(
    'session-locked: the error of a request that waits too long names the page that holds the lock',
    async (t, tested) => {
      const other = await another(t, tested);
      const lock = await tested.store.acquire(KEY, { page: 'slow | page.pih', timeoutSeconds: 5 });
      const problem = await problemOf(t, () =>
        other.acquire(KEY, { page: 'b.pih', timeoutSeconds: 600, waitedSeconds: 599.95 }),
      );
      t.is(problem?.code, 'session-locked');
      t.is(problem?.status, 503);
      t.regex(problem?.message ?? '', /'slow \| page\.pih' has held it for \d/);
      await lock.release({ kind: 'keep' });
    },
  );

  rule(
    'session-visitor-left: a request whose visitor leaves stops waiting, and the next one is served',
    async (t, tested) => {
      const other = await another(t, tested);
      const lock = await tested.store.acquire(KEY, REQUEST);
      const leaving = new AbortController();
      const left = problemOf(t, () => other.acquire(KEY, { ...REQUEST, signal: leaving.signal }));
      await queueOf(tested, 1);
      const next = Promise.resolve(other.acquire(KEY, REQUEST));
      await queueOf(tested, 2);
      leaving.abort();
      t.is((await left)?.code, 'session-visitor-left');
      await lock.release({ kind: 'keep' });
      t.is(await (await next).release({ kind: 'keep' }), 'done');
      t.is(await tested.command('EXISTS', tested.name('l'), tested.name('w')), 0);
    },
  );

  rule(
    'lock requests of several processes are served in order, each with the newest data',
    async (t, tested) => {
      const stores = await Promise.all([another(t, tested), another(t, tested), another(t, tested)]);
      await tested.store.create(KEY, '', 0);
      const lock = await tested.store.acquire(KEY, REQUEST);
      const pages = [];
      for (const [index, store] of stores.entries()) {
        pages.push(appendTo(store, String(index)));
        await queueOf(tested, index + 1);
      }
      await lock.release({ kind: 'write', content: 'first', deadline: 0 });
      await Promise.all(pages);
      t.is(await tested.command('HGET', tested.name('s'), 'c'), 'first012');
    },
  );

  rule('a lock request of a dead process is passed over', async (t, tested) => {
    const lock = await tested.store.acquire(KEY, REQUEST);
    await tested.command('RPUSH', tested.name('w'), 'dead:1|a.pih');
    const waiting = Promise.resolve((await another(t, tested)).acquire(KEY, REQUEST));
    await queueOf(tested, 2);
    await lock.release({ kind: 'create', content: 'one', deadline: 0 });
    const next = await waiting;
    t.deepEqual(next.entry, { state: 'live', content: 'one', deadline: 0 });
    await next.release({ kind: 'keep' });
  });

  rule('a lock request gets the tombstone of a session that ended meanwhile', async (t, tested) => {
    await tested.store.create(KEY, 'one', 0);
    const lock = await tested.store.acquire(KEY, REQUEST);
    const waiting = Promise.resolve((await another(t, tested)).acquire(KEY, REQUEST));
    await queueOf(tested, 1);
    await lock.release({ kind: 'retire', until: tested.now + 1000 });
    const next = await waiting;
    t.deepEqual(next.entry, { state: 'retired', since: tested.now });
    await next.release({ kind: 'keep' });
  });

  rule('a damaged entry is put into quarantine, where an operator finds it', async (t, tested) => {
    await tested.store.create(KEY, '{"cut', 0);
    await change(tested.store, KEY, { kind: 'quarantine' });
    t.is(await tested.command('HGET', tested.name('s').replace('}', '}.damaged'), 'c'), '{"cut');
  });

  rule(
    'an entry with a deadline has an expiry on the server, so that no sweep is needed',
    async (t, tested) => {
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
    },
  );

  rule('a sweep leaves the entry of a request that holds its lock', async (t, tested) => {
    await tested.store.create(KEY, 'one', tested.now + 600_000);
    const lock = await tested.store.acquire(KEY, REQUEST);
    tested.now += 600_000;
    t.is(await sweepAll(tested.store), 0);
    await lock.release({ kind: 'keep' });
    t.is(await sweepAll(tested.store), 1);
  });

  rule('a listing of many sessions has each one once, with its size', async (t, tested) => {
    const keys = Array.from({ length: 1500 }, (_, index) => index.toString(16).padStart(64, '0'));
    for (const key of keys) await tested.store.create(key, 'é', 0);
    const listed = [];
    for await (const { key, size } of tested.store.list()) listed.push(`${key} ${size}`);
    t.deepEqual(
      listed.sort(),
      keys.map((key) => `${key} 2`),
    );
  });

  rule('session-server-refused: the error has the words of the server', async (t, tested) => {
    await tested.command('SET', tested.name('s'), 'a text');
    const problem = await problemOf(t, () => tested.store.acquire(KEY, REQUEST));
    t.is(problem?.code, 'session-server-refused');
    t.is(problem?.status, 500);
    t.true(problem?.message.includes('WRONGTYPE'));
  });

  rule('the death of a killed holder is noticed before its lease has expired', async (t, tested) => {
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
