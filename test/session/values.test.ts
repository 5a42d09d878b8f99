// The values that each store can keep, and the fate of a stored session that cannot be read (docs/sessions.md).

import { mkdir, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { SerializedStore, serializedRecord } from '../../engine/session/format/serialized-store.ts';
import { emptyRecord } from '../../engine/session/format/session-record.ts';
import { LockQueues } from '../../engine/session/lock/lock-queues.ts';
import { sessionKey } from '../../engine/session/request/session-id.ts';
import type { Change, Outcome } from '../../engine/session/session-store.ts';
import { MemoryStore } from '../../engine/session/stores/memory/memory-store.ts';
import { everyStore } from './every-store.ts';
import { JSON_FILES } from './rows/json.ts';
import { MEMORY } from './rows/memory.ts';
import { openSite, set, type TestPage, type TestSite, Visitor } from './site.ts';
import { everyKind, keys, values } from './storable.ts';

class Cart {
  items = ['apple'];
}

/** Indices that a visitor might give: each would be a list of so many holes. */
const FAR = [4_294_967_294, 4_000_000];

test('memory keeps any value as it is', async (t) => {
  const site = await openSite(MEMORY);
  t.teardown(() => site.close());
  const visitor = new Visitor();
  const cart = new Cart();
  await site.visit(visitor, (s) => Object.assign(s, { cart, call: () => 5 }));
  await site.visit(visitor, (s) => {
    t.is(s.cart, cart);
    t.is((s.call as () => number)(), 5);
  });
  t.deepEqual(site.log, []);
});

test('with debug, memory warns once a path of a value that no other store could keep', async (t) => {
  const site = await openSite(MEMORY, {}, { debug: true });
  t.teardown(() => site.close());
  const visitor = new Visitor();
  for (let visit = 0; visit < 3; visit++) {
    await site.visit(visitor, (s) =>
      Object.assign(s, { carts: [new Cart()], fine: new Date(), call: () => 5 }),
    );
  }
  await site.visit(visitor, (s) => Object.assign(s, { carts: ['x', new Cart()] }));
  t.is(site.log.length, 2);
  t.regex(site.log[0] ?? '', /^warn: page 'test\.pih': s\.carts\[0\] holds an instance of Cart/);
  t.regex(site.log[1] ?? '', /s\.call holds a function/);
});

test('with debug, memory warns of flash values, too, and reads no accessor', async (t) => {
  const site = await openSite(MEMORY, {}, { debug: true });
  t.teardown(() => site.close());
  let reads = 0;
  const counted = Object.defineProperty({}, 'read', { enumerable: true, get: () => ++reads });
  await site.visit(new Visitor(), (s) => {
    s.counted = counted;
    s.flash('note', new Cart());
  });
  t.is(reads, 0);
  t.is(site.log.length, 2);
  t.regex(site.log[0] ?? '', /s\.counted\.read holds an accessor/);
  t.regex(site.log[1] ?? '', /flash note holds an instance of Cart/);
});

test('session-too-big: with debug, memory warns of a list with a far index as of a value that no other store could keep', async (t) => {
  const site = await openSite(MEMORY, {}, { debug: true });
  t.teardown(() => site.close());
  const visitor = new Visitor();
  for (const index of FAR)
    await site.visit(visitor, (s) => set(s, 'cart', Object.assign([], { [index]: 1 })));
  await site.visit(visitor, (s) => t.is((s.cart as unknown[]).length, 4_000_001));
  t.is(site.log.length, 1);
  t.regex(site.log[0] ?? '', /s\.cart holds a list of length 4294967295, which makes the session too big/);
});

class Stubborn extends MemoryStore<string> {
  override commit(key: string, change: Change<string>): Outcome {
    return change.kind === 'quarantine' ? 'done' : super.commit(key, change);
  }
}

test('a text that can neither be read nor be put into quarantine is an error, and the tries have an end', async (t) => {
  const texts = new Stubborn(10, Date.now);
  texts.create('key', 'damaged', 0);
  const log: string[] = [];
  const store = new SerializedStore({
    texts,
    queues: new LockQueues(Date.now),
    log: (_, message) => log.push(message),
  });
  const taking = store.acquire('key', { page: 'test.pih', timeoutSeconds: 1 });
  const problem = await t.throwsAsync(taking, { instanceOf: Problem });
  t.is(problem?.code, 'session-unreadable');
  t.true(log.length < 10);
});

test('with debug, a value whose own code throws does not keep the session from the next request', async (t) => {
  const site = await openSite(MEMORY, { lock_timeout: 0.2 }, { debug: true });
  t.teardown(() => site.close());
  const visitor = new Visitor();
  const moody = {
    get mood(): string {
      throw new Error('not today');
    },
  };
  await site.visit(visitor, (s) => set(s, 'name', 'Jean'));
  await site.visit(visitor, (s) => set(s, 'moody', moody));
  t.is(await site.visit(visitor, (s) => s.name), 'Jean');
});

everyStore('every kind of value comes back as it was', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => {
    for (const [name, value] of Object.entries(everyKind())) s.set(name, value);
  });
  const values = await site.visit(visitor, (s) => ({ ...s }));
  t.deepEqual(Object.keys(values), Object.keys(everyKind()));
  for (const [name, value] of Object.entries(everyKind())) t.deepEqual(values[name], value, name);
  t.true(Object.hasOwn(Object(values['names with a meaning']), '__proto__'));
});

/** The bytes of a session with these attributes. */
function storedSize(attributes: ReadonlyMap<string, unknown>): number {
  const record = { ...emptyRecord(0), data: Object.fromEntries(attributes) };
  return Buffer.byteLength(serializedRecord(record));
}

everyStore('any values under any names come back as they were', async (t, site, { most = Infinity }) => {
  const attributes = fc
    .array(fc.tuple(keys, values), { maxLength: 5 })
    .map((pairs) => new Map(pairs))
    .filter((pairs) => most === Infinity || storedSize(pairs) <= most);
  const comesBack = fc.asyncProperty(attributes, async (wanted) => {
    const visitor = new Visitor();
    await site.visit(visitor, (s) => {
      for (const [name, value] of wanted) s.set(name, value);
    });
    const there = await site.visit(visitor, (s) => ({
      values: new Map([...wanted.keys()].map((name) => [name, s.get(name)])),
      others: Object.keys(s).filter((name) => !wanted.has(name)),
    }));
    return t.true(t.deepEqual(there, { values: wanted, others: [] }));
  });
  await fc.assert(comesBack, { numRuns: 40 });
});

everyStore(
  'a stored session is there after a restart, with its timeouts, flash values and cookie settings',
  async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, (s) => {
      s.a = new Map([[1, new Date(5)]]);
      s.set('code', 1, { timeout: 60 });
      s.flash('note', 'saved');
      s.remember = true;
      s.cookie.path = '/shop';
    });
    await site.sessions.close();
    await site.open();
    await site.visit(visitor, (s) => {
      t.deepEqual({ ...s }, { a: new Map([[1, new Date(5)]]), code: 1 });
      t.is(s.flash('note'), 'saved');
      t.true(s.remember);
      t.is(s.cookie.path, '/shop');
      t.is(s.created.getTime(), site.now);
    });
    site.now += 60_000;
    await site.visit(visitor, (s) => t.false(s.has('code')));
  },
  { needs: ['text'] },
);

everyStore(
  'a shared reference comes back as two copies',
  async (t, site) => {
    const visitor = new Visitor();
    const shared = { n: 1 };
    await site.visit(visitor, (s) => Object.assign(s, { one: shared, two: [shared, shared] }));
    await site.visit(visitor, (s) => {
      t.deepEqual({ ...s }, { one: { n: 1 }, two: [{ n: 1 }, { n: 1 }] });
      Object.assign(Object(s.one), { n: 2 });
    });
    await site.visit(visitor, (s) => t.deepEqual(s.two, [{ n: 1 }, { n: 1 }]));
  },
  { needs: ['text'] },
);

everyStore('an empty session stays an empty session', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  await site.visit(visitor, (s) => delete s.a);
  const { id } = visitor;
  await site.visit(visitor, (s) => {
    t.false(s.is_new);
    t.deepEqual(Object.keys(s), []);
    s.a = 2;
  });
  t.is(visitor.id, id);
});

for (const [size, bytes] of [
  ['large', 900_000],
  ['huge', 5_000_000],
] as const) {
  everyStore(
    `a session of ${bytes / 1000} kB is one like any other`,
    async (t, site) => {
      const visitor = new Visitor();
      const text = 'é"\u0000漢😀 '.repeat(bytes / 20).slice(0, bytes / 3);
      await site.visit(visitor, (s) => set(s, 'text', text));
      await site.visit(visitor, (s) => {
        t.true(s.text === text);
        s.more = 1;
      });
      await site.visit(visitor, (s) => s.regenerate());
      await site.visit(visitor, (s) => t.true(s.text === text && s.more === 1));
    },
    { needs: [size], alone: true },
  );
}

const cyclic: { self?: object } = {};
cyclic.self = cyclic;

/** Values that no serializing store can keep: the page that tries, and how the error begins. */
const REFUSED: readonly (readonly [(s: TestPage) => unknown, string])[] = [
  [(s) => set(s, 'call', () => 1), 's.call holds a function'],
  [(s) => set(s, 'mark', Symbol('x')), 's.mark holds a symbol'],
  [(s) => set(s, 'cart', { first: new Cart() }), 's.cart.first holds an instance of Cart'],
  [
    (s) => set(s, 'map', new Map([['k', [new Cart()]]])),
    'the value of s.map, entry 0[0] holds an instance of Cart',
  ],
  [(s) => set(s, 'members', new Set([/x/])), 's.members, member 0 holds an instance of RegExp'],
  [(s) => set(s, 'ring', cyclic), 's.ring.self holds a reference to something that contains it'],
  [(s) => set(s, 'later', Promise.resolve()), 's.later holds an instance of Promise'],
  [(s) => (s.list as unknown[]).push({ deep: [() => 1] }), 's.list[1].deep[0] holds a function'],
  [(s) => s.flash('note', new Cart()), 'flash note holds an instance of Cart'],
  [
    (s) => set(s, 'list', Object.assign([1], { apple: 2 })),
    's.list.apple holds a property that is no item of its list',
  ],
  [(s) => set(s, 'found', /b/.exec('abc')), 's.found.index holds a property that is no item of its list'],
  [
    (s) => set(s, 'map', Object.assign(new Map(), { a: 1 })),
    's.map.a holds a property that is no entry of its Map',
  ],
  [
    (s) => set(s, 'marks', Object.assign(new Set(), { a: 1 })),
    's.marks.a holds a property that is no member of its Set',
  ],
  [
    (s) => set(s, 'day', Object.assign(new Date(), { a: 1 })),
    's.day.a holds a property of its own on a Date',
  ],
  [
    (s) =>
      set(s, 'cart', {
        get total(): number {
          return 1;
        },
      }),
    's.cart.total holds an accessor (get or set) instead of a value',
  ],
  [
    (s) => set(s, 'cart', Object.defineProperty({}, 'total', { value: 1 })),
    's.cart.total holds a property that is not enumerable',
  ],
  [
    (s) => s.update((d) => Object.assign(d, { [Symbol('x')]: 1 })),
    's.Symbol(x) holds a property with a symbol as key',
  ],
  [
    (s) => s.update((d) => Object.defineProperty(d, 'now', { get: Date.now, enumerable: true })),
    's.now holds an accessor (get or set) instead of a value',
  ],
];

everyStore(
  'session-value-unstorable: the error names the value that cannot be kept, and nothing of the page is written',
  async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, (s) => set(s, 'list', [1]));
    for (const [page, message] of REFUSED) {
      const visit = site.visit(visitor.twin(), (s) => {
        s.a = 'never stored';
        page(s);
      });
      const problem = await t.throwsAsync(visit, { instanceOf: Problem }, message);
      t.is(problem?.code, 'session-value-unstorable');
      t.true(problem?.message.startsWith(message), problem?.message);
    }
    await site.visit(visitor, (s) => t.deepEqual({ ...s }, { list: [1] }));
    const newcomer = new Visitor();
    await t.throwsAsync(
      site.visit(newcomer, (s) => set(s, 'call', () => 1)),
      { instanceOf: Problem },
    );
    t.deepEqual(newcomer.received, []);
  },
  { needs: ['text'] },
);

everyStore(
  'session-too-big: a list with a far index is refused at once, and nothing of it is written',
  async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, (s) => set(s, 'cart', [1]));
    for (const index of FAR) {
      const cart = () => Object.assign([1], { [index]: 1 });
      const pages: ((s: TestPage) => unknown)[] = [
        (s) => set(s, 'cart', cart()),
        (s) => Object.assign(s.cart as unknown[], { [index]: 1 }),
        (s) => s.flash('cart', cart()),
        (s) => s.update((d) => Object.assign(d, { cart: cart() })),
        async (s) => {
          await s.save();
          s.cart = cart();
        },
        async (s) => {
          s.cart = cart();
          await s.save();
        },
        (s) => {
          s.regenerate();
          s.cart = cart();
        },
      ];
      for (const page of pages) {
        const problem = await t.throwsAsync(site.visit(visitor.twin(), page), { instanceOf: Problem });
        t.is(problem?.code, 'session-too-big');
        t.regex(problem?.text ?? '', new RegExp(`cart holds a list of length ${index + 1}`));
      }
    }
    await site.visit(visitor, (s) => t.deepEqual({ ...s }, { cart: [1] }));
  },
  { needs: ['text'] },
);

everyStore(
  'a value that cannot be stored does not hold the lock',
  async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, () => undefined);
    const pages: ((s: TestPage) => unknown)[] = [
      (s) => set(s, 'call', () => 1),
      (s) => {
        s.regenerate();
        s.call = () => 1;
      },
      async (s) => {
        s.a = 1;
        await s.save();
        s.call = () => 1;
      },
      async (s) => {
        s.call = () => 1;
        await s.save();
      },
      async (s) => {
        await s.save();
        await s.update((d) => Object.assign(d, { call: () => 1 }));
      },
      (s) => {
        s.cookie.timeout = 'x';
      },
    ];
    for (const page of pages) await t.throwsAsync(site.visit(visitor.twin(), page), { instanceOf: Problem });
    await site.visit(visitor, (s) => t.deepEqual({ ...s }, { a: 1 }));
  },
  { needs: ['text', 'locks'], session: { lock_timeout: 1 } },
);

/** Damaged texts of a stored session. */
const DAMAGED: Readonly<Record<string, string>> = {
  'is empty': '',
  'is cut': '{"karrigell":1,"created":"2026-01-01T00:00:00.000Z","data":{"a":"secret va',
  'is something else': 'hello \u0001 \ud7ff',
  'has a newer format': '{"karrigell":2,"created":"2026-01-01T00:00:00.000Z","data":{"a":1}}\n',
  'has more holes than a list can':
    '{"karrigell":1,"created":"2026-01-01T00:00:00.000Z","data":{"a":[{"$holes":4294967294},1]}}\n',
  'is nested without end': `{"karrigell":1,"created":"2026-01-01T00:00:00.000Z","data":{"a":${'['.repeat(100_000)}`,
  'has a value of a newer format':
    '{"karrigell":1,"created":"2026-01-01T00:00:00.000Z","data":{"a":{"$temporal":"x"}}}\n',
};

for (const [what, text] of Object.entries(DAMAGED)) {
  for (const how of ['writes', 'only looks'] as const) {
    everyStore(
      `a stored session that ${what} is put into quarantine and logged, and a visitor who ${how} begins a new session`,
      async (t, site, row) => {
        const visitor = new Visitor();
        await site.visit(visitor, (s) => set(s, 'a', 'secret value'));
        site.now += 3000_000;
        const key = sessionKey(visitor.id ?? '');
        await row.put?.(site.place, key, text);
        const read_only = how === 'only looks';
        await site.visit(visitor.twin(), (s) => t.deepEqual(Object.keys(s), []), { read_only });
        t.is(site.log.length, 1);
        t.regex(site.log[0] ?? '', /^error: the stored session [0-9a-f]{12} cannot be read/);
        t.false(site.log[0]?.includes(visitor.id ?? '?'));
        t.false(site.log[0]?.includes('secret'));
        const aside = (await row.names?.(site.place))?.filter((name) => name.includes(key)) ?? [];
        t.true(aside.every((name) => name.includes('damaged')) && aside.length === 1, aside.join());
        await site.visit(visitor, (s) => set(s, 'a', 2));
        t.is(await site.visit(visitor, (s) => s.a), 2);
        t.is(site.log.length, 1);
      },
      { needs: ['side_door', 'names'] },
    );
  }
}

test('json: a read-only page of a damaged session does not wait for the page that holds its lock', async (t) => {
  const site = await openSite(JSON_FILES);
  t.teardown(() => site.close());
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  await site.visit(visitor, async (s) => {
    await writeFile(await storedFile(site), 'damaged');
    await site.visit(visitor.twin(), (twin) => t.deepEqual(Object.keys(twin), []), { read_only: true });
    s.a = 2;
  });
  t.is(await site.visit(visitor, (s) => s.a), 2);
  t.deepEqual(site.log, []);
});

test('json: a folder in place of a session is put into quarantine, and the visitor starts anew', async (t) => {
  const site = await openSite(JSON_FILES);
  t.teardown(() => site.close());
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  const file = await storedFile(site);
  await unlink(file);
  await mkdir(file);
  t.deepEqual(await site.visit(visitor.twin(), (s) => Object.keys(s), { read_only: true }), []);
  await site.visit(visitor, (s) => set(s, 'a', 2));
  t.is(await site.visit(visitor, (s) => s.a), 2);
  t.is(site.log.length, 1);
  t.regex(site.log.join(), /cannot be read/);
  t.true((await readdir(path.dirname(file))).some((name) => name.endsWith('.damaged.json')));
});

test('json: no file holds the id of its session', async (t) => {
  const site = await openSite(JSON_FILES);
  t.teardown(() => site.close());
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  t.false((await storedText(site)).includes(visitor.id ?? '?'));
  t.false((await storedFile(site)).includes(visitor.id ?? '?'));
});

test('session-lock-lost: json: a request that lost its lock writes nothing and is answered 503', async (t) => {
  const site = await openSite(JSON_FILES);
  t.teardown(() => site.close());
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  const page = site.visit(visitor, async (s) => {
    s.a = 2;
    await unlink((await storedFile(site)).replace(/json$/, 'lock'));
  });
  const problem = await t.throwsAsync(page, { instanceOf: Problem });
  t.is(problem?.code, 'session-lock-lost');
  t.is(problem?.status, 503);
  t.is(await site.visit(visitor, (s) => s.a), 1);
});

test('session-store-failed: json: a write that fails is an error, and the lock is released', async (t) => {
  const site = await openSite(JSON_FILES);
  t.teardown(() => site.close());
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  const file = await storedFile(site);
  const page = site.visit(visitor, async (s) => {
    s.a = 2;
    await unlink(file);
    await mkdir(path.join(file, 'in the way'), { recursive: true });
  });
  const problem = await t.throwsAsync(page, { instanceOf: Problem });
  t.is(problem?.code, 'session-store-failed');
  t.deepEqual(await readdir(path.dirname(file)), [path.basename(file)]);
});

async function storedFile(site: TestSite): Promise<string> {
  const dir = path.join(site.dir, 'sessions');
  const names = await readdir(dir, { recursive: true });
  return path.join(dir, names.find((name) => name.endsWith('.json')) ?? '');
}

async function storedText(site: TestSite): Promise<string> {
  return readFile(await storedFile(site), 'utf8');
}
