// A site's own store: the contract of every store over each kind of module, how far its lock reaches, and the mistakes that
// only a site's own code can make.

import { mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import type { StoreConfig } from '../../../config/schema.ts';
import type { Code } from '../../../engine/diagnostics/codes.ts';
import { Problem } from '../../../engine/diagnostics/problem.ts';
import { sessionKey } from '../../../engine/session/request/session-id.ts';
import { openStore } from '../../../engine/session/stores/store-catalogue.ts';
import { serveSite } from '../../site-fixture.ts';
import { Visitor as Browser } from '../../visitor.ts';
import { set, type TestPage, TestSite, Visitor } from '../site.ts';
import { change, REQUEST, storeContract } from './contract.ts';
import { openTestedStore, ownStore, placeFor, type TestedOwnStore, testLoader } from './own-stores.ts';

const STORES = {
  map: { store: ownStore('map-store') },
  'without locks': { store: ownStore('map-store'), lock: 'none' },
  folder: { store: ownStore('folder-store'), dir: 'sessions' },
  sqlite: { store: ownStore('sqlite-store'), file: 'sessions.db' },
} as const;

for (const [name, options] of Object.entries(STORES)) storeContract(name, () => openTestedStore(options));

const KEY = 'ab'.repeat(32);
const HOUR = 3_600_000;

/** A rule about one of the stores. */
function rule(
  name: keyof typeof STORES,
  title: string,
  run: (t: ExecutionContext, tested: TestedOwnStore) => Promise<void>,
): void {
  test(`${name}: ${title}`, async (t) => {
    const tested = await openTestedStore(STORES[name]);
    t.teardown(() => tested.close());
    await run(t, tested);
  });
}

for (const [name, lock] of [
  ['map', 'process'],
  ['without locks', 'none'],
  ['sqlite', 'store'],
] as const) {
  rule(name, `its lock reaches as far as the store says: ${lock}`, async (t, { store, description }) => {
    t.is(store.lock, lock);
    t.is(description, `own (${STORES[name].store})`);
  });
}

rule('sqlite', 'a session that the store has dropped meanwhile can still be ended', async (t, tested) => {
  const until = tested.now + HOUR;
  await tested.store.create(KEY, '0', tested.now + 1000);
  const lock = await tested.store.acquire(KEY, REQUEST);
  tested.now += 2000;
  await tested.store.sweep(0);
  t.is(await lock.release({ kind: 'retire', until }), 'done');
  t.is((await tested.store.read(KEY)).state, 'retired');
});

rule(
  'sqlite',
  'a request waits for a lock that another process holds, and acquires it after its release',
  async (t, tested) => {
    const other = await tested.another();
    await tested.store.create(KEY, '0', 0);
    const lock = await tested.store.acquire(KEY, REQUEST);
    let order = 'waits';
    const waiting = Promise.resolve(other.acquire(KEY, REQUEST)).then((taken) => {
      order += ', takes';
      return taken;
    });
    t.is((await other.read(KEY)).state, 'live');
    order += ', commits';
    await lock.release({ kind: 'write', content: '1', deadline: 0 });
    const taken = await waiting;
    t.is(order, 'waits, commits, takes');
    t.deepEqual(taken.entry, { state: 'live', content: '1', deadline: 0 });
    t.is(await taken.release({ kind: 'keep' }), 'done');
  },
);

rule('sqlite', 'first writes of two processes go into one entry', async (t, tested) => {
  const other = await tested.another();
  const lock = await tested.store.acquire(KEY, REQUEST);
  const waiting = other.acquire(KEY, REQUEST);
  t.deepEqual(await other.read(KEY), { state: 'absent' });
  await lock.release({ kind: 'create', content: 'one', deadline: 0 });
  const taken = await waiting;
  t.deepEqual(taken.entry, { state: 'live', content: 'one', deadline: 0 });
  await taken.release({ kind: 'keep' });
});

for (const late of ['write', 'create', 'touch', 'retire', 'move', 'remove', 'quarantine'] as const) {
  rule('sqlite', `a request that lost its lock writes nothing: ${late}`, async (t, tested) => {
    const other = await tested.another();
    await tested.store.create(KEY, 'one', 0);
    const lock = await tested.store.acquire(KEY, REQUEST);
    tested.now += 3001;
    const taken = await other.acquire(KEY, REQUEST);
    const to = 'cd'.repeat(32);
    const all = { content: 'late', deadline: 0, until: tested.now + HOUR, to };
    t.is(await lock.release({ ...all, kind: late }), 'lost');
    t.is(await taken.release({ kind: 'write', content: 'two', deadline: 0 }), 'done');
    t.deepEqual(await other.read(KEY), { state: 'live', content: 'two', deadline: 0 });
    t.deepEqual(await other.read(to), { state: 'absent' });
  });
}

rule('sqlite', 'a deadline that moves under a lock is neither lost nor in the way', async (t, tested) => {
  const other = await tested.another();
  await tested.store.create(KEY, 'one', tested.now + HOUR);
  const lock = await tested.store.acquire(KEY, REQUEST);
  t.true(await other.touch(KEY, tested.now + 2 * HOUR, tested.now + HOUR));
  t.is(await lock.release({ kind: 'keep' }), 'done');
  t.deepEqual(await other.read(KEY), { state: 'live', content: 'one', deadline: tested.now + 2 * HOUR });
});

rule('sqlite', 'the lease of a lock that is held for long is renewed', async (t, tested) => {
  const other = await tested.another();
  await tested.store.create(KEY, 'one', 0);
  const lock = await tested.store.acquire(KEY, REQUEST);
  const leaseEnd = async () => {
    const database = await readFile(path.join(tested.dir, 'sessions.db-wal'));
    return Math.max(
      ...[...database.toString('latin1').matchAll(/"until":(\d+)/g)].map((match) => Number(match[1])),
    );
  };
  tested.now += 2500;
  while ((await leaseEnd()) < tested.now + 3000) await new Promise((next) => setTimeout(next, 20));
  tested.now += 2500;
  const impatient = other.acquire(KEY, { page: 'other.pih', timeoutSeconds: 0.05 });
  const problem = await t.throwsAsync(async () => impatient, { instanceOf: Problem });
  t.is(problem?.code, 'session-locked');
  t.regex(problem?.message ?? '', /page 'test\.pih' has held it for 5\.0 s/);
  t.is(await lock.release({ kind: 'write', content: 'two', deadline: 0 }), 'done');
});

rule('sqlite', 'a key under which nothing begins is not written to', async (t, tested) => {
  const lock = await tested.store.acquire(KEY, { ...REQUEST, mayCreate: false });
  const same = await (await tested.another()).acquire(KEY, REQUEST);
  t.is(await same.release({ kind: 'keep' }), 'done');
  t.is(await lock.release({ kind: 'keep' }), 'done');
});

rule('folder', 'what has ended in another process is not written back', async (t, tested) => {
  const other = await tested.another();
  await tested.store.create(KEY, 'one', 0);
  const lock = await tested.store.acquire(KEY, REQUEST);
  t.is(await change(other, KEY, { kind: 'retire', until: tested.now + HOUR }), 'done');
  t.is(await lock.release({ kind: 'write', content: 'two', deadline: 0 }), 'gone');
  t.is((await other.read(KEY)).state, 'retired');
});

rule('folder', 'deadlines and contents that change at the same time are both kept', async (t, tested) => {
  await tested.store.create(KEY, '0', tested.now + HOUR);
  const changes = Array.from({ length: 5 }, async (_, round) => {
    const lock = await tested.store.acquire(KEY, REQUEST);
    await Promise.all([
      lock.release({ kind: 'write', content: `after ${round}`, deadline: tested.now + HOUR }),
      tested.store.touch(KEY, tested.now + 2 * HOUR, tested.now + HOUR),
    ]);
  });
  await Promise.all(changes);
  t.regex(JSON.stringify(await tested.store.read(KEY)), /after/);
});

rule('folder', 'the secret stays, and a store that has forgotten it gets another one', async (t, tested) => {
  const { secret } = tested.store;
  const other = await tested.another();
  t.deepEqual(other.secret, secret);
  await unlink(path.join(tested.dir, 'sessions', 'secret.json'));
  await change(tested.store, KEY, { kind: 'keep' });
  const third = await tested.another();
  t.notDeepEqual(third.secret, secret);
  t.deepEqual(third.secret, tested.store.secret);
});

rule(
  'folder',
  'a session that cannot be read is put into quarantine, where an operator finds it',
  async (t, tested) => {
    const site = await siteOver(t, STORES.folder, tested.dir);
    const visitor = new Visitor();
    await site.visit(visitor, (s) => set(s, 'a', 1));
    const [summary] = await all(site.sessions.administration.list());
    const file = path.join(tested.dir, 'sessions', `${summary?.key}.json`);
    await writeFile(file, JSON.stringify({ text: 'cut', deadline: 0 }));
    await site.visit(visitor, (s) => t.deepEqual(Object.keys(s), []));
    t.regex(site.log.join(), /error: the stored session \w{12} cannot be read/);
    const aside = await readFile(file.replace('.json', '.damaged.json'), 'utf8');
    t.is(JSON.parse(aside).text, 'cut');
  },
);

rule(
  'folder',
  'a request that only reads a damaged session takes nothing from one that writes',
  async (t, tested) => {
    const site = await siteOver(t, STORES.folder, tested.dir);
    const visitor = new Visitor();
    await site.visit(visitor, (s) => set(s, 'a', 1));
    await site.visit(visitor, async (s) => {
      const file = path.join(tested.dir, 'sessions', `${sessionKey(visitor.id ?? '')}.json`);
      await writeFile(file, JSON.stringify({ text: 'cut', deadline: 0 }));
      await site.visit(visitor.twin(), (twin) => t.deepEqual(Object.keys(twin), []), { read_only: true });
      s.a = 2;
    });
    t.is(await site.visit(visitor, (s) => s.a), 2);
  },
);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** A server over a store in this folder. */
async function siteOver(t: ExecutionContext, config: StoreConfig, dir: string): Promise<TestSite> {
  const site = new TestSite(dir, { dir, config, remove: async () => undefined });
  await site.open();
  t.teardown(() => site.close());
  return site;
}

/** Two servers over one store. */
async function twoSites(t: ExecutionContext, name: keyof typeof STORES): Promise<[TestSite, TestSite]> {
  await placeFor(t);
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-two-sites-'));
  return [await siteOver(t, STORES[name], dir), await siteOver(t, STORES[name], dir)];
}

for (const name of ['folder', 'sqlite'] as const) {
  test(`${name}: two processes that change other attributes at the same time lose neither`, async (t) => {
    const [one, other] = await twoSites(t, name);
    const visitor = new Visitor();
    await one.visit(visitor, (s) => set(s, 'cart', ['pen']));
    const twin = visitor.twin();
    let hasBegun = () => {};
    const begun = new Promise<void>((resolve) => {
      hasBegun = resolve;
    });
    const elsewhere = begun.then(() => other.visit(twin, (s) => set(s, 'name', 'Jean')));
    await one.visit(visitor, async (s) => {
      hasBegun();
      if (name === 'folder') await elsewhere;
      (s.cart as string[]).push('ink');
    });
    await elsewhere;
    t.deepEqual(await other.visit(visitor, (s) => [s.cart, s.name]), [['pen', 'ink'], 'Jean']);
    t.deepEqual(one.log, []);
  });
}

test('folder: a change of another process moves to a new id', async (t) => {
  const [one, other] = await twoSites(t, 'folder');
  const visitor = new Visitor();
  await one.visit(visitor, (s) => set(s, 'cart', ['pen']));
  const before = visitor.id;
  await one.visit(visitor, async (s) => {
    await other.visit(visitor.twin(), (twin) => set(twin, 'name', 'Jean'));
    s.user = 7;
    s.regenerate();
  });
  t.not(visitor.id, before);
  t.deepEqual(await other.visit(visitor, (s) => [s.cart, s.name, s.user]), [['pen'], 'Jean', 7]);
});

test('folder: of two processes that change one attribute at the same time the last one wins, and says so', async (t) => {
  const [one, other] = await twoSites(t, 'folder');
  const visitor = new Visitor();
  await one.visit(visitor, (s) => set(s, 'name', 'nobody'));
  await one.visit(visitor, async (s) => {
    await other.visit(visitor.twin(), (twin) => set(twin, 'name', 'Jean'));
    s.name = 'Paul';
  });
  t.is(await other.visit(visitor, (s) => s.name), 'Paul');
  t.deepEqual(one.log, [
    "warn: page 'test.pih' changed session attribute 'name' over another process's change",
  ]);
});

for (const [name, options] of Object.entries(STORES)) {
  test(`${name}: a hundred requests of one visitor count a hundred, and every value comes back`, async (t) => {
    await placeFor(t);
    const pages = {
      'count.pih': '<% const s = Session(); const n = s.get("n", 0); await null; s.n = n + 1; %>',
      'show.pih':
        '<% const s = Session(); s.when ??= new Map([[1n, new Date(5)]]); %><%= s.n %> <%= s.when.get(1n).getTime() %>',
    };
    const site = await serveSite(t, pages, {
      persistent_session: options,
      // All hundred wait in one queue, on a busy machine for longer than visitors should.
      session: { missing: 'undefined', lock_timeout: 60 },
    });
    const browser = new Browser(site.url);
    await browser.get('/show');
    await Promise.all(Array.from({ length: 100 }, () => browser.get('/count')));
    t.is(await (await browser.get('/show')).text(), '100 5');
    t.deepEqual(site.logged, []);
  });
}

const FAILURES = {
  throws: 500,
  rejects: 500,
  'talks nonsense': 500,
  'is away': 503,
  'cannot connect': 503,
  hangs: 503,
} as const;

for (const [how, status] of Object.entries(FAILURES)) {
  for (const method of how === 'talks nonsense' ? ['load'] : ['load', 'save']) {
    test(`a store whose ${method}() ${how} gives ${status}, and pages without sessions are answered`, async (t) => {
      await placeFor(t);
      const pages = { 'count.pih': '<% Session().n = Math.random(); %>ok', 'plain.pih': 'plain' };
      const store = { store: ownStore('failing-store'), method, how };
      const site = await serveSite(t, pages, { persistent_session: store });
      const browser = new Browser(site.url);
      t.is((await browser.get('/count')).status, 200);
      const fails = path.join(path.dirname(site.folder), 'fails');
      await writeFile(fails, '');
      const [failed, plain] = await Promise.all([browser.get('/count'), site.get('/plain')]);
      t.is(failed.status, status);
      t.is(plain.status, 200);
      const errors = site.logged.filter(({ level }) => level === 'error').map(({ cause }) => cause);
      t.deepEqual(
        errors.map((cause) => cause instanceof Problem && cause.code),
        status === 503 ? [] : ['session-store-threw'],
      );
      const single = site.logged.filter(({ message }) => message.includes('but the store answers others'));
      t.is(single.length, status === 503 ? 1 : 0);
      await unlink(fails);
      t.is((await browser.get('/count')).status, 200);
    });
  }
}

test('a request that waits behind one that the store does not answer gets 503 with it', async (t) => {
  await placeFor(t);
  const store = { store: ownStore('failing-store'), how: 'hangs' };
  const site = await serveSite(t, { 'count.pih': '<% Session().n = 1; %>ok' }, { persistent_session: store });
  const browser = new Browser(site.url);
  t.is((await browser.get('/count')).status, 200);
  const dir = path.dirname(site.folder);
  await writeFile(path.join(dir, 'fails'), '');
  const answers = await Promise.all(Array.from({ length: 5 }, () => browser.get('/count')));
  t.deepEqual(
    answers.map(({ status }) => status),
    [503, 503, 503, 503, 503],
  );
  t.true((await readFile(path.join(dir, 'failures'))).length < answers.length);
  await unlink(path.join(dir, 'fails'));
  t.is((await browser.get('/count')).status, 200);
});

test('after a failed save() no later call succeeds, and nothing is stored in part', async (t) => {
  await placeFor(t);
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-own-save-'));
  const config = { store: ownStore('failing-store'), method: 'save', how: 'is away' };
  const site = new TestSite(dir, { dir, config, remove: async () => undefined });
  await site.open();
  t.teardown(() => site.close());
  const fails = path.join(dir, 'fails');
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'name', 'first'));
  const saveInVain = async (s: TestPage) => {
    s.name = 'second';
    await writeFile(fails, '');
    await t.throwsAsync(s.save(), { instanceOf: Problem });
    await unlink(fails);
  };
  await site.visit(visitor, async (s) => {
    await saveInVain(s);
    const again = await t.throwsAsync(s.save(), { instanceOf: Problem });
    t.is(again?.code, 'session-store-unavailable');
  });
  const more = site.visit(visitor, async (s) => {
    await saveInVain(s);
    s.more = true;
  });
  const problem = await t.throwsAsync(more, { instanceOf: Problem });
  t.is(problem?.code, 'session-store-unavailable');
  t.deepEqual(await site.visit(visitor, (s) => Object.keys(s)), ['name']);
  t.is(await site.visit(visitor, (s) => s.name), 'first');
});

test('a site starts while its own store is unavailable, and uses it when it answers', async (t) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-own-away-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  const fails = path.join(dir, 'fails');
  await writeFile(fails, '');
  const log: string[] = [];
  const options = { store: ownStore('failing-store'), how: 'is away', everything: true };
  const { store } = await openStore(options, {
    base_dir: dir,
    log: (_, message) => log.push(message),
    load_module: testLoader(),
  });
  t.teardown(() => store.close());
  t.regex(log.join(), /gone fishing; the site starts without it/);
  const problem = t.throws(() => store.secret, { instanceOf: Problem });
  t.is(problem?.code, 'session-store-unavailable');
  await unlink(fails);
  for (;;) {
    try {
      if (store.secret.length > 0) break;
    } catch {
      await new Promise((next) => setTimeout(next, 20));
    }
  }
  t.pass();
});

test('session-store-unlisted: a store without list() is not listed, and not swept', async (t) => {
  const tested = await openTestedStore({ store: ownStore('failing-store') });
  t.teardown(() => tested.close());
  const problem = await t.throwsAsync(all(tested.store.list()), { instanceOf: Problem });
  t.is(problem?.code, 'session-store-unlisted');
  t.is(await tested.store.sweep(0), 0);
});

/** Modules that are no store, by their text: the code of the error and a part of its message. */
const WRONG: readonly (readonly [title: string, text: string, code: Code, words: RegExp])[] = [
  ['no default export', 'export const open = 1;', 'session-store-module', /it has no default export/],
  ['no function', 'export default 5;', 'session-store-module', /no function, but of type number/],
  ['no store', 'export default () => null;', 'session-store-module', /gave null, not a store/],
  ['no lock', 'export default () => ({ load() {} });', 'session-store-module', /its lock must be/],
  [
    'no replace()',
    "export default () => ({ lock: 'store', load() {} });",
    'session-store-module',
    /no method replace\(\)/,
  ],
  [
    'no save()',
    "export default () => ({ lock: 'none', load() {} });",
    'session-store-module',
    /no method save\(\)/,
  ],
  [
    'a list that is no function',
    "export default () => ({ lock: 'none', load() {}, save() {}, delete() {}, list: [] });",
    'session-store-module',
    /no method list\(\)/,
  ],
  [
    'a store of another shape',
    "export default () => ({ lock: 'store', take() {}, read() {} });",
    'session-store-module',
    /no method load\(\)/,
  ],
  ['throws while it runs', "throw new Error('broken');", 'session-store-open', /could not be opened: broken/],
  [
    'throws while it opens',
    "export default () => { throw new Error('no ink'); };",
    'session-store-open',
    /no ink/,
  ],
  ['rejects', "export default async () => Promise.reject('late');", 'session-store-open', /late/],
  ['does not compile', 'export default (', 'unclosed-bracket', /my-store\.ts/],
];

for (const [title, text, code, words] of WRONG) {
  test(`a module that is no store is refused when the site starts: ${title}`, async (t) => {
    await placeFor(t);
    const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-wrong-store-'));
    t.teardown(() => rm(dir, { recursive: true, force: true }));
    await writeFile(path.join(dir, 'my-store.ts'), text);
    const opening = openStore(
      { store: './my-store.ts' },
      { base_dir: dir, log: () => {}, load_module: testLoader() },
    );
    const problem = await t.throwsAsync(opening, { instanceOf: Problem });
    t.is(problem?.code, code);
    t.regex(problem?.message ?? '', words);
    t.is(path.basename(problem?.file ?? ''), 'my-store.ts');
  });
}

for (const [store, code] of [
  ['./missing.ts', 'module-missing'],
  ['./notes.txt', 'module-kind'],
  ['mongo', 'session-store-unknown'],
] as const) {
  test(`a store that is no module is refused when the site starts: ${store}`, async (t) => {
    const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-no-store-'));
    t.teardown(() => rm(dir, { recursive: true, force: true }));
    await writeFile(path.join(dir, 'notes.txt'), '');
    const opening = openStore({ store }, { base_dir: dir, log: () => {}, load_module: testLoader() });
    const problem = await t.throwsAsync(opening, { instanceOf: Problem });
    t.is(problem?.code, code);
  });
}

test('the store of docs/stores.md is the one that is tested here', async (t) => {
  const guide = await readFile(fileURLToPath(new URL('../../../../docs/stores.md', import.meta.url)), 'utf8');
  t.true(guide.includes(await readFile(ownStore('folder-store'), 'utf8')));
});
