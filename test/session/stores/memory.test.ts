import test from 'ava';
import { MemoryStore } from '../../../engine/session/stores/memory.ts';
import { storeContract, type TestedStore } from './contract.ts';

storeContract('memory', async () => {
  const tested: { -readonly [K in keyof TestedStore]: TestedStore[K] } = {
    now: Date.UTC(2026, 0, 1),
    store: new MemoryStore<string>(1000, () => tested.now),
    close: async () => undefined,
  };
  return tested;
});

const states = (store: MemoryStore<object>, keys: string[]) => keys.map((key) => store.read(key).state);

test('the least recently used entry ends when one more begins', (t) => {
  const store = new MemoryStore<object>(2, () => 0);
  store.create('a', {}, 0);
  store.create('b', {}, 0);
  store.read('a');
  store.create('c', {}, 0);
  t.deepEqual(states(store, ['a', 'b', 'c']), ['live', 'absent', 'live']);
});

test('an entry that a request works with is not evicted, but is as soon as it is not', (t) => {
  const store = new MemoryStore<object>(1, () => 0);
  store.create('a', {}, 0);
  t.true(store.pin('a'));
  t.false(store.pin('z'));
  store.create('b', {}, 0);
  t.deepEqual(states(store, ['b', 'a']), ['live', 'live']);
  store.unpin('a');
  t.deepEqual(states(store, ['a', 'b']), ['live', 'absent']);
});

test('tombstones do not count', (t) => {
  const store = new MemoryStore<object>(2, () => 0);
  for (const key of ['x', 'y', 'z']) store.take(key).commit({ kind: 'end', until: 10 });
  store.create('a', {}, 0);
  store.create('b', {}, 0);
  t.deepEqual(states(store, ['a', 'b', 'x', 'y']), ['live', 'live', 'retired', 'retired']);
});

test('a lower limit holds at once', (t) => {
  const store = new MemoryStore<object>(3, () => 0);
  for (const key of ['a', 'b', 'c']) store.create(key, {}, 0);
  store.limit(1);
  t.deepEqual(states(store, ['a', 'b', 'c']), ['absent', 'absent', 'live']);
});

test('contents are kept as they are', (t) => {
  const store = new MemoryStore<object>(3, () => 0);
  const content = { connection: () => 1 };
  store.create('a', content, 0);
  const found = store.read('a');
  t.true(found.state === 'live' && found.content === content);
});

test('a sweep of many entries goes in steps', (t) => {
  let now = 0;
  const store = new MemoryStore<object>(5000, () => now);
  for (let i = 0; i < 1200; i++) store.create(`k${i}`, {}, 5);
  now = 10;
  const steps = [store.sweep(), store.sweep(), store.sweep(), store.sweep()];
  t.true((steps[0] ?? 0) < 1200);
  t.is(
    steps.reduce((sum, removed) => sum + removed, 0),
    1200,
  );
});
