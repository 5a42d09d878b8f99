// The locking engine of the stores outside the process, over a driver in a Map: the rules that hold for every driver.

import { tmpdir } from 'node:os';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { Problem } from '../../../engine/diagnostics/problem.ts';
import { LockingStore } from '../../../engine/session/stores/locking/locking-store.ts';
import { TimedOut, withinTime } from '../../../engine/session/stores/locking/time-limit.ts';
import { change, REQUEST, storeContract, sweepAll, type TestedStore } from './contract.ts';
import { MapDriver, SharedMap } from './map-driver.ts';

const KEY = 'ab'.repeat(32);
const HOUR = 3_600_000;

interface TestedEngine extends TestedStore {
  readonly driver: MapDriver;
  readonly log: string[];
}

async function opened(shared = new SharedMap()): Promise<TestedEngine> {
  const driver = new MapDriver(shared);
  const tested = { now: Date.UTC(2026, 0, 1), driver, log: [] as string[] };
  const log = (level: string, message: string) => tested.log.push(`${level}: ${message}`);
  const store = new LockingStore(driver, 'a map', { base_dir: tmpdir(), log, now: () => tested.now });
  await store.open();
  driver.calls.length = 0;
  return Object.assign(tested, { store, close: () => store.close() });
}

storeContract('a driver in a Map', () => opened());

function rule(title: string, run: (t: ExecutionContext, tested: TestedEngine) => Promise<void>): void {
  test(title, async (t) => {
    const tested = await opened();
    t.teardown(() => tested.close());
    await run(t, tested);
  });
}

rule('a write under a lock takes two round trips, a read one', async (t, { store, driver, now }) => {
  await store.create(KEY, 'one', 0);
  driver.calls.length = 0;
  const lock = await store.acquire(KEY, { ...REQUEST, mayCreate: false });
  await lock.release({ kind: 'write', content: 'two', deadline: now + HOUR });
  t.deepEqual(driver.calls, ['acquire', 'release']);
  await store.read(KEY);
  t.deepEqual(driver.calls, ['acquire', 'release', 'load']);
});

rule('requests of one iteration of the event loop read the secret once', async (t, { store, driver }) => {
  const keys = ['ab', 'cd', 'ef'].map((start) => start.repeat(32));
  const locks = await Promise.all(keys.map((key) => store.acquire(key, REQUEST)));
  t.deepEqual(driver.calls.toSorted(), ['acquire', 'acquire', 'acquire', 'load']);
  for (const lock of locks) await lock.release({ kind: 'keep' });
  driver.calls.length = 0;
  await nextTurn();
  const later = await store.acquire(KEY, REQUEST);
  t.deepEqual(driver.calls.toSorted(), ['acquire', 'load']);
  await later.release({ kind: 'keep' });
});

rule('a lock that another request has acquired writes nothing', async (t, { store, driver }) => {
  await store.create(KEY, 'one', 0);
  const lock = await store.acquire(KEY, REQUEST);
  driver.shared.locks.clear();
  t.is(await lock.release({ kind: 'write', content: 'two', deadline: 0 }), 'lost');
  t.like(await store.read(KEY), { content: 'one' });
});

rule(
  'a request waits for a lock in the order of the queue, and no longer than its time limit',
  async (t, { store }) => {
    await store.create(KEY, 'one', 0);
    const first = await store.acquire(KEY, { page: 'first.pih', timeoutSeconds: 5 });
    const error = await t.throwsAsync(
      async () => store.acquire(KEY, { page: 'second.pih', timeoutSeconds: 0.1 }),
      {
        instanceOf: Problem,
      },
    );
    t.is(error?.code, 'session-locked');
    t.regex(error?.text ?? '', /first\.pih/);
    const later = store.acquire(KEY, REQUEST);
    await first.release({ kind: 'write', content: 'two', deadline: 0 });
    t.like((await later).entry, { content: 'two' });
  },
);

rule('a request whose visitor left waits no longer', async (t, { store }) => {
  await store.create(KEY, 'one', 0);
  await store.acquire(KEY, REQUEST);
  const left = new AbortController();
  const waiting = store.acquire(KEY, { ...REQUEST, signal: left.signal });
  left.abort();
  t.is((await t.throwsAsync(async () => waiting, { instanceOf: Problem }))?.code, 'session-visitor-left');
});

rule('the new entry of a move that lost its lock is removed', async (t, { store, driver, now }) => {
  await store.create(KEY, 'one', 0);
  const lock = await store.acquire(KEY, REQUEST);
  driver.shared.locks.clear();
  const to = 'cd'.repeat(32);
  t.is(await lock.release({ kind: 'move', to, content: 'two', deadline: 0, until: now + HOUR }), 'lost');
  t.is((await store.read(to)).state, 'absent');
});

rule(
  'a retired entry leaves a tombstone even if it was lost meanwhile',
  async (t, { store, driver, now }) => {
    await store.create(KEY, 'one', 0);
    const lock = await store.acquire(KEY, REQUEST);
    driver.shared.entries.delete(KEY);
    t.is(await lock.release({ kind: 'retire', until: now + HOUR }), 'done');
    t.deepEqual(await store.read(KEY), { state: 'retired', since: now });
  },
);

rule('an entry in quarantine is kept for 30 days', async (t, tested) => {
  const { store, driver } = tested;
  await store.create(KEY, 'broken', 0);
  await change(store, KEY, { kind: 'quarantine' });
  t.is(driver.shared.entries.get(`${KEY}.damaged`)?.text, 'broken');
  tested.now += 30 * 24 * HOUR;
  t.is(await sweepAll(store), 1);
});

rule('entries of other kinds have locks and lifetimes and are no sessions', async (t, tested) => {
  const { store } = tested;
  const other = `once.${KEY}`;
  const lock = await store.acquire(other, REQUEST);
  t.is(await lock.release({ kind: 'create', content: 'x', deadline: tested.now + HOUR }), 'done');
  for await (const { key } of store.list()) t.fail(key);
  t.like(await store.read(other), { state: 'live', content: 'x' });
  tested.now += HOUR;
  t.is(await sweepAll(store), 1);
});

rule('a lock that is acquired after the time limit is released', async (t, { store, driver }) => {
  await store.create(KEY, 'one', 0);
  driver.before = (method) => (method === 'acquire' ? pause(1700) : undefined);
  const error = await t.throwsAsync(async () => store.acquire(KEY, { ...REQUEST, mayCreate: false }), {
    instanceOf: Problem,
  });
  t.is(error?.code, 'session-store-unavailable');
  while (!driver.calls.includes('release')) await pause(20);
  await pause(0);
  t.is(driver.shared.locks.size, 0);
});

rule(
  'an outage is logged once, requests fail at once, and its end is logged',
  async (t, { store, driver, log }) => {
    driver.before = () => {
      throw new Error('unplugged');
    };
    for (let request = 0; request < 3; request++) {
      const error = await t.throwsAsync(async () => store.read(KEY), { instanceOf: Problem });
      t.is(error?.code, 'session-store-unavailable');
    }
    driver.before = () => undefined;
    while (log.length < 2) await pause(20);
    t.deepEqual(log, [
      'warn: the session store cannot be reached: Error: unplugged; pages that use sessions get 503 until it is back',
      'warn: the session store is back: a map',
    ]);
    t.is((await store.read(KEY)).state, 'absent');
  },
);

rule('an outage of another kind does not hide that the store is back', async (t, { store, driver, log }) => {
  driver.before = () => {
    throw new Error('unplugged');
  };
  await t.throwsAsync(async () => store.read(KEY), { instanceOf: Problem });
  while (log.length < 1) await pause(20);
  const sweep = () => {
    throw new Problem('session-store-failed', { params: { reason: 'full' } });
  };
  Object.assign(driver, { sweep });
  await t.throwsAsync(async () => store.sweep(0), { instanceOf: Problem });
  driver.before = () => undefined;
  await pause(1500);
  t.is((await store.read(KEY)).state, 'absent');
});

rule('a request waits for a store that restarts', async (t, { store, driver }) => {
  await store.create(KEY, 'one', 0);
  driver.before = () => {
    throw new Error('restarting');
  };
  setTimeout(() => {
    driver.before = () => undefined;
  }, 300);
  t.like(await store.read(KEY), { content: 'one' });
});

rule('a lock whose release was not answered is released when the store answers', async (t, tested) => {
  const { store, driver } = tested;
  await store.create(KEY, 'one', 0);
  const lock = await store.acquire(KEY, REQUEST);
  let isLost = true;
  driver.before = (method) => {
    if (method !== 'release' || !isLost) return;
    isLost = false;
    throw new Error('cut off');
  };
  const error = await t.throwsAsync(async () => lock.release({ kind: 'keep' }), { instanceOf: Problem });
  t.is(error?.code, 'session-store-unavailable');
  const next = await store.acquire(KEY, REQUEST);
  t.is(await next.release({ kind: 'keep' }), 'done');
});

rule('a release that was not sent is made again', async (t, { store, driver }) => {
  await store.create(KEY, 'one', 0);
  const lock = await store.acquire(KEY, REQUEST);
  Object.assign(driver, { isUnsent: (error: Error) => error.message === 'not connected' });
  const failures = ['not connected', 'not connected'];
  driver.before = (method) => {
    const failure = method === 'release' ? failures.shift() : undefined;
    if (failure !== undefined) throw new Error(failure);
  };
  t.is(await lock.release({ kind: 'write', content: 'two', deadline: 0 }), 'done');
  t.like(await store.read(KEY), { content: 'two' });
});

rule('a lock request that ended during an outage is cancelled when the store answers', async (t, tested) => {
  const { store, driver } = tested;
  await store.create(KEY, 'one', 0);
  const cancelled: string[] = [];
  let isUnavailable = true;
  const cancel = async ({ key }: { readonly key: string }) => {
    if (isUnavailable) throw new Error('unplugged');
    cancelled.push(key);
  };
  Object.assign(driver, { cancel });
  driver.before = () => {
    if (isUnavailable) throw new Error('unplugged');
  };
  await t.throwsAsync(async () => store.acquire(KEY, { ...REQUEST, mayCreate: false }), {
    instanceOf: Problem,
  });
  t.deepEqual(cancelled, []);
  isUnavailable = false;
  while (cancelled.length === 0) await pause(20);
  t.deepEqual(cancelled, [KEY]);
});

rule('the outage of one of several servers concerns its own keys alone', async (t, tested) => {
  const { store, driver, log } = tested;
  const other = 'cd'.repeat(32);
  for (const key of [KEY, other]) await store.create(key, 'one', 0);
  let isUnavailable = true;
  const load = async (key: string) => {
    if (isUnavailable && key === KEY) throw new Error('unplugged');
    return driver.shared.entries.get(key);
  };
  Object.assign(driver, { serverOf: (key: string) => (key === KEY ? 'server 1' : 'server 2'), load });
  const error = await t.throwsAsync(async () => store.read(KEY), { instanceOf: Problem });
  t.is(error?.code, 'session-store-unavailable');
  t.is(await change(store, other, { kind: 'write', content: 'two', deadline: 0 }), 'done');
  await t.throwsAsync(async () => store.read(KEY), { instanceOf: Problem });
  t.like(await store.read(other), { content: 'two' });
  isUnavailable = false;
  while (log.length < 2) await pause(20);
  t.regex(
    log.join(),
    /^warn: the session store cannot be reached: .*,warn: the session store is back: server 1$/,
  );
  t.like(await store.read(KEY), { content: 'one' });
});

test('a site starts without its store, and a store that was emptied has another secret', async (t) => {
  const shared = new SharedMap();
  const driver = new MapDriver(shared);
  driver.before = () => {
    throw new Error('not there');
  };
  const log: string[] = [];
  const store = new LockingStore(driver, 'a map', {
    base_dir: tmpdir(),
    log: (_level, message) => log.push(message),
  });
  await store.open();
  t.teardown(() => store.close());
  t.regex(log.join('\n'), /Error: not there; the site starts without it, and pages/);
  t.throws(() => store.secret, { instanceOf: Problem });
  driver.before = () => undefined;
  while (log.length < 2) await pause(20);
  const before = store.secret;
  shared.entries.clear();
  const lock = await store.acquire(KEY, REQUEST);
  await lock.release({ kind: 'keep' });
  t.notDeepEqual(Buffer.from(store.secret), Buffer.from(before));
});

rule('one entry whose calls hang is no outage of the store', async (t, { store, driver, log }) => {
  await store.create(KEY, 'one', 0);
  const other = 'cd'.repeat(32);
  await store.create(other, 'two', 0);
  const { load } = driver;
  const hanging = (key: string) =>
    key === KEY ? new Promise<undefined>(() => undefined) : load.call(driver, key);
  Object.assign(driver, { load: hanging });
  for (let visit = 0; visit < 3; visit++) {
    const error = await t.throwsAsync(async () => store.read(KEY), { instanceOf: Problem });
    t.is(error?.code, 'session-store-unavailable');
    t.like(await store.read(other), { content: 'two' });
  }
  t.deepEqual(log, [
    'warn: a call about a session failed, but the store answers others: the session store cannot be reached: no answer within 1.5 s (a map)',
  ]);
});

/** A driver that keeps no secret: load() gives this in its place. */
function forgetful(secret: string | undefined): MapDriver {
  const driver = new MapDriver();
  const { load } = driver;
  return Object.assign(driver, {
    load: async (key: string) => {
      if (key !== 'secret') return load.call(driver, key);
      return secret === undefined ? undefined : { text: secret, deadline: 0 };
    },
  });
}

test('a store that does not give its secret at once has the one that was put there', async (t) => {
  const store = new LockingStore(forgetful(undefined), 'a map', { base_dir: tmpdir(), log: () => {} });
  t.teardown(() => store.close());
  await store.open();
  t.is(store.secret.length, 32);
});

test('a store that gives another secret than was put there cannot be used, and asking has an end', async (t) => {
  const driver = forgetful('damaged');
  const log: string[] = [];
  const environment = { base_dir: tmpdir(), log: (_level: string, message: string) => log.push(message) };
  const store = new LockingStore(driver, 'a map', environment);
  t.teardown(() => store.close());
  await store.open();
  t.regex(log.join('\n'), /does not give the entry 'secret' as it was put there; the site starts without it/);
  const error = t.throws(() => store.secret, { instanceOf: Problem });
  t.is(error?.code, 'session-store-unavailable');
});

rule('a deadline is moved although an answer was lost', async (t, { store, driver, now }) => {
  await store.create(KEY, 'one', now + HOUR);
  driver.before = (method) => {
    if (method !== 'touch') return;
    driver.before = () => undefined;
    throw new Error('the connection was lost');
  };
  t.true(await store.touch(KEY, now + 2 * HOUR, now + HOUR));
  t.like(await store.read(KEY), { deadline: now + 2 * HOUR });
});

rule('a release that fails and then hangs does not hold the request', async (t, { store, driver, now }) => {
  await store.create(KEY, 'one', 0);
  const lock = await store.acquire(KEY, REQUEST);
  const releases: Problem[] = [new Problem('session-store-failed', { params: { reason: 'full' } })];
  driver.before = (method) => {
    const problem = method === 'release' ? releases.shift() : undefined;
    if (problem !== undefined) throw problem;
    return method === 'release' ? new Promise(() => undefined) : undefined;
  };
  const write = async () => lock.release({ kind: 'write', content: 'two', deadline: now + HOUR });
  t.is((await t.throwsAsync(write, { instanceOf: Problem }))?.code, 'session-store-failed');
});

rule('changes of other requests move with a session to another key', async (t, tested) => {
  const { store, driver, now } = tested;
  Object.assign(driver, { merged: (_held: unknown, text: string) => `${text}, merged` });
  await store.create(KEY, 'one', 0);
  const to = 'cd'.repeat(32);
  await change(store, KEY, { kind: 'move', to, content: 'two', deadline: 0, until: now + HOUR });
  t.like(await store.read(to), { content: 'two, merged' });
});

test('a store that cannot be opened is closed again', async (t) => {
  let closed = 0;
  const driver = Object.assign(new MapDriver(), {
    problemOf: (cause: unknown) =>
      new Problem('session-database-refused', { params: { reason: 'no' }, cause }),
    close: () => {
      closed++;
    },
  });
  driver.before = () => {
    throw new Error('not like this');
  };
  const store = new LockingStore(driver, 'a map', {
    base_dir: tmpdir(),
    log: (_, message) => t.fail(message),
  });
  await t.throwsAsync(() => store.open(), { instanceOf: Problem });
  t.is(closed, 1);
});

test('a secret that is damaged is replaced, an empty one too', async (t) => {
  for (const text of ['', 'short', `${'A'.repeat(43)}=`]) {
    const shared = new SharedMap();
    shared.entries.set('secret', { text, deadline: 0 });
    const { store } = await opened(shared);
    t.teardown(() => store.close());
    t.is(shared.entries.get('secret')?.text, Buffer.from(store.secret).toString('base64url'));
  }
});

rule('a request waits for a store that restarts again and again', async (t, { store, driver }) => {
  await store.create(KEY, 'one', 0);
  for (let times = 0; times < 3; times++) {
    driver.before = () => {
      throw new Error('restarting');
    };
    setTimeout(() => {
      driver.before = () => undefined;
    }, 400);
    t.like(await store.read(KEY), { content: 'one' });
  }
});

test('two processes agree on one secret, and only one of them sweeps where one shall', async (t) => {
  const shared = new SharedMap();
  const stores = [new MapDriver(shared), new MapDriver(shared)].map(
    (driver) =>
      new LockingStore(Object.assign(driver, { sweepsAlone: true }), 'a map', {
        base_dir: tmpdir(),
        log: () => {},
      }),
  );
  for (const store of stores) t.teardown(() => store.close());
  await Promise.all(stores.map((store) => store.open()));
  const [one, other] = stores.map((store) => Buffer.from(store.secret));
  t.deepEqual(one, other);
  t.deepEqual(await Promise.all(stores.map((store) => store.acquireSweepLock())), [true, false]);
  await stores[0]?.close();
  t.true(await stores[1]?.acquireSweepLock());
});

test('a call without an answer never times out before its time limit', async (t) => {
  const calls = Array.from({ length: 50 }, async (_, index) => {
    await pause(index);
    const began = performance.now();
    await t.throwsAsync(withinTime(5, new Promise(() => {})), { instanceOf: TimedOut });
    return performance.now() - began;
  });
  const times = await Promise.all(calls);
  t.deepEqual(
    times.filter((time) => time < 5),
    [],
  );
});
