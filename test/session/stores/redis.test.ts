// The Redis store over Redis and Valkey: the contract of every store, and what only a server that is shared by many
// processes can do wrong.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { Problem } from '../../../engine/diagnostics/problem.ts';
import { CALL_TIMEOUT_MS } from '../../../engine/session/stores/locking/driver-calls.ts';
import { LEASE_MS } from '../../../engine/session/stores/locking/store-driver.ts';
import { loadOptionalPackage } from '../../../engine/session/stores/optional-package.ts';
import { openRedisStore } from '../../../engine/session/stores/redis/open-redis-store.ts';
import { RedisConnection, type RedisPackage } from '../../../engine/session/stores/redis/redis-connection.ts';
import { missingHere } from '../../missing-here.ts';
import { set, Visitor } from '../site.ts';
import { awayAfter, NOT_HUNG_MS, problemOf, whenBack } from './away.ts';
import { change, REQUEST, storeContract } from './contract.ts';
import { RedisCluster } from './redis-cluster.ts';
import { redisRules } from './redis-rules.ts';
import {
  type FoundRedis,
  findRedis,
  REDIS_NAMES,
  type RedisName,
  RedisServer,
  whyNot,
} from './redis-server.ts';
import { another, KEY, openTested, queueOf, siteOver } from './redis-store.ts';

/** A kind of server under test. */
interface Kind extends FoundRedis {
  readonly name: RedisName;
  /** A cluster of one server: no script may reach two sessions. */
  readonly cluster: RedisCluster | undefined;
}

async function kindOf(name: RedisName): Promise<Kind> {
  const startable = whyNot(name) === undefined;
  const cluster = startable ? await RedisCluster.start(name, 1) : undefined;
  return { name, cluster, ...(await findRedis(name)) };
}

const kinds = await Promise.all(REDIS_NAMES.map(kindOf));
test.after.always(async () => {
  for (const { close, cluster } of kinds) {
    await close();
    await cluster?.remove();
  }
});

for (const { name, missing, options, cluster } of kinds) {
  if (missing === undefined) {
    storeContract(name, () => openTested({ options }));
    redisRules(name, () => openTested({ options }));
  } else missingHere(`${name}: ${missing}`);
  if (cluster !== undefined)
    storeContract(`${name} cluster`, () => openTested({ options: { url: cluster.url } }));
}

test('a connection that is closed while it is made sends nothing and ends', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const redis = loadOptionalPackage<RedisPackage>({ store: 'redis', module: 'redis', base_dir: tmpdir() });
  const address = { url: `redis://127.0.0.1:${port}`, shown: 'a server' };
  const connection = new RedisConnection({ redis, address, channels: '', processName: '', onMessage() {} });
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const opened = connection.open();
  await connection.close();
  const [socket] = await accepted;
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text;
  });
  await once(socket, 'close');
  t.is(received, '');
  await opened;
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

test('session-driver-missing: the error for a missing driver says how to install it', async (t) => {
  const wanted = { store: 'redis', module: 'no-such-driver/promise', base_dir: tmpdir() };
  const problem = await problemOf(t, () => loadOptionalPackage(wanted));
  t.is(problem?.code, 'session-driver-missing');
  t.is(problem?.remedy, 'Run: npm install no-such-driver');
});

/** A rule about a server that a test may stop. */
function outage(
  title: string,
  run: (t: ExecutionContext, server: RedisServer) => Promise<void>,
  ...options: string[]
): void {
  for (const name of REDIS_NAMES) {
    if (whyNot(name) !== undefined) continue;
    test.serial(`${name}: ${title}`, async (t) => {
      const server = await RedisServer.prepare(name, ...options);
      t.teardown(() => server.remove());
      await run(t, server);
    });
  }
}

outage(
  'a page costs two round trips, a page that is read-only or has an unknown id costs one',
  async (t, server) => {
    await server.start();
    const tested = await openTested({ options: { unix_socket_path: server.socket } });
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
  'session-store-unavailable: a site starts without its store, logs it, and uses the store when it answers',
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
    t.regex(
      log[0] ?? '',
      /^warn: the session store cannot be reached: .*ENOENT.*; the site starts without it/,
    );
    t.is(t.throws(() => store.secret, { instanceOf: Problem })?.code, 'session-store-unavailable');
    t.true((await awayAfter(t, () => store.acquire(KEY, REQUEST))) < NOT_HUNG_MS);
    await server.start();
    await whenBack(() => store.create(KEY, 'one', 0));
    t.is((await store.read(KEY)).state, 'live');
    t.is((await whenBack(() => store.secret)).length, 32);
    while (log.length < 2) await pause(20);
    t.deepEqual(log.slice(1), [`warn: the session store is back: ${server.socket}`]);
    const tested = await openTested({ options: { unix_socket_path: server.socket } });
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
  'a server that stops answering is unavailable within two seconds, and its late answers are dropped',
  async (t, server) => {
    await server.start();
    const tested = await openTested({ options: { unix_socket_path: server.socket } });
    t.teardown(() => tested.close());
    const { store } = tested;
    await store.create(KEY, 'one', 0);
    const lock = await store.acquire(KEY, REQUEST);
    await server.freeze();
    const waits = [
      awayAfter(t, () => store.read(KEY)),
      awayAfter(t, () => store.acquire('cd'.repeat(32), REQUEST)),
      awayAfter(t, () => lock.release({ kind: 'keep' })),
    ];
    for (const wait of await Promise.all(waits)) t.true(wait < NOT_HUNG_MS);
    // Commands behind these calls have not been answered in time either.
    await pause(CALL_TIMEOUT_MS + 100);
    server.thaw();
    const next = await whenBack(() =>
      store.acquire('cd'.repeat(32), { ...REQUEST, timeoutSeconds: LEASE_MS / 1000 - 1 }),
    );
    t.is(await next.release({ kind: 'keep' }), 'done');
    t.is(await whenBack(() => change(store, KEY, { kind: 'write', content: 'two', deadline: 0 })), 'done');
  },
);

outage('session-server-refused: a server that refuses subscriptions is no store', async (t, server) => {
  await server.start();
  await server.command('ACL', 'SETUSER', 'default', 'resetchannels');
  const options = { store: 'redis', unix_socket_path: server.socket };
  const problem = await problemOf(t, () => openRedisStore(options, { base_dir: tmpdir(), log: () => {} }));
  t.is(problem?.code, 'session-server-refused');
  t.regex(problem?.message ?? '', /NOPERM/);
});

outage('a lock survives a short restart of the server', async (t, server) => {
  await server.start();
  const tested = await openTested({ options: { unix_socket_path: server.socket } });
  t.teardown(() => tested.close());
  await tested.store.create(KEY, 'one', 0);
  const lock = await tested.store.acquire(KEY, REQUEST);
  await server.stop();
  await server.start();
  t.is(await whenBack(() => lock.release({ kind: 'write', content: 'two', deadline: 0 })), 'done');
});

/** A session in a server that restarts, and two processes that use it. Leases do not end there by themselves. */
async function restarting(t: ExecutionContext, server: RedisServer) {
  await server.start();
  const tested = await openTested({ options: { unix_socket_path: server.socket } });
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
  'a lock whose release was not answered is released as soon as the server answers',
  async (t, server) => {
    const { tested, other } = await restarting(t, server);
    const lock = await other.acquire(KEY, REQUEST);
    await server.stop();
    await problemOf(t, () => lock.release({ kind: 'keep' }));
    await server.start();
    const next = await whenBack(() => tested.store.acquire(KEY, REQUEST));
    t.is(await next.release({ kind: 'keep' }), 'done');
  },
);

outage('a lock that a refused request acquires late is passed on to the next request', async (t, server) => {
  const { tested, other } = await restarting(t, server);
  const lock = await tested.store.acquire(KEY, REQUEST);
  const refused = problemOf(t, () => other.acquire(KEY, REQUEST));
  await queueOf(tested, 1);
  await server.stop();
  t.is((await refused)?.code, 'session-store-unavailable');
  await server.start();
  t.is(await whenBack(() => lock.release({ kind: 'keep' })), 'done');
  const next = await whenBack(() => tested.store.acquire(KEY, REQUEST));
  t.is(await next.release({ kind: 'keep' }), 'done');
});

outage(
  'a server that is killed and started again under load has all acknowledged changes',
  async (t, server) => {
    await server.start();
    const tested = await openTested({ options: { unix_socket_path: server.socket } });
    const other = await another(t, tested);
    t.teardown(() => tested.close());
    await tested.store.create(KEY, '0', 0);
    let sum = 0;
    let unknown = 0;
    let ended = false;
    const load = [tested.store, other].map(async (store) => {
      while (!ended) {
        const lock = await whenBack(() => store.acquire(KEY, { page: 'load.pih', timeoutSeconds: 30 }));
        const content = lock.entry.state === 'live' ? String(Number(lock.entry.content) + 1) : 'nothing';
        try {
          if ((await lock.release({ kind: 'write', content, deadline: 0 })) === 'done') sum++;
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
