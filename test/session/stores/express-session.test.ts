// Stores that were written for express-session: the contract of every store over three packages, as far as they can keep it,
// and the ways that only such packages have.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { Problem } from '../../../engine/diagnostics/problem.ts';
import { ExpressEntryStore } from '../../../engine/session/stores/express-session/express-entry-store.ts';
import type { ExpressCallback } from '../../../engine/session/stores/express-session/express-package.ts';
import { openStore } from '../../../engine/session/stores/store-catalogue.ts';
import { missingHere } from '../../missing-here.ts';
import { serveSite } from '../../site-fixture.ts';
import { Visitor as Browser } from '../../visitor.ts';
import { change, REQUEST, storeContract } from './contract.ts';
import { Way } from './databases.ts';
import { findExpressStores, type TestedExpressStore } from './express-stores.ts';
import { openTestedStore, ownStore, placeFor, type TestedOwnStore, testLoader } from './own-stores.ts';

const KEY = 'ab'.repeat(32);
const HOUR = 3_600_000;
const USER = fileURLToPath(new URL('./express-user.js', import.meta.url));

const { stores, missing } = await findExpressStores();

for (const { kind, why } of missing) missingHere(`${kind.name}: ${why}`);

/** Opens one of the stores in a place of its own. */
async function openExpress(kind: TestedExpressStore): Promise<TestedOwnStore> {
  const { config, remove } = await kind.place();
  return openTestedStore(config, remove);
}

const SWEPT_BY_ITSELF = 'such stores remove by themselves what is over, by the clock of the machine';
const UNLISTED = 'its package has no all()';
const LISTING = [
  'the listing has the live entries and no others',
  'the listing of a prefix has every live entry with this prefix, once',
  'a listing goes on while listed entries are removed',
  'the size of a store is about the number of its entries',
];

for (const kind of stores) {
  const cannot = { 'a sweep removes expired entries and nothing else': SWEPT_BY_ITSELF };
  const unlisted = kind.lists ? {} : Object.fromEntries(LISTING.map((title) => [title, UNLISTED]));
  storeContract(kind.name, () => openExpress(kind), { ...cannot, ...unlisted });
}

/** A rule about some of the stores. */
function rule(
  title: string,
  run: (t: ExecutionContext, tested: TestedOwnStore, kind: TestedExpressStore) => Promise<void>,
  kinds = stores,
): void {
  for (const kind of kinds) {
    test(`${kind.name}: ${title}`, async (t) => {
      const tested = await openExpress(kind);
      t.teardown(() => tested.close());
      await run(t, tested, kind);
    });
  }
}

rule(
  'its lock is that of one process, and the store says so',
  async (t, { store, description }, { name }) => {
    t.is(store.lock, 'process');
    t.is(description, `express-session (${name})`);
    t.is(await store.sweep(0), 0);
  },
);

rule(
  'two processes that share it have the same secret, and a session that one has ended stays ended',
  async (t, tested) => {
    const { store } = tested;
    const other = await tested.another();
    t.deepEqual(other.secret, store.secret);
    await store.create(KEY, 'one', 0);
    const lock = await store.acquire(KEY, REQUEST);
    t.is(await change(other, KEY, { kind: 'retire', until: tested.now + HOUR }), 'done');
    t.is(await lock.release({ kind: 'write', content: 'two', deadline: 0 }), 'gone');
    t.is((await store.read(KEY)).state, 'retired');
  },
  stores.filter(({ shared }) => shared),
);

rule(
  'session-store-unlisted: a listing of a store that has none is an error that says so',
  async (t, { store }) => {
    const list = store.list()[Symbol.asyncIterator]();
    const problem = await t.throwsAsync(list.next(), { instanceOf: Problem });
    t.is(problem?.code, 'session-store-unlisted');
  },
  stores.filter(({ lists }) => !lists),
);

for (const kind of stores) {
  test(`${kind.name}: a hundred requests of one visitor count a hundred, and every value comes back`, async (t) => {
    await placeFor(t);
    const { config, remove } = await kind.place();
    t.teardown(remove);
    const pages = {
      'count.pih': '<% const s = Session(); const n = s.get("n", 0); await null; s.n = n + 1; %>',
      'show.pih':
        '<% const s = Session(); s.when ??= new Map([[1n, new Date(5)]]); %><%= s.n %> <%= s.when.get(1n).getTime() %>',
    };
    const session = { missing: 'undefined' } as const;
    const site = await serveSite(t, pages, { persistent_session: config, session });
    const browser = new Browser(site.url);
    await browser.get('/show');
    await Promise.all(Array.from({ length: 100 }, () => browser.get('/count')));
    t.is(await browser.text('/show'), '100 5');
    t.deepEqual(site.logged, []);
  });

  test(`${kind.name}: a closed store keeps no process alive`, async (t) => {
    await placeFor(t);
    const { config, remove } = await kind.place();
    const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-express-'));
    t.teardown(() => rm(dir, { recursive: true, force: true }));
    t.teardown(remove);
    const { stdout } = await promisify(execFile)(process.execPath, [USER, dir, JSON.stringify(config)]);
    t.is(stdout, 'closed\n');
  });
}

const servers = stores.filter(({ url }) => url !== undefined);

for (const kind of servers) {
  test(`${kind.name}: session-store-unavailable: an unavailable server gives 503, other pages go on, and its end is noticed`, async (t) => {
    await placeFor(t);
    const way = new Way(kind.url ?? '');
    await way.mend();
    t.teardown(() => way.cut());
    const { config, remove } = await kind.place(way.url);
    t.teardown(remove);
    const pages = { 'count.pih': '<% Session().n = 1; %>ok', 'plain.pih': 'plain' };
    const site = await serveSite(t, pages, { persistent_session: config });
    const browser = new Browser(site.url);
    t.is((await browser.get('/count')).status, 200);
    await way.cut();
    t.is((await browser.get('/count')).status, 503);
    t.is((await site.get('/plain')).status, 200);
    await way.mend();
    while ((await browser.get('/count')).status === 503) await pause(20);
    t.is((await browser.get('/count')).status, 200);
    way.hang();
    const [count, plain] = await Promise.all([browser.get('/count'), site.get('/plain')]);
    t.deepEqual([count.status, plain.status], [503, 200]);
    await way.cut();
    await way.mend();
  });

  test(`${kind.name}: a site starts while its server is unavailable, and uses it when it answers`, async (t) => {
    await placeFor(t);
    const way = new Way(kind.url ?? '');
    await way.mend();
    await way.cut();
    const { config, remove } = await kind.place(way.url);
    t.teardown(remove);
    const log: string[] = [];
    const { store } = await openStore(config, {
      base_dir: tmpdir(),
      log: (level, message) => log.push(`${level}: ${message}`),
      load_module: testLoader(),
    });
    t.teardown(() => store.close());
    t.regex(log.join(), /warn: .*ECONNREFUSED.*the site starts without it/);
    await way.mend();
    t.teardown(() => way.cut());
    await t.throwsAsync(async () => store.secret, { instanceOf: Problem });
    while (!hasSecret(store)) await new Promise((next) => setTimeout(next, 20));
    await store.create(KEY, 'one', 0);
    t.is((await store.read(KEY)).state, 'live');
  });
}

function hasSecret(store: { readonly secret: Uint8Array }): boolean {
  try {
    return store.secret.length > 0;
  } catch {
    return false;
  }
}

/** A store in a Map, in the words of a package. */
const STORE = `
  constructor(options) { super(options); this.kept = new Map(); this.options = options; }
  get(id, done) { done(null, this.kept.get(id)); }
  set(id, session, done) { this.kept.set(id, session); done(); }
  destroy(id, done) { this.kept.delete(id); done(null); }
`;

/** The ways in which packages export their store, by the file's name and text. */
const SHAPES: Readonly<Record<string, readonly [file: string, text: string]>> = {
  'a function of express-session': [
    'index.cjs',
    `module.exports = ({ Store }) => class extends Store {${STORE}}`,
  ],
  'a function of its Store': ['index.cjs', `module.exports = (Store) => class extends Store {${STORE}}`],
  'a function of old that calls and inherits its Store': [
    'index.cjs',
    `const { inherits } = require('node:util');
    module.exports = ({ Store }) => {
      function OldStore() { Store.call(this); this.kept = new Map(); this.setMaxListeners(5); }
      inherits(OldStore, Store);
      OldStore.prototype.get = function (id, done) { done(null, this.kept.get(id)); };
      OldStore.prototype.set = function (id, session, done) { this.kept.set(id, session); done(); };
      OldStore.prototype.destroy = function (id, done) { this.kept.delete(id); done(); };
      return OldStore;
    };`,
  ],
  'a class': [
    'index.cjs',
    `const { EventEmitter } = require('node:events'); module.exports = class extends EventEmitter {${STORE}}`,
  ],
  'a class that CommonJS was compiled from': [
    'index.cjs',
    `const { EventEmitter } = require('node:events'); exports.__esModule = true; exports.default = class extends EventEmitter {${STORE}}`,
  ],
  'a default export': [
    'index.mjs',
    `import { EventEmitter } from 'node:events'; export default class extends EventEmitter {${STORE}}`,
  ],
  'an export with a name': [
    'index.mjs',
    `import { EventEmitter } from 'node:events'; export const helper = () => { throw new Error(); }; export class RedisStore extends EventEmitter {${STORE}}`,
  ],
};

/** A site's folder with a package in its node_modules. */
async function withPackage(t: ExecutionContext, file: string, text: string): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-express-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  const folder = path.join(dir, 'node_modules', 'our-store');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, file), text);
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'our-store', exports: `./${file}` }),
  );
  return dir;
}

function openPackage(dir: string, options: object = {}, log: string[] = []) {
  return openStore(
    { store: 'express-session', module: 'our-store', ...options },
    { base_dir: dir, log: (level, message) => log.push(`${level}: ${message}`), load_module: testLoader() },
  );
}

for (const [shape, [file, text]] of Object.entries(SHAPES)) {
  test(`a package may export ${shape}`, async (t) => {
    const dir = await withPackage(t, file, text);
    const { store } = await openPackage(dir);
    await store.create(KEY, 'one', 0);
    t.deepEqual(await store.read(KEY), { state: 'live', content: 'one', deadline: 0 });
    await store.close();
  });
}

for (const [title, text, code] of [
  ['no store', 'module.exports = { get: 1 }', 'session-store-package'],
  ['a class of another kind', 'module.exports = class {}', 'session-store-package'],
  [
    'a constructor that refuses its options',
    "module.exports = () => class { constructor() { throw new TypeError('no table'); } get() {} set() {} destroy() {} }",
    'session-store-open',
  ],
] as const) {
  test(`${code}: a package with ${title} is refused when the site starts`, async (t) => {
    const dir = await withPackage(t, 'index.cjs', text);
    const problem = await t.throwsAsync(openPackage(dir), { instanceOf: Problem });
    t.is(problem?.code, code);
  });
}

for (const [option, value, code] of [
  ['module', undefined, 'session-store-option'],
  ['options', 'fast', 'session-store-option'],
  ['module', 'no-such-store', 'session-driver-missing'],
] as const) {
  test(`${code}: ${option} ${value} is refused when the site starts`, async (t) => {
    const dir = await withPackage(t, 'index.cjs', SHAPES['a function of its Store']?.[1] ?? '');
    const problem = await t.throwsAsync(openPackage(dir, { [option]: value }), { instanceOf: Problem });
    t.is(problem?.code, code);
  });
}

test('an error event of a store is logged, and ends nothing', async (t) => {
  const text = `const { EventEmitter } = require('node:events');
    module.exports = class extends EventEmitter {${STORE}};
    const { set } = module.exports.prototype;
    module.exports.prototype.set = function (id, session, done) {
      if (session.karrigell.endsWith('error')) this.emit('error', new Error('out of paper'));
      set.call(this, id, session, done);
    };`;
  const log: string[] = [];
  const { store } = await openPackage(await withPackage(t, 'index.cjs', text), {}, log);
  await store.create(KEY, 'error', 0);
  t.deepEqual(log, ['warn: our-store: the session store reports an error']);
  t.is((await store.read(KEY)).state, 'live');
});

test('session-store-threw: an error that a store calls back with, throws or rejects with is an error, never a crash', async (t) => {
  const text = `module.exports = ({ Store }) => class extends Store {${STORE}
    get(id, done) {
      if (id.startsWith('a')) throw new Error('thrown');
      if (id.startsWith('b')) return Promise.reject(new Error('rejected'));
      if (id.startsWith('c')) return done('called back');
      if (id.startsWith('d')) return done(Object.assign(new Error('no file'), { code: 'ENOENT' }));
      done(null, id.startsWith('e') ? { cookie: {}, user: 'of Express' } : null);
    }
  }`;
  const { store } = await openPackage(await withPackage(t, 'index.cjs', text));
  for (const [start, words] of [
    ['a', 'thrown'],
    ['b', 'rejected'],
    ['c', 'called back'],
  ] as const) {
    const problem = await t.throwsAsync(async () => store.read(start.repeat(64)), { instanceOf: Problem });
    t.is(problem?.code, 'session-store-threw');
    t.true(problem?.message.includes(words));
  }
  for (const absent of ['d', 'e', 'f']) t.deepEqual(await store.read(absent.repeat(64)), { state: 'absent' });
});

test('a deadline is moved by set(): touch() of most stores moves none that get() tells', async (t) => {
  const text = `module.exports = ({ Store }) => class extends Store {${STORE}
    touch() { throw new Error('it is not called'); }
  }`;
  const { store } = await openPackage(await withPackage(t, 'index.cjs', text));
  const first = Date.now() + HOUR;
  await store.create(KEY, 'one', first);
  for (const from of [first, first + HOUR]) {
    const deadline = from + HOUR;
    t.true(await store.touch(KEY, deadline, from));
    t.deepEqual(await store.read(KEY), { state: 'live', content: 'one', deadline });
  }
});

test('a module of the site may give such a store, with a client that no configuration could hold', async (t) => {
  const tested = await openTestedStore({ store: ownStore('express-store') });
  t.teardown(() => tested.close());
  await tested.store.create(KEY, 'one', 0);
  t.is(tested.store.lock, 'process');
  t.is((await tested.store.read(KEY)).state, 'live');
});

test('a path in the options that begins with a dot starts from the folder of the configuration file', async (t) => {
  const text = `module.exports = ({ Store }) => class extends Store {${STORE}
    get(id, done) { this.options.told(this.options); done(); }
  }`;
  const dir = await withPackage(t, 'index.cjs', text);
  let told: object | undefined;
  const options = {
    path: './sessions',
    beside: '../sessions',
    absolute: path.join(dir, 'sessions'),
    plain: 'sessions',
    dots: '...',
    told: (all: object) => {
      told = all;
    },
  };
  const { store } = await openPackage(dir, { options });
  await store.close();
  t.deepEqual(told, {
    ...options,
    path: path.join(dir, 'sessions'),
    beside: path.join(path.dirname(dir), 'sessions'),
  });
});

test('if several calls find that a store failed to open, one of them opens it again and all are answered', async (t) => {
  const made: { closed: boolean }[] = [];
  const make = () => {
    const store = {
      closed: false,
      number: made.length,
      get: (id: string, done: ExpressCallback) =>
        void setTimeout(() => {
          if (store.closed) done(new Error('it has been closed'));
          else if (store.number === 0) done(new Error('it could not make its table'));
          else done(null, { karrigell: `${id} 0 ${id}` });
        }, Number(id)),
      set: () => undefined,
      destroy: () => undefined,
      close() {
        store.closed = true;
      },
    };
    made.push(store);
    return store;
  };
  const entries = new ExpressEntryStore('our-store', make, { base_dir: '', log: () => undefined });
  const keys = ['1', '20', '40', '60'];
  const found = await Promise.all(keys.map((key) => entries.load(key)));
  t.deepEqual(
    found.map((entry) => entry?.text),
    keys,
  );
  t.deepEqual(
    made.map(({ closed }) => closed),
    [true, false],
  );
});

test('a session file that cannot be parsed is put into quarantine, and its visitor starts anew', async (t) => {
  const kind = stores.find(({ name }) => name === 'session-file-store');
  await placeFor(t);
  const { config, remove } = (await kind?.place()) ?? t.fail();
  t.teardown(remove);
  const pages = { 'show.pih': '<% const s = Session(); s.n = s.get("n", 0) + 1; %><%= s.n %>' };
  const site = await serveSite(t, pages, { persistent_session: config });
  const browser = new Browser(site.url);
  t.is(await browser.text('/show'), '1');
  const folder = String(Reflect.get(Object(config.options), 'path'));
  for (const file of await readdir(folder)) await writeFile(path.join(folder, file), '{ cut');
  t.is(await browser.text('/show'), '1');
  t.regex(site.logged.map(({ message }) => message).join(), /cannot be read; it is put into quarantine/);
  t.is(await browser.text('/show'), '2');
});
