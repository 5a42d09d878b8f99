import test from 'ava';
import { MemoryStore } from '../../../engine/session/stores/memory/memory-store.ts';
import { storeContract, type TestedStore } from './contract.ts';

storeContract(
  'memory',
  async () => {
    const tested: { -readonly [K in keyof TestedStore]: TestedStore[K] } = {
      now: Date.UTC(2026, 0, 1),
      store: new MemoryStore<string>(1000, () => tested.now),
      close: async () => undefined,
    };
    return tested;
  },
  {
    'a deadline that was moved meanwhile is left alone by a touch':
      'all requests share the entry, and the last one moves it',
  },
);

const states = (store: MemoryStore<object>, keys: string[]) => keys.map((key) => store.read(key).state);

test('the least recently used entry is evicted when one more is created', (t) => {
  const store = new MemoryStore<object>(2, () => 0);
  store.create('a', {}, 0);
  store.create('b', {}, 0);
  store.read('a');
  store.create('c', {}, 0);
  t.deepEqual(states(store, ['a', 'b', 'c']), ['live', 'removed', 'live']);
});

test('a pinned entry is not evicted until it is unpinned', (t) => {
  const store = new MemoryStore<object>(1, () => 0);
  store.create('a', {}, 0);
  t.true(store.pin('a', false));
  t.false(store.pin('z', true));
  store.create('b', {}, 0);
  t.deepEqual(states(store, ['b', 'a']), ['live', 'live']);
  store.unpin('a');
  t.deepEqual(states(store, ['a', 'b']), ['live', 'removed']);
});

test('as many tombstones of evicted keys are kept as the store may have entries, and they expire', (t) => {
  let now = 0;
  const store = new MemoryStore<object>(2, () => now);
  for (const key of ['a', 'b', 'c', 'd', 'e']) store.create(key, {}, 0);
  t.deepEqual(states(store, ['a', 'b', 'c', 'd', 'e']), ['absent', 'removed', 'removed', 'live', 'live']);
  now = 5 * 60_000;
  t.deepEqual(states(store, ['b', 'c']), ['absent', 'absent']);
});

test('tombstones do not count', (t) => {
  const store = new MemoryStore<object>(2, () => 0);
  for (const key of ['x', 'y', 'z']) store.acquire(key).release({ kind: 'retire', until: 10 });
  store.create('a', {}, 0);
  store.create('b', {}, 0);
  t.deepEqual(states(store, ['a', 'b', 'x', 'y']), ['live', 'live', 'retired', 'retired']);
});

test('a lower limit holds at once', (t) => {
  const store = new MemoryStore<object>(3, () => 0);
  for (const key of ['a', 'b', 'c']) store.create(key, {}, 0);
  store.setMaxEntries(1);
  t.deepEqual(states(store, ['a', 'b', 'c']), ['absent', 'removed', 'live']);
});

test('contents are kept as they are', (t) => {
  const store = new MemoryStore<object>(3, () => 0);
  const content = { connection: () => 1 };
  store.create('a', content, 0);
  const found = store.read('a');
  t.true(found.state === 'live' && found.content === content);
});

test('a step of the sweep looks at 500 entries, and tells whether it left some', (t) => {
  let now = 0;
  const store = new MemoryStore<object>(5000, () => now);
  for (let i = 0; i < 1200; i++) store.create(`k${i}`, {}, 5);
  now = 10;
  t.is(store.sweep(0), store.sweepLimit);
  store.create('begun between two steps', {}, 0);
  t.deepEqual([store.sweep(0), store.sweep(0), store.sweep(0)], [500, 200, 0]);
});

test('a round of steps reaches every entry, behind any number that stay', (t) => {
  const store = new MemoryStore<object>(5000, () => 10);
  for (let i = 0; i < 1200; i++) store.create(`stays${i}`, {}, 0);
  for (let i = 0; i < 100; i++) store.create(`over${i}`, {}, 5);
  const steps = Array.from({ length: store.sweepSteps }, (_, step) => store.sweep(step));
  t.deepEqual(steps, [0, 0, 100]);
});

test('tombstones are removed in steps too', (t) => {
  let now = 0;
  const store = new MemoryStore<object>(10, () => now);
  for (let i = 0; i < 700; i++) store.acquire(`k${i}`).release({ kind: 'retire', until: 5 });
  store.acquire('later').release({ kind: 'retire', until: 20 });
  now = 10;
  t.deepEqual([store.sweep(0), store.sweep(0), store.sweep(0)], [500, 200, 0]);
  t.deepEqual(states(store, ['later', 'k0']), ['retired', 'absent']);
});
