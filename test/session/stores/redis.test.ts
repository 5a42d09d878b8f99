// The Redis store over Redis and Valkey: the contract of every store, and what only a server that is shared by many
// processes can do wrong.

import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { createClient } from 'redis';
import type { StoreConfig } from '../../../config/schema.ts';
import { Problem } from '../../../engine/diagnostics/problem.ts';
import { keyOf } from '../../../engine/session/id.ts';
import { loadDriver } from '../../../engine/session/stores/driver.ts';
import { COMMAND_MS } from '../../../engine/session/stores/redis/client.ts';
import { openRedisStore } from '../../../engine/session/stores/redis/open.ts';
import { LEASE_MS } from '../../../engine/session/stores/redis/scripts.ts';
import { visitElsewhere } from '../processes.ts';
import { set, TestSite, Visitor } from '../site.ts';
import { CLAIM, change, storeContract, sweepAll, type TestedStore } from './contract.ts';
import {
  type FoundRedis,
  findRedis,
  REDIS_NAMES,
  type RedisName,
  RedisServer,
  whyNot,
} from './redis-server.ts';

const KEY = 'ab'.repeat(32);

/** Two seconds are promised; a machine with much to do gets more, but less than the five that a claim would wait. */
const NOT_HUNG_MS = 4500;

/** A kind of server under test. */
interface Kind extends FoundRedis {
  readonly name: RedisName;
  /** A cluster of one server: no script may reach two sessions. */
  readonly cluster: RedisServer | undefined;
}

async function kindOf(name: RedisName): Promise<Kind> {
  const startable = whyNot(name) === undefined;
  const cluster = startable ? await RedisServer.startCluster(name) : undefined;
  return { name, cluster, ...(await findRedis(name)) };
}

const kinds = await Promise.all(REDIS_NAMES.map(kindOf));
test.after.always(async () => {
  for (const { close, cluster } of kinds) {
    await close();
    await cluster?.remove();
  }
});

for (const { name, missing } of kinds) {
  if (missing === undefined) continue;
  const line = `${name}: ${missing}`;
  if (process.env.CI === 'true') test(line, (t) => t.fail());
  else test.skip(`${line}; its tests are skipped`, () => undefined);
}

interface TestedRedis extends TestedStore {
  readonly options: StoreConfig;
  readonly log: string[];
  /** A command as an operator would give it; names are those below the prefix. */
  command(...args: string[]): Promise<unknown>;
  /** The name of a part of a session, KEY's by default: s, l or w. */
  name(part: string, key?: string): string;
}

/** A store of its own below a prefix of its own, which is cleaned up. */
async function openTested(
  server: Readonly<Record<string, string>>,
  prefix = `karrigell test ${randomBytes(6).toString('hex')}*[x]:`,
): Promise<TestedRedis> {
  const options = { store: 'redis', prefix, ...server };
  const tested = { now: Date.UTC(2026, 0, 1), log: [] as string[] };
  const { store } = await openRedisStore(options, {
    base_dir: tmpdir(),
    log: (level, message) => tested.log.push(`${level}: ${message}`),
    now: () => tested.now,
  });
  const { unix_socket_path: path, url } = server;
  const operator =
    path === undefined ? createClient({ url: url ?? '' }) : createClient({ socket: { path, tls: false } });
  operator.on('error', () => {});
  await operator.connect();
  const close = async () => {
    await store.close();
    for await (const names of operator.scanIterator({ COUNT: 1000 })) {
      for (const name of names) if (name.startsWith(prefix)) await operator.del(name);
    }
    operator.destroy();
  };
  const command = (...args: string[]) => operator.sendCommand(args);
  const name = (part: string, key = KEY) => `${prefix}{${key}}:${part}`;
  return Object.assign(tested, { store, options, close, command, name });
}

for (const { name, missing, options, cluster } of kinds) {
  if (missing === undefined) storeContract(name, () => openTested(options));
  if (cluster !== undefined)
    storeContract(`${name} cluster`, () => openTested({ unix_socket_path: cluster.socket }));
}

/** A rule about one store. */
function rule(title: string, run: (t: ExecutionContext, tested: TestedRedis) => Promise<void>): void {
  for (const { name, missing, options } of kinds) {
    const declare = missing === undefined ? test.serial : test.skip;
    declare(`${name}: ${title}`, async (t) => {
      const tested = await openTested(options);
      t.teardown(() => tested.close());
      await run(t, tested);
    });
  }
}

/** A second process' view of the same sessions. */
async function another(t: ExecutionContext, tested: TestedRedis) {
  const { store } = await openRedisStore(tested.options, {
    base_dir: tmpdir(),
    log: () => {},
    now: () => tested.now,
  });
  t.teardown(() => store.close());
  return store;
}

async function problemOf(t: ExecutionContext, run: () => unknown): Promise<Problem | undefined> {
  return t.throwsAsync(async () => run(), { instanceOf: Problem });
}

rule('text is kept as it is, beside its deadline, and the server forgets it in time', async (t, tested) => {
  await tested.store.create(KEY, '{"a":1}', tested.now + 60_000);
  t.is(await tested.command('HGET', tested.name('s'), 'c'), '{"a":1}');
  t.is(await tested.command('HGET', tested.name('s'), 'd'), String(tested.now + 60_000));
  const left = Number(await tested.command('PTTL', tested.name('s')));
  t.true(left > 60_000 && left <= 70_000);
  await tested.store.touch(KEY, 0);
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
  const turn = await tested.store.take(KEY, { ...CLAIM, begins: false });
  t.deepEqual(turn.found, { state: 'absent' });
  t.is(await tested.command('EXISTS', tested.name('l')), 0);
  t.is(await turn.commit({ kind: 'keep' }), 'done');
  t.is(await turn.commit({ kind: 'write', content: 'one', deadline: 0 }), 'gone');
});

rule('a server that has forgotten the scripts is told them again', async (t, tested) => {
  await tested.store.create(KEY, 'one', 0);
  await tested.command('SCRIPT', 'FLUSH');
  t.is(await change(tested.store, KEY, { kind: 'write', content: 'two', deadline: 0 }), 'done');
});

rule('session-turn-lost: who lost the turn to another writes nothing', async (t, tested) => {
  await tested.store.create(KEY, 'one', 0);
  const turn = await tested.store.take(KEY, CLAIM);
  await tested.command('HSET', tested.name('l'), 't', 'other:1');
  await tested.command('PERSIST', tested.name('l'));
  t.is(await turn.commit({ kind: 'write', content: 'two', deadline: 0 }), 'lost');
  t.is(await tested.command('HGET', tested.name('s'), 'c'), 'one');
  t.is(await tested.command('HGET', tested.name('l'), 't'), 'other:1');
});

rule('a turn that ran out while nobody else wanted it still counts', async (t, tested) => {
  await tested.store.create(KEY, 'one', 0);
  const turn = await tested.store.take(KEY, CLAIM);
  await tested.command('DEL', tested.name('l'));
  t.is(await turn.commit({ kind: 'write', content: 'two', deadline: 0 }), 'done');
});

rule('a turn that ran out and was had by another is lost', async (t, tested) => {
  await tested.store.create(KEY, 'one', 0);
  const turn = await tested.store.take(KEY, CLAIM);
  await tested.command('DEL', tested.name('l'));
  t.is(await change(tested.store, KEY, { kind: 'write', content: 'other', deadline: 0 }), 'done');
  t.is(await turn.commit({ kind: 'write', content: 'two', deadline: 0 }), 'lost');
  t.is(await tested.command('HGET', tested.name('s'), 'c'), 'other');
});

rule('a turn that a page holds for long is renewed', async (t, tested) => {
  const turn = await tested.store.take(KEY, CLAIM);
  const left = async () => Number(await tested.command('PTTL', tested.name('l')));
  let least = await left();
  for (let now = least; now > 0 && now <= least; now = await left()) {
    least = now;
    await pause(20);
  }
  t.true((await left()) > least);
  t.is(await turn.commit({ kind: 'keep' }), 'done');
});

rule('session-locked: whoever waits too long learns which page holds the turn', async (t, tested) => {
  const other = await another(t, tested);
  const turn = await tested.store.take(KEY, { page: 'slow | page.pih', patience: 5 });
  const problem = await problemOf(t, () => other.take(KEY, { page: 'b.pih', patience: 600, waited: 599.95 }));
  t.is(problem?.code, 'session-locked');
  t.is(problem?.status, 503);
  t.regex(problem?.message ?? '', /'slow \| page\.pih' has held it for \d/);
  await turn.commit({ kind: 'keep' });
});

rule(
  'session-visitor-left: one whose visitor leaves stops waiting, and the next is served',
  async (t, tested) => {
    const other = await another(t, tested);
    const turn = await tested.store.take(KEY, CLAIM);
    const leaving = new AbortController();
    const left = problemOf(t, () => other.take(KEY, { ...CLAIM, signal: leaving.signal }));
    await queueOf(tested, 1);
    const next = Promise.resolve(other.take(KEY, CLAIM));
    await queueOf(tested, 2);
    leaving.abort();
    t.is((await left)?.code, 'session-visitor-left');
    await turn.commit({ kind: 'keep' });
    t.is(await (await next).commit({ kind: 'keep' }), 'done');
    t.is(await tested.command('EXISTS', tested.name('l'), tested.name('w')), 0);
  },
);

rule('waiters of several processes go in order, each with the newest data', async (t, tested) => {
  const stores = await Promise.all([another(t, tested), another(t, tested), another(t, tested)]);
  await tested.store.create(KEY, '', 0);
  const turn = await tested.store.take(KEY, CLAIM);
  const pages = [];
  for (const [index, store] of stores.entries()) {
    pages.push(appendTo(store, String(index)));
    await queueOf(tested, index + 1);
  }
  await turn.commit({ kind: 'write', content: 'first', deadline: 0 });
  await Promise.all(pages);
  t.is(await tested.command('HGET', tested.name('s'), 'c'), 'first012');
});

rule('a waiter that nobody hears of any more is passed over', async (t, tested) => {
  const turn = await tested.store.take(KEY, CLAIM);
  await tested.command('RPUSH', tested.name('w'), 'dead:1|a.pih');
  const waiting = Promise.resolve((await another(t, tested)).take(KEY, CLAIM));
  await queueOf(tested, 2);
  await turn.commit({ kind: 'create', content: 'one', deadline: 0 });
  const next = await waiting;
  t.deepEqual(next.found, { state: 'live', content: 'one', deadline: 0 });
  await next.commit({ kind: 'keep' });
});

rule('a waiter learns of the end of a session', async (t, tested) => {
  await tested.store.create(KEY, 'one', 0);
  const turn = await tested.store.take(KEY, CLAIM);
  const waiting = Promise.resolve((await another(t, tested)).take(KEY, CLAIM));
  await queueOf(tested, 1);
  await turn.commit({ kind: 'end', until: tested.now + 1000 });
  const next = await waiting;
  t.deepEqual(next.found, { state: 'retired' });
  await next.commit({ kind: 'keep' });
});

rule('something damaged is put where an operator finds it', async (t, tested) => {
  await tested.store.create(KEY, '{"cut', 0);
  await change(tested.store, KEY, { kind: 'set-aside' });
  t.is(await tested.command('HGET', tested.name('damaged'), 'c'), '{"cut');
});

rule('whatever has a deadline goes by itself, so that nobody need look for it', async (t, tested) => {
  const { store, now } = tested;
  const left = async (key = KEY) => Number(await tested.command('PTTL', tested.name('s').replace(KEY, key)));
  const moved = 'cd'.repeat(32);
  t.true(store.forgets);
  await store.create(KEY, 'one', now + 600_000);
  t.true((await left()) > 0);
  await change(store, KEY, { kind: 'write', content: 'two', deadline: 0 });
  t.is(await left(), -1);
  await store.touch(KEY, now + 600_000);
  t.true((await left()) > 0);
  const until = now + 60_000;
  await change(store, KEY, { kind: 'move', to: moved, content: 'two', deadline: now + 600_000, until });
  t.true((await left()) > 0 && (await left()) < 100_000);
  t.true((await left(moved)) > 500_000);
});

rule('the sweep leaves what somebody works with', async (t, tested) => {
  await tested.store.create(KEY, 'one', tested.now + 600_000);
  const turn = await tested.store.take(KEY, CLAIM);
  tested.now += 600_000;
  t.is(await sweepAll(tested.store), 0);
  await turn.commit({ kind: 'keep' });
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
  const problem = await problemOf(t, () => tested.store.take(KEY, CLAIM));
  t.is(problem?.code, 'session-server-refused');
  t.is(problem?.status, 500);
  t.true(problem?.message.includes('WRONGTYPE'));
});

for (const [option, value] of Object.entries({
  url: 'http://127.0.0.1/',
  unix_socket_path: 5,
  prefix: 'a{b}',
})) {
  test(`session-store-option: redis: ${option} is checked`, async (t) => {
    const options = { store: 'redis', [option]: value };
    const problem = await problemOf(t, () => openRedisStore(options, { base_dir: tmpdir(), log: () => {} }));
    t.is(problem?.code, 'session-store-option');
    t.true(problem?.message.includes(`'${option}'`));
  });
}

test('session-driver-missing: a driver that is not there is a problem that says how to get it', async (t) => {
  const wanted = { store: 'redis', module: 'no-such-driver/promise', base_dir: tmpdir() };
  const problem = await problemOf(t, () => loadDriver(wanted));
  t.is(problem?.code, 'session-driver-missing');
  t.is(problem?.remedy, 'Run: npm install no-such-driver');
});

rule('a killed holder is noticed before its lease is over', async (t, tested) => {
  const site = await siteOver(t, tested, Date.now);
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'count', 0));
  const holder = visitElsewhere(t, site, visitor, { pages: 1, holds: true });
  t.is(await holder.says(), 'held');
  await holder.kill();
  // The lease does not end meanwhile.
  const lock = tested.name('l', keyOf(visitor.id ?? ''));
  const lease = setInterval(() => void tested.command('PEXPIRE', lock, '2500'), 20);
  t.teardown(() => clearInterval(lease));
  t.is(await site.visit(visitor, (s) => s.count), 1);
});

/** A page that adds to what it finds. */
async function appendTo(store: TestedRedis['store'], text: string): Promise<void> {
  const turn = await store.take(KEY, CLAIM);
  const before = turn.found.state === 'live' ? turn.found.content : '';
  await turn.commit({ kind: 'write', content: before + text, deadline: 0 });
}

/** Waits until so many stand in the queue. */
async function queueOf(tested: TestedRedis, length: number): Promise<void> {
  for (let tries = 0; Number(await tested.command('LLEN', tested.name('w'))) !== length; tries++) {
    if (tries === 2000) throw new Error(`the queue never had ${length}`);
    await pause(5);
  }
}

async function siteOver(t: ExecutionContext, tested: TestedRedis, clock?: () => number): Promise<TestSite> {
  const dir = tmpdir();
  const place = { dir, config: tested.options, remove: async () => undefined };
  const site = new TestSite(dir, place, clock);
  await site.open();
  t.teardown(() => site.sessions.close());
  return site;
}

/** A rule about a server that a test may stop. */
function outage(
  title: string,
  run: (t: ExecutionContext, server: RedisServer) => Promise<void>,
  ...options: string[]
): void {
  for (const { name, cluster } of kinds) {
    const declare = cluster === undefined ? test.skip : test.serial;
    declare(`${name}: ${title}`, async (t) => {
      const server = await RedisServer.prepare(name, ...options);
      t.teardown(() => server.remove());
      await run(t, server);
    });
  }
}

/** How long it takes to say that the store is away. */
async function awayAfter(t: ExecutionContext, run: () => unknown): Promise<number> {
  const began = performance.now();
  const problem = await problemOf(t, run);
  t.is(problem?.code, 'session-store-away');
  t.is(problem?.status, 503);
  return performance.now() - began;
}

/** Tries until the store answers again. */
async function whenBack<T>(run: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'session-store-away') throw error;
      await pause(10);
    }
  }
}

outage(
  'a page costs two round trips, one that only looks or has an unknown id costs one',
  async (t, server) => {
    await server.start();
    const tested = await openTested({ unix_socket_path: server.socket });
    t.teardown(() => tested.close());
    const site = await siteOver(t, tested);
    const visitor = new Visitor();
    await site.visit(visitor, (s) => set(s, 'count', 0));
    await site.visit(visitor, (s) => set(s, 'count', 1));
    const forged = visitor.twin();
    forged.header = `sessionId=${'A'.repeat(48)}`;
    const calls = async (page: () => Promise<unknown>) => {
      await tested.command('CONFIG', 'RESETSTAT');
      await page();
      const stats = String(await tested.command('INFO', 'commandstats'));
      const times = (name: string) => Number(stats.match(`cmdstat_${name}:calls=(\\d+)`)?.[1] ?? 0);
      return times('evalsha') === 0 ? times('hmget') : times('evalsha') + times('eval');
    };
    t.is(await calls(() => site.visit(visitor, (s) => set(s, 'count', 2))), 2);
    t.is(await calls(() => site.visit(visitor, (s) => s.count, { read_only: true })), 1);
    t.is(await calls(() => site.visit(forged, () => undefined)), 1);
  },
);

outage(
  'session-store-away: a site starts without its store, says so, and finds it when it comes',
  async (t, server) => {
    const log: string[] = [];
    const options = { store: 'redis', unix_socket_path: server.socket };
    const { store, description } = await openRedisStore(options, {
      base_dir: tmpdir(),
      log: (level, message) => log.push(`${level}: ${message}`),
    });
    t.teardown(() => store.close());
    t.is(description, `redis (${server.socket})`);
    t.is(log.length, 1);
    t.regex(log[0] ?? '', /^warn: the session store is away: .*ENOENT/);
    t.is(t.throws(() => store.secret, { instanceOf: Problem })?.code, 'session-store-away');
    t.true((await awayAfter(t, () => store.take(KEY, CLAIM))) < NOT_HUNG_MS);
    await server.start();
    await whenBack(() => store.create(KEY, 'one', 0));
    t.is((await store.read(KEY)).state, 'live');
    t.is(store.secret.length, 32);
    t.deepEqual(log.slice(1), [`warn: the session store is back: ${server.socket}`]);
    const tested = await openTested({ unix_socket_path: server.socket });
    t.teardown(() => tested.close());
    const listening = () => tested.command('PUBSUB', 'CHANNELS', 'karrigell:process:*');
    t.like(await listening(), { length: 1 });
    await server.stop();
    await server.start();
    await whenBack(() => Promise.all([store.read(KEY), tested.store.read(KEY)]));
    t.like(await listening(), { length: 1 });
  },
);

outage(
  'a server that stops answering is away within two seconds, and its late answers harm nobody',
  async (t, server) => {
    await server.start();
    const tested = await openTested({ unix_socket_path: server.socket });
    t.teardown(() => tested.close());
    const { store } = tested;
    await store.create(KEY, 'one', 0);
    const turn = await store.take(KEY, CLAIM);
    await server.freeze();
    const waits = [
      awayAfter(t, () => store.read(KEY)),
      awayAfter(t, () => store.take('cd'.repeat(32), CLAIM)),
      awayAfter(t, () => turn.commit({ kind: 'keep' })),
    ];
    for (const wait of await Promise.all(waits)) t.true(wait < NOT_HUNG_MS);
    // What was said after them has not been answered in time either.
    await pause(COMMAND_MS + 100);
    server.thaw();
    const next = await whenBack(() =>
      store.take('cd'.repeat(32), { ...CLAIM, patience: LEASE_MS / 1000 - 1 }),
    );
    t.is(await next.commit({ kind: 'keep' }), 'done');
    t.is(await whenBack(() => change(store, KEY, { kind: 'write', content: 'two', deadline: 0 })), 'done');
  },
);

outage('a turn survives a short restart of the server', async (t, server) => {
  await server.start();
  const tested = await openTested({ unix_socket_path: server.socket });
  t.teardown(() => tested.close());
  await tested.store.create(KEY, 'one', 0);
  const turn = await tested.store.take(KEY, CLAIM);
  await server.stop();
  await server.start();
  t.is(await whenBack(() => turn.commit({ kind: 'write', content: 'two', deadline: 0 })), 'done');
});

/** A session in a server that restarts, and two processes that use it. Leases do not end there by themselves. */
async function restarting(t: ExecutionContext, server: RedisServer) {
  await server.start();
  const tested = await openTested({ unix_socket_path: server.socket });
  t.teardown(() => tested.close());
  const other = await another(t, tested);
  await tested.store.create(KEY, 'one', 0);
  const lease = setInterval(() => {
    tested.command('PERSIST', tested.name('l')).catch(() => undefined);
  }, 20);
  t.teardown(() => clearInterval(lease));
  return { tested, other };
}

outage(
  'a turn whose end was not heard of is given back as soon as the server is there',
  async (t, server) => {
    const { tested, other } = await restarting(t, server);
    const turn = await other.take(KEY, CLAIM);
    await server.stop();
    await problemOf(t, () => turn.commit({ kind: 'keep' }));
    await server.start();
    const next = await whenBack(() => tested.store.take(KEY, CLAIM));
    t.is(await next.commit({ kind: 'keep' }), 'done');
  },
);

outage('a turn that comes to one who was refused meanwhile goes on to the next', async (t, server) => {
  const { tested, other } = await restarting(t, server);
  const turn = await tested.store.take(KEY, CLAIM);
  const refused = problemOf(t, () => other.take(KEY, CLAIM));
  await queueOf(tested, 1);
  await server.stop();
  t.is((await refused)?.code, 'session-store-away');
  await server.start();
  t.is(await whenBack(() => turn.commit({ kind: 'keep' })), 'done');
  const next = await whenBack(() => tested.store.take(KEY, CLAIM));
  t.is(await next.commit({ kind: 'keep' }), 'done');
});

outage(
  'a server that is killed and started again under load has all that was acknowledged',
  async (t, server) => {
    await server.start();
    const tested = await openTested({ unix_socket_path: server.socket });
    const other = await another(t, tested);
    t.teardown(() => tested.close());
    await tested.store.create(KEY, '0', 0);
    let sum = 0;
    let unknown = 0;
    let ended = false;
    const load = [tested.store, other].map(async (store) => {
      while (!ended) {
        const turn = await whenBack(() => store.take(KEY, { page: 'load.pih', patience: 30 }));
        const content = turn.found.state === 'live' ? String(Number(turn.found.content) + 1) : 'nothing';
        try {
          if ((await turn.commit({ kind: 'write', content, deadline: 0 })) === 'done') sum++;
        } catch {
          unknown++;
        }
      }
    });
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
      const target = sum + 50;
      while (sum < target) await pause(5);
      await server.stop(signal);
      await server.start();
    }
    ended = true;
    await Promise.all(load);
    const found = await whenBack(() => tested.store.read(KEY));
    const stored = found.state === 'live' ? Number(found.content) : 0;
    t.true(
      stored >= sum && stored <= sum + unknown,
      `${sum} acknowledged, ${unknown} unknown, ${stored} stored`,
    );
  },
);
