// The Redis store over clusters of several servers, of Redis and of Valkey: the contract and the rules that hold on one server,
// and what happens when one of them stops, hands its sessions over, or joins later.

import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { missingHere } from '../../missing-here.ts';
import { visitElsewhere } from '../processes.ts';
import { set, Visitor } from '../site.ts';
import { awayAfter, NOT_HUNG_MS, whenBack } from './away.ts';
import { change, REQUEST, storeContract } from './contract.ts';
import { RedisCluster } from './redis-cluster.ts';
import { redisRules } from './redis-rules.ts';
import { REDIS_NAMES, type RedisName, type RedisServer, whyNot } from './redis-server.ts';
import { another, KEY, openTested, siteOver, type TestedRedis } from './redis-store.ts';

const names = REDIS_NAMES.filter((name) => whyNot(name) === undefined);
for (const name of REDIS_NAMES) {
  const missing = whyNot(name);
  if (missing !== undefined) missingHere(missing, 'the tests of its clusters');
}

/** A cluster that all tests share which stop no server. The first of them starts it: tests are registered at once. */
function shared(name: RedisName): () => Promise<RedisCluster> {
  let started: Promise<RedisCluster> | undefined;
  test.after.always(async () => (await started)?.remove());
  return () => {
    started ??= RedisCluster.start(name, 3);
    return started;
  };
}

const clusters = names.map((name) => ({ name, cluster: shared(name) }));

/** One after the other: hundreds of connections at once would be late on a busy machine. */
let opened: Promise<unknown> = Promise.resolve();

for (const { name, cluster } of clusters) {
  const open = () => {
    const next = opened.then(async () =>
      openTested({ options: { url: (await cluster()).url }, several: true }),
    );
    opened = next;
    return next;
  };
  storeContract(`${name} cluster of three`, open);
  redisRules(`${name} cluster of three`, open);
}

/** A rule about a cluster of its own, of so many servers of which so many have slots. */
function rule(
  title: string,
  [servers, masters]: readonly [number, number],
  run: (t: ExecutionContext, cluster: RedisCluster) => Promise<void>,
): void {
  for (const name of names) {
    test(`${name}: ${title}`, async (t) => {
      const cluster = await RedisCluster.start(name, servers, masters);
      t.teardown(() => cluster.remove());
      await run(t, cluster);
    });
  }
}

async function openOn(t: ExecutionContext, { url }: RedisCluster): Promise<TestedRedis> {
  const tested = await openTested({ options: { url }, several: true });
  t.teardown(() => tested.close());
  return tested;
}

/** A key whose session a server has. */
function keyAt(cluster: RedisCluster, server: RedisServer, from = 0): string {
  for (let number = from; ; number++) {
    const key = number.toString(16).padStart(64, '0');
    if (cluster.ownerOf(key) === server) return key;
  }
}

/** The counts of a loop that adds to a stored number. */
interface Counting {
  done: number;
  /** Changes whose release failed, so that they may be stored or not. */
  unknown: number;
  ended: boolean;
  readonly over: Promise<void>;
}

/** Adds one to the number under a key, again and again until it is told to end. */
function counting({ store }: Pick<TestedRedis, 'store'>, key: string): Counting {
  const counted = { done: 0, unknown: 0, ended: false };
  const work = async () => {
    while (!counted.ended) {
      const lock = await whenBack(() => store.acquire(key, { page: 'load.pih', timeoutSeconds: 30 }));
      const content = lock.entry.state === 'live' ? String(Number(lock.entry.content) + 1) : 'nothing';
      try {
        if ((await lock.release({ kind: 'write', content, deadline: 0 })) === 'done') counted.done++;
      } catch {
        counted.unknown++;
      }
    }
  };
  return Object.assign(counted, { over: work() });
}

/** Asserts that the stored number is the number of changes, give or take the unknown ones. */
async function isCounted(t: ExecutionContext, { store }: TestedRedis, key: string, counts: Counting[]) {
  for (const count of counts) count.ended = true;
  await Promise.all(counts.map(({ over }) => over));
  const found = await whenBack(() => store.read(key));
  const stored = found.state === 'live' ? Number(found.content) : 0;
  const done = counts.reduce((sum, count) => sum + count.done, 0);
  const unknown = counts.reduce((sum, count) => sum + count.unknown, 0);
  const tally = `${done} done, ${unknown} unknown, ${stored} stored`;
  t.true(stored >= done && stored <= done + unknown, tally);
}

async function listed({ store }: TestedRedis): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list()) keys.push(key);
  return keys.sort();
}

/** Waits until so many more are done. */
async function more(count: Counting, wanted: number): Promise<void> {
  const target = count.done + wanted;
  while (count.done < target) await pause(5);
}

rule(
  'the outage of one server concerns its own sessions alone, and its end is noticed',
  [3, 3],
  async (t, cluster) => {
    const [, stopped, other] = cluster.servers as [RedisServer, RedisServer, RedisServer];
    const tested = await openOn(t, cluster);
    const { store, log } = tested;
    const [gone, stays] = [keyAt(cluster, stopped), keyAt(cluster, other)];
    for (const key of [gone, stays]) await store.create(key, '0', 0);
    const lock = await store.acquire(gone, REQUEST);
    await stopped.stop('SIGKILL');
    const asks = [
      () => store.acquire(gone, REQUEST),
      () => store.read(gone),
      () => lock.release({ kind: 'keep' }),
    ];
    for (const wait of await Promise.all(asks.map((ask) => awayAfter(t, ask)))) t.true(wait < NOT_HUNG_MS);
    t.true((await awayAfter(t, () => listed(tested))) < NOT_HUNG_MS);
    t.is(await change(store, stays, { kind: 'write', content: '1', deadline: 0 }), 'done');
    await stopped.start();
    t.is(await whenBack(() => change(store, gone, { kind: 'write', content: '1', deadline: 0 })), 'done');
    t.deepEqual(await listed(tested), [gone, stays].sort());
    while (log.length < 2) await pause(20);
    t.regex(
      log[0] ?? '',
      /^warn: the session store cannot be reached: cluster server 127\.0\.0\.1:\d+: .*; pages/,
    );
    t.regex(log[1] ?? '', /^warn: the session store is back: cluster server 127\.0\.0\.1:\d+$/);
    t.is(log.length, 2);
  },
);

rule(
  'a server that hangs delays the sessions of other servers for a moment only',
  [3, 3],
  async (t, cluster) => {
    const tested = await openOn(t, cluster);
    const hanging = cluster.ownerOf('secret');
    const other = cluster.servers.find((server) => server !== hanging) as RedisServer;
    const [hung, goes] = [keyAt(cluster, hanging), keyAt(cluster, other)];
    await tested.store.create(goes, 'one', 0);
    await hanging.freeze();
    let isHung = true;
    const away = awayAfter(t, () => tested.store.acquire(hung, REQUEST)).finally(() => {
      isHung = false;
    });
    const lock = await tested.store.acquire(goes, { ...REQUEST, mayCreate: false });
    t.is(await lock.release({ kind: 'write', content: 'two', deadline: 0 }), 'done');
    t.true(isHung);
    t.true((await away) < NOT_HUNG_MS);
    // The secret is at the server that hangs.
    t.is(await change(tested.store, goes, { kind: 'write', content: 'three', deadline: 0 }), 'done');
  },
);

rule('a site starts while servers are away, and finds them when they come', [3, 3], async (t, cluster) => {
  const [named, other] = cluster.servers as [RedisServer, RedisServer];
  const [there, away] = [keyAt(cluster, named), keyAt(cluster, other)];
  await other.stop();
  const tested = await openOn(t, cluster);
  t.true((await awayAfter(t, () => tested.store.acquire(away, REQUEST))) < NOT_HUNG_MS);
  t.is(tested.log.length, 1);
  await tested.store.create(there, '0', 0);
  await other.start();
  await whenBack(() => tested.store.create(away, '0', 0));
  await named.stop();
  const late = await another(t, tested);
  for (const key of [there, away])
    t.true((await awayAfter(t, () => late.acquire(key, REQUEST))) < NOT_HUNG_MS);
  await named.start();
  for (const key of [there, away]) t.is((await whenBack(() => late.read(key))).state, 'live');
});

rule('sessions go on while their slot moves to another server', [3, 3], async (t, cluster) => {
  const [from, to] = cluster.servers as [RedisServer, RedisServer];
  const tested = await openOn(t, cluster);
  const key = keyAt(cluster, from);
  await tested.store.create(key, '0', 0);
  const counts = [counting(tested, key), counting({ store: await another(t, tested) }, key)] as const;
  for (const [one, two] of [
    [from, to],
    [to, from],
  ] as const) {
    await more(counts[0], 20);
    await cluster.moveSlot(key, one, two);
    await more(counts[1], 20);
  }
  await isCounted(t, tested, key, [...counts]);
});

rule('a session that takes long to move is away until it has moved', [3, 3], async (t, cluster) => {
  const [from, to] = cluster.servers as [RedisServer, RedisServer];
  const { store } = await openOn(t, cluster);
  const key = keyAt(cluster, from);
  await store.create(key, 'one', 0);
  await cluster.moveSlot(key, from, to, async () => {
    t.is((await store.read(key)).state, 'live');
    t.true((await awayAfter(t, () => store.acquire(key, REQUEST))) < NOT_HUNG_MS);
  });
  t.is(await change(store, key, { kind: 'write', content: 'two', deadline: 0 }), 'done');
});

rule('a server that becomes one of a cluster takes its visitors along', [2, 1], async (t, cluster) => {
  const [alone, joined] = cluster.servers as [RedisServer, RedisServer];
  const tested = await openOn(t, cluster);
  await tested.store.create(KEY, '0', 0);
  const count = counting(tested, KEY);
  await more(count, 20);
  await cluster.moveSlot(KEY, alone, joined);
  await more(count, 20);
  await isCounted(t, tested, KEY, [count]);
});

rule('a server that hands all over to its replica takes its visitors along', [2, 1], async (t, cluster) => {
  const [master, replica] = cluster.servers as [RedisServer, RedisServer];
  await cluster.replicate(replica, master);
  const { store } = await openOn(t, cluster);
  await store.create(KEY, 'one', 0);
  await replica.command('CLUSTER', 'FAILOVER');
  while (!(await master.command('INFO', 'replication')).includes('role:slave')) await pause(5);
  t.is(await whenBack(() => change(store, KEY, { kind: 'write', content: 'two', deadline: 0 })), 'done');
  t.like(await store.read(KEY), { state: 'live', content: 'two' });
});

/** How far a server is in the stream of replication. */
async function offsetOf(server: RedisServer, role: 'master' | 'slave'): Promise<number> {
  const info = await server.command('INFO', 'replication');
  return Number(new RegExp(`${role}_repl_offset:(\\d+)`).exec(info)?.[1]);
}

rule('a replica that takes over goes on with the sessions', [4, 3], async (t, cluster) => {
  const [, master, , replica] = cluster.servers as [RedisServer, RedisServer, RedisServer, RedisServer];
  await cluster.replicate(replica, master);
  const tested = await openOn(t, cluster);
  const key = keyAt(cluster, master);
  await tested.store.create(key, '0', 0);
  await change(tested.store, key, { kind: 'write', content: '1', deadline: 0 });
  // WAIT counts the writes of its own connection only.
  while ((await offsetOf(replica, 'slave')) < (await offsetOf(master, 'master'))) await pause(5);
  await master.stop('SIGKILL');
  await replica.command('CLUSTER', 'FAILOVER', 'TAKEOVER');
  t.is(await whenBack(() => change(tested.store, key, { kind: 'write', content: '2', deadline: 0 })), 'done');
  t.like(await tested.store.read(key), { state: 'live', content: '2' });
  // An outage is told only where a request met it, and then its end too.
  const told = (words: string) =>
    tested.log.filter((line) => line.startsWith(`warn: the session store ${words}`)).length;
  while (told('cannot be reached') > told('is back')) await pause(20);
  t.is(told('cannot be reached'), told('is back'));
});

for (const { name, cluster } of clusters) {
  test.serial(`${name} cluster of three: requests of several processes lose no change`, async (t) => {
    const { url } = await cluster();
    const tested = await openTested({ options: { url }, several: true });
    t.teardown(() => tested.close());
    const site = await siteOver(t, tested, Date.now);
    const visitor = new Visitor();
    await site.visit(visitor, (s) => set(s, 'count', 0));
    const processes = [1, 2, 3].map(() => visitElsewhere(t, site, visitor, { pages: 20 }));
    for (const { ended } of processes) t.is(await ended, 0);
    t.is(await site.visit(visitor, (s) => s.count), 60);
  });
}
