// The contract of every store, as a function that declares its tests for one store. The rules are the comments of
// engine/session/session-store.ts. The engine's own stores keep all of them. A foreign store is declared with the rules that
// it cannot keep, each with the reason.

import test, { type ExecutionContext } from 'ava';
import type { Change, LockRequest, SessionStore } from '../../../engine/session/session-store.ts';

/** A store under test, with a clock that the test moves. */
export interface TestedStore {
  readonly store: SessionStore<string>;
  now: number;
  /** Closes the store and leaves nothing behind. */
  close(): Promise<void>;
}

export const REQUEST: LockRequest = { page: 'test.pih', timeoutSeconds: 5 };
const KEY = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);
const HOUR = 3_600_000;

/** Acquires the lock of a key, makes a change, and gives the outcome. */
export async function change(
  store: SessionStore<string>,
  key: string,
  wanted: Change<string>,
): Promise<string> {
  const lock = await store.acquire(key, REQUEST);
  return lock.release(wanted);
}

/** Registers the contract's tests for the store called `name`; `cannot`: titles of rules, and why they do not hold. */
export function storeContract(
  name: string,
  open: () => Promise<TestedStore>,
  cannot: Readonly<Record<string, string>> = {},
): void {
  const rule = (title: string, run: (t: ExecutionContext, tested: TestedStore) => Promise<void>) => {
    const why = cannot[title];
    if (why !== undefined) return test.skip(`${name}: ${title} (not here: ${why})`, () => undefined);
    return test(`${name}: ${title}`, async (t) => {
      const tested = await open();
      t.teardown(() => tested.close());
      await run(t, tested);
    });
  };

  rule('a key without an entry is absent, and reading it is no error', async (t, { store }) => {
    t.deepEqual(await store.read(KEY), { state: 'absent' });
    const lock = await store.acquire(KEY, REQUEST);
    t.deepEqual(lock.entry, { state: 'absent' });
    t.is(await lock.release({ kind: 'keep' }), 'done');
    t.false(await store.touch(KEY, 1, 0));
  });

  rule('a created entry is read with its deadline', async (t, { store, now }) => {
    await store.create(KEY, 'one', now + HOUR);
    t.deepEqual(await store.read(KEY), { state: 'live', content: 'one', deadline: now + HOUR });
    t.is(await change(store, OTHER, { kind: 'create', content: 'two', deadline: 0 }), 'done');
    t.deepEqual(await store.read(OTHER), { state: 'live', content: 'two', deadline: 0 });
  });

  rule('a write replaces content and deadline of a live entry', async (t, { store, now }) => {
    await store.create(KEY, 'one', now + 1);
    t.is(await change(store, KEY, { kind: 'write', content: 'two', deadline: now + HOUR }), 'done');
    t.deepEqual(await store.read(KEY), { state: 'live', content: 'two', deadline: now + HOUR });
  });

  rule('a write creates no entry', async (t, { store, now }) => {
    t.is(await change(store, KEY, { kind: 'write', content: 'one', deadline: now + HOUR }), 'gone');
    t.deepEqual(await store.read(KEY), { state: 'absent' });
  });

  rule('an entry past its deadline is absent and is not written back', async (t, tested) => {
    const { store } = tested;
    await store.create(KEY, 'one', tested.now + HOUR);
    const lock = await store.acquire(KEY, REQUEST);
    tested.now += HOUR;
    t.deepEqual(await store.read(KEY), { state: 'absent' });
    t.false(await store.touch(KEY, tested.now + HOUR, tested.now));
    t.is(await lock.release({ kind: 'write', content: 'two', deadline: tested.now + HOUR }), 'gone');
    t.deepEqual(await store.read(KEY), { state: 'absent' });
  });

  rule('an entry is live until the moment of its deadline', async (t, tested) => {
    await tested.store.create(KEY, 'one', tested.now + HOUR);
    tested.now += HOUR - 1;
    t.is((await tested.store.read(KEY)).state, 'live');
    tested.now += 1;
    t.is((await tested.store.read(KEY)).state, 'absent');
  });

  rule('a touch moves the deadline alone, with and without the lock', async (t, { store, now }) => {
    await store.create(KEY, 'one', now + 1);
    t.true(await store.touch(KEY, now + HOUR, now + 1));
    t.deepEqual(await store.read(KEY), { state: 'live', content: 'one', deadline: now + HOUR });
    t.is(await change(store, KEY, { kind: 'touch', deadline: 0 }), 'done');
    t.deepEqual(await store.read(KEY), { state: 'live', content: 'one', deadline: 0 });
  });

  rule('a deadline that was moved meanwhile is left alone by a touch', async (t, { store, now }) => {
    await store.create(KEY, 'one', now + 1);
    t.true(await store.touch(KEY, now + HOUR, now + 1));
    t.false(await store.touch(KEY, now + 2 * HOUR, now + 1));
    t.like(await store.read(KEY), { deadline: now + HOUR });
  });

  rule('a retired entry leaves a tombstone, which expires', async (t, tested) => {
    const { store } = tested;
    await store.create(KEY, 'one', 0);
    t.is(await change(store, KEY, { kind: 'retire', until: tested.now + HOUR }), 'done');
    t.like(await store.read(KEY), { state: 'retired' });
    const { entry: found } = await acquireAndKeep(store, KEY);
    t.like(found, { state: 'retired' });
    if (found.state === 'retired' && found.since !== undefined) t.is(found.since, tested.now);
    t.false(await store.touch(KEY, tested.now + 2 * HOUR, 0));
    t.is(await change(store, KEY, { kind: 'write', content: 'two', deadline: 0 }), 'gone');
    t.like(await store.read(KEY), { state: 'retired' });
    tested.now += HOUR;
    t.deepEqual(await store.read(KEY), { state: 'absent' });
  });

  rule('a key that was never written can be retired too', async (t, { store, now }) => {
    t.is(await change(store, KEY, { kind: 'retire', until: now + HOUR }), 'done');
    t.like(await store.read(KEY), { state: 'retired' });
  });

  rule('a move puts the content under another key and retires this one', async (t, { store, now }) => {
    await store.create(KEY, 'one', 0);
    const move = {
      kind: 'move',
      to: OTHER,
      content: 'two',
      deadline: now + HOUR,
      until: now + HOUR,
    } as const;
    t.is(await change(store, KEY, move), 'done');
    t.like(await store.read(KEY), { state: 'retired' });
    t.deepEqual(await store.read(OTHER), { state: 'live', content: 'two', deadline: now + HOUR });
  });

  rule('an absent entry is not moved', async (t, { store, now }) => {
    const move = { kind: 'move', to: OTHER, content: 'two', deadline: 0, until: now + HOUR } as const;
    t.is(await change(store, KEY, move), 'gone');
    t.deepEqual(await store.read(OTHER), { state: 'absent' });
    t.deepEqual(await store.read(KEY), { state: 'absent' });
  });

  rule('a removed entry leaves a tombstone, which expires', async (t, tested) => {
    const { store } = tested;
    await store.create(KEY, 'one', 0);
    t.is(await change(store, KEY, { kind: 'remove', until: tested.now + HOUR }), 'done');
    t.deepEqual(await store.read(KEY), { state: 'removed' });
    t.deepEqual((await acquireAndKeep(store, KEY)).entry, { state: 'removed' });
    t.false(await store.touch(KEY, tested.now + 2 * HOUR, 0));
    t.is(await change(store, KEY, { kind: 'write', content: 'two', deadline: 0 }), 'gone');
    t.deepEqual(await store.read(KEY), { state: 'removed' });
    tested.now += HOUR;
    t.deepEqual(await store.read(KEY), { state: 'absent' });
  });

  rule('an entry in quarantine is absent under its key', async (t, { store }) => {
    await store.create(KEY, 'one', 0);
    t.is(await change(store, KEY, { kind: 'quarantine' }), 'done');
    t.deepEqual(await store.read(KEY), { state: 'absent' });
  });

  rule('content is kept to the last character', async (t, { store }) => {
    const content = '\u0000"\\\r\n\u2028 é 漢 😀 \t'.repeat(1000);
    await store.create(KEY, content, 0);
    const found = await store.read(KEY);
    t.true(found.state === 'live' && found.content === content);
  });

  rule('the listing has the live entries and no others', async (t, { store, now }) => {
    await store.create(KEY, 'one', now + HOUR);
    await store.create(OTHER, 'two', now - 1);
    await change(store, 'ef'.repeat(32), { kind: 'retire', until: now + HOUR });
    await change(store, '01'.repeat(32), { kind: 'remove', until: now + HOUR });
    const entries = [];
    for await (const entry of store.list()) entries.push({ ...entry, size: undefined });
    t.deepEqual(entries, [{ key: KEY, content: 'one', deadline: now + HOUR, size: undefined }]);
  });

  rule('the listing of a prefix has every live entry with this prefix, once', async (t, { store, now }) => {
    const keys = [KEY, `abcd${'0'.repeat(60)}`, `abcd${'f'.repeat(60)}`, `ac${'f'.repeat(62)}`, OTHER];
    for (const key of keys) await store.create(key, 'one', now + HOUR);
    for (const beginning of ['', 'a', 'ab', 'abc', 'abcd', 'abcdf', KEY, 'abcde', '0', 'g', '*', '%', '_']) {
      const listed: string[] = [];
      for await (const { key } of store.list(beginning)) if (key.startsWith(beginning)) listed.push(key);
      const begun = keys.filter((key) => key.startsWith(beginning));
      t.deepEqual(listed.sort(), begun.sort(), beginning);
    }
  });

  rule('a listing goes on while listed entries are removed', async (t, { store, now }) => {
    const keys = Array.from({ length: 40 }, (_, n) => n.toString(16).padStart(2, '0').repeat(32));
    for (const key of keys) await store.create(key, 'one', now + HOUR);
    const listed = new Set<string>();
    for await (const { key } of store.list()) {
      if (listed.size === 0) {
        for (const gone of keys.splice(0, 20))
          await change(store, gone, { kind: 'remove', until: now + HOUR });
        await store.create('ef'.repeat(32), 'later', now + HOUR);
      }
      listed.add(key);
    }
    t.deepEqual(
      keys.filter((key) => !listed.has(key)),
      [],
    );
  });

  rule('the size of a store is about the number of its entries', async (t, { store, now }) => {
    for (let n = 10; n < 30; n++) await store.create(String(n).repeat(32), 'one', now + HOUR);
    const size = await store.size?.();
    t.true(size === undefined || (size >= 20 && size <= 22), String(size));
  });

  rule('a sweep removes expired entries and nothing else', async (t, tested) => {
    const { store } = tested;
    await store.create(KEY, 'one', tested.now + HOUR);
    await store.create(OTHER, 'two', 0);
    await store.create('01'.repeat(32), 'three', tested.now + 2 * HOUR);
    t.is(await sweepAll(store), 0);
    tested.now += HOUR;
    t.is(await sweepAll(store), 1);
    t.is((await store.read(OTHER)).state, 'live');
    t.is((await store.read('01'.repeat(32))).state, 'live');
  });

  rule('a store has a secret', async (t, { store }) => {
    t.true(store.secret.length >= 32);
  });
}

/** All the steps of a sweep. */
export async function sweepAll(store: SessionStore<string>): Promise<number> {
  let removed = 0;
  for (let step = 0; step < store.sweepSteps; step++) removed += await store.sweep(step);
  return removed;
}

async function acquireAndKeep(store: SessionStore<string>, key: string) {
  const lock = await store.acquire(key, REQUEST);
  await lock.release({ kind: 'keep' });
  return lock;
}
