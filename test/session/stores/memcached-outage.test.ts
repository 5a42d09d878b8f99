// The memcached store when servers stop, hang, forget and come back, and go away in the middle of a page.

import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import test, { type ExecutionContext } from 'ava';
import { Problem } from '../../../engine/diagnostics/problem.ts';
import { SessionEndedError } from '../../../engine/session/session-errors.ts';
import { openMemcachedStore } from '../../../engine/session/stores/memcached/open-memcached-store.ts';
import { missingHere } from '../../missing-here.ts';
import { serveSite } from '../../site-fixture.ts';
import { Visitor as Browser } from '../../visitor.ts';
import { set, Visitor } from '../site.ts';
import { awayAfter, NOT_HUNG_MS, problemOf, whenBack } from './away.ts';
import { change, REQUEST } from './contract.ts';
import { isUsable, MemcachedServer, whyNot } from './memcached-server.ts';
import { another, eventually, KEY, OTHER, openTested, siteOver } from './memcached-store.ts';

if (!isUsable) missingHere(whyNot, 'the tests of its outages');

/** A rule about a server that a test may stop; it does not run yet. */
function outage(title: string, run: (t: ExecutionContext, server: MemcachedServer) => Promise<void>): void {
  if (!isUsable) return;
  test.serial(`memcached: ${title}`, async (t) => {
    const server = await MemcachedServer.prepare();
    t.teardown(() => server.stop());
    await run(t, server);
  });
}

async function openOn(t: ExecutionContext, ...servers: readonly MemcachedServer[]) {
  const tested = await openTested(servers.map(({ address }) => address));
  t.teardown(() => tested.close());
  return tested;
}

/** A server that we play ourselves. */
async function played(t: ExecutionContext, play: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    play(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

outage(
  'a page costs two round trips, a read-only page one, and the wait for an unknown id one',
  async (t, server) => {
    await server.start();
    const [host = '', port] = server.address.split(':');
    let trips = 0;
    const proxy = await played(t, (client) => {
      const upstream = createConnection({ host, port: Number(port), noDelay: true });
      client.setNoDelay(true);
      client.on('data', (chunk) => {
        trips++;
        upstream.write(chunk);
      });
      upstream.pipe(client);
      client.on('close', () => upstream.destroy());
    });
    const tested = await openTested(proxy);
    t.teardown(() => tested.close());
    const site = await siteOver(t, tested);
    const visitor = new Visitor();
    await site.visit(visitor, (s) => set(s, 'count', 0));
    await site.visit(visitor, (s) => set(s, 'count', 1));
    const forged = visitor.twin();
    forged.header = `sessionId=${'A'.repeat(48)}`;
    // A look at the server that happens to come meanwhile is one trip more.
    const fewest = async (page: () => Promise<unknown>) => {
      const counts = [];
      for (let run = 0; run < 3; run++) {
        const before = trips;
        await page();
        counts.push(trips - before);
      }
      return Math.min(...counts);
    };
    let count = 1;
    t.is(await fewest(() => site.visit(visitor, (s) => set(s, 'count', ++count))), 2);
    t.is(await fewest(() => site.visit(visitor, (s) => s.count, { read_only: true })), 1);
    const unknown = await fewest(() => site.visit(forged.twin(), () => undefined));
    // Its lock is given back without waiting.
    t.true(unknown <= 2, String(unknown));
  },
);

outage(
  'session-store-unavailable: a site starts without its store, logs it, and uses the store when it answers',
  async (t, server) => {
    const log: string[] = [];
    const { store, description } = await openMemcachedStore(
      { store: 'memcached', servers: server.address },
      { base_dir: tmpdir(), log: (level, message) => log.push(`${level}: ${message}`) },
    );
    t.teardown(() => store.close());
    t.is(description, `memcached (${server.address})`);
    t.is(log.length, 1);
    t.regex(log[0] ?? '', /^warn: the session store cannot be reached: .*ECONNREFUSED/);
    t.is(t.throws(() => store.secret, { instanceOf: Problem })?.code, 'session-store-unavailable');
    t.true((await awayAfter(t, () => store.acquire(KEY, REQUEST))) < NOT_HUNG_MS);
    await server.start();
    await whenBack(() => store.create(KEY, 'one', 0));
    t.is((await store.read(KEY)).state, 'live');
    t.is(store.secret.length, 32);
    await eventually(async () => log.length > 1 || undefined);
    t.deepEqual(log.slice(1), [`warn: the session store is back: ${server.address}`]);
  },
);

outage(
  'a server that stops answering is unavailable within two seconds, and its late answers are dropped',
  async (t, server) => {
    await server.start();
    const { store, log } = await openOn(t, server);
    await store.create(KEY, 'one', 0);
    const lock = await store.acquire(KEY, REQUEST);
    await server.freeze();
    const waits = [
      awayAfter(t, () => store.read(KEY)),
      awayAfter(t, () => store.acquire(OTHER, REQUEST)),
      awayAfter(t, () => lock.release({ kind: 'keep' })),
    ];
    for (const wait of await Promise.all(waits)) t.true(wait < NOT_HUNG_MS);
    t.true((await awayAfter(t, () => store.read(KEY))) < NOT_HUNG_MS);
    t.is(log.length, 1);
    server.thaw();
    t.is(await whenBack(() => change(store, OTHER, { kind: 'keep' })), 'done');
    t.is(await whenBack(() => change(store, KEY, { kind: 'write', content: 'two', deadline: 0 })), 'done');
  },
);

outage(
  'a restart ends all sessions: each visitor gets an empty one under a new id, and all processes agree',
  async (t, server) => {
    await server.start();
    const tested = await openOn(t, server);
    const [one, two] = [await siteOver(t, tested), await siteOver(t, tested)];
    const secret = Buffer.from(tested.store.secret).toString('hex');
    const visitor = new Visitor();
    await one.visit(visitor, (s) => set(s, 'name', 'Jean'));
    const fresh = new Visitor();
    await one.visit(fresh, (s) => s.is_new);
    const before = [visitor.id, fresh.id];
    await server.stop();
    await server.start();
    t.false(await whenBack(() => two.visit(visitor, (s) => s.has('name'))));
    await whenBack(() => one.visit(fresh, (s) => s.is_new));
    t.false(before.includes(visitor.id) || before.includes(fresh.id));
    const ids = [visitor.id, fresh.id];
    await Promise.all([
      one.visit(visitor.twin(), (s) => set(s, 'one', 1)),
      two.visit(visitor.twin(), (s) => set(s, 'two', 2)),
    ]);
    t.deepEqual(await one.visit(visitor, (s) => [s.one, s.two]), [1, 2]);
    t.deepEqual([visitor.id, fresh.id], ids);
    await whenBack(() => tested.store.read(KEY));
    await eventually(async () => Buffer.from(tested.store.secret).toString('hex') !== secret || undefined);
    const { store: late } = await openMemcachedStore(tested.options, { base_dir: tmpdir(), log: () => {} });
    t.teardown(() => late.close());
    t.deepEqual(Buffer.from(late.secret), Buffer.from(tested.store.secret));
  },
);

outage('a page during which the server restarts stores nothing and creates no entry', async (t, server) => {
  await server.start();
  const site = await siteOver(t, await openOn(t, server));
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'count', 1));
  const page = site.visit(visitor.twin(), async (s) => {
    s.count = 2;
    await server.stop();
    await server.start();
  });
  const error = await t.throwsAsync(page);
  t.true(
    error instanceof SessionEndedError ||
      (error instanceof Problem && error.code === 'session-store-unavailable'),
  );
  t.false(await whenBack(() => site.visit(visitor, (s) => s.has('count'))));
});

outage('a server that silently lost everything gets a secret again', async (t, server) => {
  await server.start();
  const tested = await openOn(t, server);
  const before = Buffer.from(tested.store.secret).toString('hex');
  await server.command('flush_all');
  await eventually(() => server.value(`${tested.options.prefix}secret:s`));
  const other = await another(t, tested);
  t.deepEqual(Buffer.from(other.secret), Buffer.from(tested.store.secret));
  t.not(Buffer.from(other.secret).toString('hex'), before);
});

outage('several servers share the sessions, and a session stays on its server', async (t, one) => {
  const two = await MemcachedServer.start();
  t.teardown(() => two.stop());
  await one.start();
  const tested = await openOn(t, one, two);
  const { store } = tested;
  const keys = Array.from({ length: 60 }, (_, n) => (n + 16).toString(16).repeat(32));
  for (const key of keys) await store.create(key, 'one', 0);
  const options = { ...tested.options, servers: [two.address, one.address] };
  const { store: other } = await openMemcachedStore(options, { base_dir: tmpdir(), log: () => {} });
  t.teardown(() => other.close());
  for (const key of keys) t.is((await other.read(key)).state, 'live', key);
  const listed = [];
  for await (const { key } of store.list()) listed.push(key);
  t.deepEqual(listed.sort(), [...keys].sort());
  const names = await one.names(String(tested.options.prefix));
  const ofOne = keys.filter((key) => names.some((name) => name.endsWith(`${key}:s`)));
  const ofTwo = keys.filter((key) => !ofOne.includes(key));
  t.true(ofOne.length > 10 && ofTwo.length > 10, `${ofOne.length} and ${ofTwo.length}`);
  const [from = '', to = ''] = [ofTwo[0], ofOne[0]];
  await one.command(`delete ${tested.name('s').replace(KEY, to)}`);
  const move = { kind: 'move', to, content: 'moved', deadline: 0, until: tested.now + 1000 } as const;
  t.is(await change(store, from, move), 'done');
  t.deepEqual(await store.read(to), { state: 'live', content: 'moved', deadline: 0 });
  t.is((await store.read(from)).state, 'retired');
  await one.stop();
  for (const key of ofTwo.slice(1)) t.is((await store.read(key)).state, 'live', key);
  await awayAfter(t, () => store.read(to));
  await awayAfter(t, () => store.create(to, 'elsewhere', 0));
  t.is(
    (await problemOf(t, async () => void (await store.list()[Symbol.asyncIterator]().next())))?.code,
    'session-store-unavailable',
  );
  await one.start();
  t.deepEqual(await whenBack(() => store.read(to)), { state: 'absent' });
});

outage(
  'a server that is restarted under load loses nothing between two restarts, and pages without sessions are answered all the time',
  async (t, server) => {
    await server.start();
    const site = await serveSite(
      t,
      { 'plain.pih': 'plain', 'count.pih': "<% const s = Session(); s.n = s.get('n', 0) + 1 %><%= s.n %>" },
      { persistent_session: { store: 'memcached', servers: server.address } },
    );
    let ended = false;
    let counted = 0;
    const seen = new Set<number>();
    const plain = async () => {
      while (!ended) t.is((await site.get('/plain')).status, 200);
    };
    const count = async () => {
      const visitor = new Browser(site.url);
      let last = 0;
      while (!ended) {
        const response = await visitor.get('/count');
        seen.add(response.status);
        const n = Number(await response.text());
        if (response.status !== 200) continue;
        // One more than before, or anew because the server forgot.
        t.true(n === last + 1 || n === 1, `${n} after ${last}`);
        last = n;
        counted++;
      }
    };
    const load = [plain(), count(), count(), count()];
    for (let round = 0; round < 3; round++) {
      const target = counted + 30;
      await eventually(async () => counted >= target || undefined);
      await server.stop();
      if (round === 1) await eventually(async () => seen.has(503) || undefined);
      await server.start();
      const visitor = new Browser(site.url);
      const back = () => visitor.get('/count').then(({ status }) => (status === 200 ? true : undefined));
      t.true(await eventually(back));
    }
    ended = true;
    await Promise.all(load);
    const usual = [200, 409, 503];
    t.deepEqual(
      [...seen].filter((status) => !usual.includes(status)),
      [],
    );
    const warnings = site.logged.filter(({ message }) => /the session store (is|cannot)/.test(message));
    t.true(warnings.length <= 6, warnings.map(({ message }) => message).join('\n'));
  },
);

outage('a host that does not exist is unavailable', async (t) => {
  const tested = await openTested('no-such-host.invalid:11211');
  t.teardown(() => tested.close());
  t.regex(tested.log.join(), /cannot be reached: no-such-host\.invalid:11211: .*(ENOTFOUND|EAI_AGAIN)/);
  t.true((await awayAfter(t, () => tested.store.read(KEY))) < NOT_HUNG_MS);
});

outage('a server that talks nonsense, or hangs up at once, is unavailable and ends no process', async (t) => {
  const nonsense = await played(t, (socket) => socket.on('data', () => socket.write('VALUE a 0 b\r\n')));
  const rude = await played(t, (socket) => socket.end());
  const tested = await openTested([nonsense, rude]);
  t.teardown(() => tested.close());
  t.is(tested.log.length, 1);
  await awayAfter(t, () => tested.store.read(KEY));
  await awayAfter(t, () => tested.store.read(OTHER));
});
