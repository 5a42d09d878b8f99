// The memcached store: the contract of every store, and what only a server that forgets can do wrong.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { openMemcachedStore } from '../../../engine/session/stores/memcached/open-memcached-store.ts';
import { loadOptionalPackage } from '../../../engine/session/stores/optional-package.ts';
import { missingHere } from '../../missing-here.ts';
import { set, Visitor } from '../site.ts';
import { problemOf } from './away.ts';
import { change, REQUEST, storeContract, sweepAll } from './contract.ts';
import { isUsable, MemcachedServer, whyNot } from './memcached-server.ts';
import {
  another,
  eventually,
  KEY,
  OTHER,
  openTested,
  siteOver,
  type TestedMemcached,
} from './memcached-store.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const shared = isUsable ? await MemcachedServer.start() : undefined;
/** Declares a test if the server is here. */
const here: (title: string, run: (t: ExecutionContext) => Promise<void>) => void =
  shared === undefined ? () => undefined : test;
test.after.always(() => shared?.stop());

if (shared !== undefined) storeContract('memcached', () => openTested(shared.address));
else missingHere(whyNot, 'the tests of its store');

/** A rule about one store on the server of all tests. */
function rule(
  title: string,
  run: (t: ExecutionContext, tested: TestedMemcached, server: MemcachedServer) => Promise<void>,
): void {
  here(`memcached: ${title}`, async (t) => {
    if (shared === undefined) return t.fail();
    const tested = await openTested(shared.address);
    t.teardown(() => tested.close());
    await run(t, tested, shared);
  });
}

/** A rule about a server with options of its own. */
function ruleWith(
  options: readonly string[],
  title: string,
  run: (t: ExecutionContext, tested: TestedMemcached, server: MemcachedServer) => Promise<void>,
): void {
  here(`memcached: ${title}`, async (t) => {
    const server = await MemcachedServer.start(...options);
    t.teardown(() => server.stop());
    const tested = await openTested(server.address);
    t.teardown(() => tested.close());
    await run(t, tested, server);
  });
}

rule(
  'the text is stored as it is, and the item expires on the server after its deadline',
  async (t, tested, server) => {
    await tested.store.create(KEY, '{"a":"é"}', tested.now + 60_000);
    t.is(await server.value(tested.name('s')), `${tested.now + 60_000}\n{"a":"é"}`);
    const left = await server.secondsLeft(tested.name('s'));
    t.true(left >= 61 && left <= 70, String(left));
    await tested.store.touch(KEY, 0, tested.now + 60_000);
    t.is(await server.secondsLeft(tested.name('s')), Number.POSITIVE_INFINITY);
  },
);

ruleWith([], 'a listing works beside names of other programs in any bytes', async (t, tested, server) => {
  await tested.store.create(KEY, '{}', tested.now + HOUR);
  const [host, port] = server.address.split(':');
  const socket = createConnection({ host, port: Number(port) });
  for (const name of ['k\xff', 'a%zz', '\x80\xe9:s', `${tested.name('s')}\xfe`])
    socket.write(Buffer.from(`set ${name} 0 0 1\r\nx\r\n`, 'latin1'));
  let stored = '';
  for await (const chunk of socket) {
    stored += chunk;
    if (stored.match(/STORED/g)?.length === 4) break;
  }
  const listed: string[] = [];
  for await (const { key } of tested.store.list()) listed.push(key);
  t.deepEqual(listed, [KEY]);
});

rule(
  'a touch moves the expiry on the server, and a page that holds the lock moves the deadline itself',
  async (t, tested, server) => {
    const { store, now } = tested;
    await store.create(KEY, 'one', now + HOUR);
    t.is(await change(store, KEY, { kind: 'touch', deadline: now + 2 * HOUR }), 'done');
    t.true(await store.touch(KEY, now + 3 * HOUR, now + 2 * HOUR));
    t.deepEqual(await store.read(KEY), { state: 'live', content: 'one', deadline: now + 3 * HOUR });
    t.true((await server.secondsLeft(tested.name('s'))) > 3 * 3600);
    const lock = await store.acquire(KEY, REQUEST);
    t.false(await store.touch(KEY, now + 4 * HOUR, now + 3 * HOUR));
    t.is(await lock.release({ kind: 'write', content: 'two', deadline: now + HOUR }), 'done');
    t.deepEqual(await store.read(KEY), { state: 'live', content: 'two', deadline: now + HOUR });
    t.is(await server.value(tested.name('l')), undefined);
  },
);

rule('a late touch does not replace the deadline of a later write', async (t, tested, server) => {
  const { store, now } = tested;
  await store.create(KEY, 'one', now + HOUR);
  const lock = await store.acquire(KEY, REQUEST);
  await server.command(`delete ${tested.name('l')}`);
  t.is(await change(store, KEY, { kind: 'write', content: 'two', deadline: now + 33 * DAY }), 'done');
  t.is(await lock.release({ kind: 'touch', deadline: now + HOUR }), 'lost');
  t.deepEqual(await store.read(KEY), { state: 'live', content: 'two', deadline: now + 33 * DAY });
  t.true((await server.secondsLeft(tested.name('s'))) > 33 * 86_400);
});

for (const days of [29, 30, 33, 100 * 365]) {
  rule(`a deadline in ${days} days is not taken for a past time`, async (t, tested, server) => {
    const deadline = tested.now + days * DAY;
    await tested.store.create(KEY, 'one', deadline);
    await tested.store.touch(KEY, deadline + 1, deadline);
    t.deepEqual(await tested.store.read(KEY), { state: 'live', content: 'one', deadline: deadline + 1 });
    t.true((await server.secondsLeft(tested.name('s'))) >= days * 86_400);
  });
}

rule(
  'a session that is remembered for 30 days lives on, because its deadline is a tenth later',
  async (t, tested) => {
    const site = await siteOver(t, tested);
    const visitor = new Visitor();
    await site.visit(visitor, (s) => {
      s.name = 'Jean';
      s.remember = true;
    });
    site.now += 29 * DAY;
    t.is(await site.visit(visitor, (s) => s.name), 'Jean');
    site.now += 29 * DAY;
    t.is(await site.visit(visitor, (s) => s.name), 'Jean');
  },
);

rule('a release leaves no lock behind', async (t, tested, server) => {
  await tested.store.create(KEY, 'one', 0);
  const lock = await tested.store.acquire(KEY, REQUEST);
  t.regex((await server.value(tested.name('l'))) ?? '', /^\S+ \d+ test\.pih$/);
  await lock.release({ kind: 'write', content: 'two', deadline: 0 });
  t.is(await server.value(tested.name('l')), undefined);
});

rule('an unknown id under which no session may begin costs no lock', async (t, tested, server) => {
  const lock = await tested.store.acquire(KEY, { ...REQUEST, mayCreate: false });
  t.deepEqual(lock.entry, { state: 'absent' });
  await tested.store.read(KEY);
  t.is(await server.value(tested.name('l')), undefined);
  t.is(await lock.release({ kind: 'keep' }), 'done');
  t.is(await lock.release({ kind: 'write', content: 'one', deadline: 0 }), 'gone');
});

rule(
  'session-lock-lost: a late write under an expired lease replaces no other one',
  async (t, tested, server) => {
    await tested.store.create(KEY, 'one', 0);
    const lock = await tested.store.acquire(KEY, REQUEST);
    await server.command(`delete ${tested.name('l')}`);
    t.is(await change(tested.store, KEY, { kind: 'write', content: 'other', deadline: 0 }), 'done');
    t.is(await lock.release({ kind: 'write', content: 'two', deadline: 0 }), 'lost');
    t.deepEqual(await tested.store.read(KEY), { state: 'live', content: 'other', deadline: 0 });
  },
);

rule('a late release does not release the lock of the next holder', async (t, tested, server) => {
  await tested.store.create(KEY, 'one', 0);
  const lock = await tested.store.acquire(KEY, REQUEST);
  await server.command(`delete ${tested.name('l')}`);
  const next = await tested.store.acquire(KEY, { ...REQUEST, page: 'next.pih' });
  t.is(await lock.release({ kind: 'keep' }), 'done');
  t.regex((await server.value(tested.name('l'))) ?? '', / next\.pih$/);
  t.is(await next.release({ kind: 'write', content: 'two', deadline: 0 }), 'done');
});

rule('a lock that the server evicted still counts if no other request writes', async (t, tested, server) => {
  await tested.store.create(KEY, 'one', 0);
  const lock = await tested.store.acquire(KEY, REQUEST);
  await server.command(`delete ${tested.name('l')}`);
  t.is(await lock.release({ kind: 'write', content: 'two', deadline: 0 }), 'done');
});

rule(
  'of two requests that create an entry under one id the second loses its lock',
  async (t, tested, server) => {
    const lock = await tested.store.acquire(KEY, REQUEST);
    await server.command(`delete ${tested.name('l')}`);
    t.is(await change(tested.store, KEY, { kind: 'create', content: 'one', deadline: 0 }), 'done');
    t.is(await lock.release({ kind: 'create', content: 'two', deadline: 0 }), 'lost');
    t.deepEqual(await tested.store.read(KEY), { state: 'live', content: 'one', deadline: 0 });
  },
);

for (const wanted of [
  { kind: 'write', content: 'two', deadline: 0 },
  { kind: 'touch', deadline: 0 },
  { kind: 'move', to: OTHER, content: 'two', deadline: 0, until: Date.UTC(2026, 0, 2) },
] as const) {
  rule(
    `${wanted.kind}: an entry that the server evicted during the page is not created again`,
    async (t, tested, server) => {
      await tested.store.create(KEY, 'one', 0);
      const lock = await tested.store.acquire(KEY, REQUEST);
      await server.command(`delete ${tested.name('s')}`);
      t.is(await lock.release(wanted), 'gone');
      t.deepEqual(await tested.store.read(KEY), { state: 'absent' });
      t.deepEqual(await tested.store.read(OTHER), { state: 'absent' });
      t.is(await server.value(tested.name('l')), undefined);
    },
  );
}

rule(
  'the end of a session that the server evicted during the page leaves its tombstone',
  async (t, tested, server) => {
    await tested.store.create(KEY, 'one', 0);
    const lock = await tested.store.acquire(KEY, REQUEST);
    await server.command(`delete ${tested.name('s')}`);
    t.is(await lock.release({ kind: 'retire', until: tested.now + HOUR }), 'done');
    t.is((await tested.store.read(KEY)).state, 'retired');
  },
);

rule('the lease of a long page is renewed', async (t, tested, server) => {
  const lock = await tested.store.acquire(KEY, REQUEST);
  let least = Number.POSITIVE_INFINITY;
  await eventually(async () => {
    const left = await server.secondsLeft(tested.name('l'));
    least = Math.min(least, left);
    return left > least ? left : undefined;
  });
  t.is(await lock.release({ kind: 'keep' }), 'done');
  t.is(await server.value(tested.name('l')), undefined);
});

rule(
  'session-locked: the error of a request that waits too long names the page that holds the lock',
  async (t, tested) => {
    const other = await another(t, tested);
    const lock = await tested.store.acquire(KEY, { page: 'slow\npage.pih', timeoutSeconds: 5 });
    const problem = await problemOf(t, () =>
      other.acquire(KEY, { page: 'b.pih', timeoutSeconds: 600, waitedSeconds: 600 }),
    );
    t.is(problem?.code, 'session-locked');
    t.is(problem?.status, 503);
    t.regex(problem?.message ?? '', /'slow\npage\.pih' has held it for \d/);
    await lock.release({ kind: 'keep' });
  },
);

rule('session-visitor-left: a request whose visitor leaves stops waiting', async (t, tested) => {
  const other = await another(t, tested);
  const lock = await tested.store.acquire(KEY, REQUEST);
  const leaving = new AbortController();
  const left = problemOf(t, () => other.acquire(KEY, { ...REQUEST, signal: leaving.signal }));
  await pause(0);
  leaving.abort();
  t.is((await left)?.code, 'session-visitor-left');
  await lock.release({ kind: 'keep' });
});

rule('a lock request gets the newest data', async (t, tested) => {
  const other = await another(t, tested);
  await tested.store.create(KEY, 'one', 0);
  const lock = await tested.store.acquire(KEY, REQUEST);
  const waiting = Promise.resolve(other.acquire(KEY, REQUEST));
  await other.read(OTHER);
  await lock.release({ kind: 'write', content: 'two', deadline: 0 });
  const next = await waiting;
  t.deepEqual(next.entry, { state: 'live', content: 'two', deadline: 0 });
  await next.release({ kind: 'keep' });
});

rule(
  'session-over-server-limit: an entry over the limit of the server changes nothing',
  async (t, tested, server) => {
    const { store } = tested;
    const content = 'é'.repeat(600_000);
    const problem = await problemOf(t, () => store.create(OTHER, content, 0));
    t.is(problem?.code, 'session-over-server-limit');
    t.true(problem?.message.includes(' 1200002 bytes'), problem?.message);
    await store.create(KEY, 'one', 0);
    for (const wanted of [
      { kind: 'write', content, deadline: 0 },
      { kind: 'move', to: OTHER, content, deadline: 0, until: tested.now + HOUR },
    ] as const) {
      const lock = await store.acquire(KEY, REQUEST);
      t.is((await problemOf(t, () => lock.release(wanted)))?.code, 'session-over-server-limit');
      t.is(await server.value(tested.name('l')), undefined);
      t.deepEqual(await store.read(KEY), { state: 'live', content: 'one', deadline: 0 });
    }
    const large = 'x'.repeat(1_000_000);
    t.is(await change(store, KEY, { kind: 'write', content: large, deadline: 0 }), 'done');
    const found = await store.read(KEY);
    t.true(found.state === 'live' && found.content === large);
  },
);

rule('a damaged entry is put into quarantine, where an operator finds it', async (t, tested, server) => {
  await tested.store.create(KEY, '{"cut', 0);
  await change(tested.store, KEY, { kind: 'quarantine' });
  t.regex((await server.value(tested.name('s').replace(KEY, `${KEY}.damaged`))) ?? '', /^\d+\n\{"cut$/);
});

rule('a listing of many sessions has each one once, with its size', async (t, tested) => {
  const keys = Array.from({ length: 1500 }, (_, index) => index.toString(16).padStart(64, '0'));
  await Promise.all(keys.map((key) => tested.store.create(key, 'é', 0)));
  const listed = [];
  for await (const { key, size } of tested.store.list()) listed.push(`${key} ${size}`);
  t.deepEqual(
    listed.sort(),
    keys.map((key) => `${key} 2`),
  );
});

rule('an expired entry expires on the server too, and an operator may sweep', async (t, tested, server) => {
  const { store } = tested;
  t.true(store.removesExpired);
  await store.create(OTHER, 'one', tested.now + 1000);
  t.true((await server.secondsLeft(tested.name('s').replace(KEY, OTHER))) <= 12);
  tested.now += 1000;
  t.is(await sweepAll(store), 1);
  t.is(await server.value(tested.name('s').replace(KEY, OTHER)), undefined);
});

ruleWith(
  ['-X'],
  'session-server-refused: the error says that the server cannot list its keys',
  async (t, tested) => {
    await tested.store.create(KEY, 'one', 0);
    const problem = await problemOf(t, async () => {
      for await (const entry of tested.store.list()) t.fail(entry.key);
    });
    t.is(problem?.code, 'session-server-refused');
    t.regex(problem?.message ?? '', /cannot be listed/);
  },
);

here(
  'session-server-refused: memcached: a server without CAS cannot be used, and the start says why',
  async (t) => {
    const server = await MemcachedServer.start('-C');
    t.teardown(() => server.stop());
    const problem = await problemOf(t, () => openTested(server.address));
    t.is(problem?.code, 'session-server-refused');
    t.regex(problem?.message ?? '', /without CAS \(-C\)/);
  },
);

ruleWith(['-m', '2'], 'a server that evicts loses sessions, and nothing else', async (t, tested) => {
  const content = 'x'.repeat(4000);
  const keys = Array.from({ length: 3000 }, (_, index) => index.toString(16).padStart(64, '0'));
  const secret = Buffer.from(tested.store.secret);
  for (const key of keys) await tested.store.create(key, content, tested.now + HOUR);
  const states = await Promise.all(keys.map(async (key) => (await tested.store.read(key)).state));
  t.true(states.includes('absent'));
  t.is(states.at(-1), 'live');
  const [first = ''] = keys;
  t.is(await change(tested.store, first, { kind: 'write', content, deadline: 0 }), 'gone');
  t.deepEqual(Buffer.from(tested.store.secret), secret);
});

rule('processes that share the server have the same secret', async (t, tested) => {
  const other = await another(t, tested);
  t.deepEqual(Buffer.from(other.secret), Buffer.from(tested.store.secret));
});

rule('a damaged secret is replaced', async (t, tested, server) => {
  const name = `${tested.options.prefix}secret:s`;
  await server.command(`set ${name} 0 0 3`, 'abc');
  const other = await another(t, tested);
  t.is(other.secret.length, 32);
  t.is(await server.value(name), `0\n${Buffer.from(other.secret).toString('base64url')}`);
});

const wrong: readonly (readonly [string, unknown])[] = [
  ['servers', 'localhost'],
  ['servers', 'localhost:0'],
  ['servers', 'localhost:65536'],
  ['servers', '[::1]:11211'],
  ['servers', '/run/memcached.sock'],
  ['servers', 'a:1,b:1'],
  ['servers', []],
  ['servers', ['a:1', 'a:1']],
  ['servers', ['a:1', 2]],
  ['servers', 11211],
  ['prefix', 'with blank'],
  ['prefix', 'x'.repeat(151)],
  ['prefix', 5],
];
for (const [option, value] of wrong) {
  const shown = JSON.stringify(value).slice(0, 40);
  test(`session-store-option: memcached: ${option} may not be ${shown}`, async (t) => {
    const options = { store: 'memcached', [option]: value };
    const problem = await problemOf(t, () =>
      openMemcachedStore(options, { base_dir: tmpdir(), log: () => {} }),
    );
    t.is(problem?.code, 'session-store-option');
    t.true(problem?.message.includes(`'${option}'`));
  });
}

test('session-driver-missing: the error names the package that a driver lacks', async (t) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-driver-'));
  t.teardown(() => rm(dir, { recursive: true }));
  await mkdir(path.join(dir, 'node_modules/half-a-driver'), { recursive: true });
  const file = path.join(dir, 'node_modules/half-a-driver/index.js');
  const wanted = { store: 'memcached', module: 'half-a-driver', base_dir: dir };
  await writeFile(file, "require('@no-such/package/file')");
  const problem = await problemOf(t, () => loadOptionalPackage(wanted));
  t.is(problem?.code, 'session-driver-missing');
  t.is(problem?.remedy, 'Run: npm install @no-such/package');
});

test('a driver that fails otherwise fails with its own error', async (t) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-driver-'));
  t.teardown(() => rm(dir, { recursive: true }));
  await mkdir(path.join(dir, 'node_modules/bad-driver'), { recursive: true });
  await writeFile(path.join(dir, 'node_modules/bad-driver/index.js'), "throw new RangeError('bad')");
  t.throws(() => loadOptionalPackage({ store: 'memcached', module: 'bad-driver', base_dir: dir }), {
    instanceOf: RangeError,
  });
});

rule('100 parallel pages on two servers count 100, and a logout stays one', async (t, tested) => {
  const sites = [await siteOver(t, tested), await siteOver(t, tested)] as const;
  const [one, two] = sites;
  const visitor = new Visitor();
  await one.visit(visitor, (s) => set(s, 'count', 0));
  const pages = Array.from({ length: 50 }, () =>
    sites.map((site) =>
      site.visit(visitor.twin(), async (s) => {
        const { count } = s;
        await new Promise(setImmediate);
        s.count = Number(count) + 1;
      }),
    ),
  );
  await Promise.all(pages.flat());
  t.is(await two.visit(visitor, (s) => s.count), 100);
  const old = visitor.twin();
  await two.visit(visitor, (s) => s.regenerate());
  t.is(await one.visit(visitor, (s) => s.count), 100);
  t.false(await one.visit(old, (s) => s.has('count')));
  await one.visit(visitor.twin(), (s) => s.close());
  t.false(await two.visit(visitor, (s) => s.has('count')));
});
