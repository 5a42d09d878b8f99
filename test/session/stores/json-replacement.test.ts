// The JSON store's protocols, killed between every two steps: calls of the file system are counted, and from one of them on all
// of them fail, as if the process had been killed before it. Before each call the test reads the folder as other processes do.

import fs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { GRACE_MS, readUnlocked } from '../../../engine/session/stores/json/entry-files.ts';
import { EntryReplacement } from '../../../engine/session/stores/json/entry-replacement.ts';
import { Folder } from '../../../engine/session/stores/json/json-folder.ts';
import { LockFiles } from '../../../engine/session/stores/json/lock-files.ts';
import { ownProcess } from '../../../engine/session/stores/json/lock-owner.ts';
import type { EntryChange } from '../../../engine/session/stores/locking/store-driver.ts';

const KEY = 'ab'.repeat(32);
const LATER_MS = 61_000;

/** The calls with which the store changes or reads the disk. */
const CALLS = [
  'closeSync',
  'fdatasyncSync',
  'fstatSync',
  'fsyncSync',
  'ftruncateSync',
  'futimesSync',
  'linkSync',
  'lstatSync',
  'lutimesSync',
  'mkdirSync',
  'openSync',
  'readFileSync',
  'readSync',
  'renameSync',
  'unlinkSync',
  'utimesSync',
  'writeFileSync',
  'writeSync',
] as const;

/** The process has been killed: nothing that it calls happens. */
class Killed extends Error {}

/** Puts another function in place of one of the file system; gives what restores it. */
function patched(name: (typeof CALLS)[number], other: (...parameters: unknown[]) => unknown): () => void {
  const original = Reflect.get(fs, name);
  Reflect.set(fs, name, other);
  syncBuiltinESMExports();
  return () => {
    Reflect.set(fs, name, original);
    syncBuiltinESMExports();
  };
}

/** Runs a piece of a process that is killed before a call, and looks at the disk before each; how many calls there were. */
function runUntil(killedAt: number, look: () => void, piece: () => void): number {
  let [calls, isLooking] = [0, false];
  const restores = CALLS.map((name) => {
    const original = Reflect.get(fs, name);
    return patched(name, (...parameters: unknown[]) => {
      if (!isLooking) {
        if (calls === killedAt) throw new Killed();
        isLooking = true;
        look();
        isLooking = false;
        calls++;
      }
      return Reflect.apply(original, fs, parameters);
    });
  });
  try {
    piece();
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  } finally {
    for (const restore of restores) restore();
  }
  return calls;
}

async function newFolder(t: ExecutionContext): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-json-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

const storeIn = (dir: string, id: string, more = {}) =>
  new Folder({ dir, lockDir: dir, id, fsync: false, leaseMs: 3000, ...more });
const acquisition = (token: string) => ({ key: KEY, token, page: 'a.pih', mayCreate: true });
const put = (text: string, replaces = true): EntryChange => {
  return { kind: 'put', entry: { text, deadline: 2_000_000_000_000 }, replaces };
};

function changed(store: Folder, token: string, change: EntryChange): string {
  const { kind } = store.acquire(acquisition(token));
  return kind === 'held' ? store.release([KEY, token], change) : kind;
}

/** Everything that is below a folder, but the folders. */
const filesIn = (dir: string) =>
  fs
    .readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((each) => !each.isDirectory())
    .map(({ name }) => name);

/** Removes what is left over, as a server's sweep does a minute later. */
function sweepLater(dir: string): void {
  const before = new Date(Date.now() - LATER_MS);
  const owners = filesIn(dir).filter((name) => name.endsWith('.owner'));
  for (const name of owners) fs.utimesSync(path.join(dir, name), before, before);
  const store = storeIn(dir, 'sweeper');
  for (const subfolder of ['', 'ab']) store.sweep(subfolder, store.names(subfolder), Date.now() + LATER_MS);
  store.close();
}

interface TestedChange {
  /** Changes before, by the process that is killed later. A pause lets it use its spare files. */
  readonly before: readonly EntryChange[];
  readonly change: EntryChange;
  /** Texts that may be found, the newest last. */
  readonly texts: readonly (string | undefined)[];
  readonly more?: object;
}

const big = 'x'.repeat(10_000);
const CHANGES: Readonly<Record<string, TestedChange>> = {
  'a first write': { before: [], change: put('one', false), texts: [undefined, 'one'] },
  'a write to a new file': { before: [put('one', false)], change: put('two'), texts: ['one', 'two'] },
  'a write to a spare file': {
    before: [put('zero', false), put('a longer one')],
    change: put('two'),
    texts: ['a longer one', 'two'],
  },
  'a synced write to a spare file': {
    before: [put('zero', false), put('one')],
    change: put('two'),
    texts: ['one', 'two'],
    more: { fsync: true },
  },
  'a write of more than a block': {
    before: [put('zero', false), put('one')],
    change: put(big),
    texts: ['one', big],
  },
  'a touch': { before: [put('one', false)], change: { kind: 'touch', deadline: 1e12 }, texts: ['one'] },
  'a removal': {
    before: [put('zero', false), put('one')],
    change: { kind: 'remove' },
    texts: ['one', undefined],
  },
  'a release without a change': { before: [put('one', false)], change: { kind: 'keep' }, texts: ['one'] },
};

for (const [what, { before, change, texts, more }] of Object.entries(CHANGES)) {
  test(`${what} that is killed between two steps leaves the old or the new entry`, async (t) => {
    for (let [killedAt, isEnded] = [0, false]; !isEnded; killedAt++) {
      const dir = await newFolder(t);
      const dead = storeIn(dir, 'dead', { ...more, owner: { ...ownProcess(), start: '1' } });
      for (const [index, each] of before.entries()) t.is(changed(dead, `b:${index}`, each), 'done');
      if (before.length > 1) await pause(GRACE_MS + 5);
      const other = storeIn(dir, 'other');
      const seen = new Set<string | undefined>();
      const look = () => seen.add(other.load(KEY)?.text);
      let outcome: string | undefined;
      const calls = runUntil(killedAt, look, () => {
        outcome = changed(dead, 'c:1', change);
      });
      isEnded = calls < killedAt;
      const where = `killed before call ${killedAt}`;
      const found = other.load(KEY)?.text;
      t.true(texts.includes(found), `${where}: ${found}`);
      for (const text of seen) t.true(texts.includes(text), `${where}: seen ${text}`);
      if (outcome !== undefined) t.deepEqual([outcome, found], ['done', texts.at(-1)]);
      const held = other.acquire(acquisition('d:1'));
      t.is(held.kind, 'held', where);
      t.is(held.kind === 'held' ? held.entry?.text : '', found, where);
      t.is(other.release([KEY, 'd:1'], put('later', false)), 'done', where);
      t.is(other.load(KEY)?.text, 'later', where);
      t.is(changed(other, 'd:2', put('latest')), 'done', where);
      other.close();
      sweepLater(dir);
      t.deepEqual(filesIn(dir), [`${KEY}.json`], where);
      t.is(other.load(KEY)?.text, 'latest', where);
      if (isEnded) t.true(calls > 3);
    }
  });
}

test('a takeover that is killed between two steps delays no request', async (t) => {
  for (let [killedAt, isEnded] = [0, false]; !isEnded; killedAt++) {
    const dir = await newFolder(t);
    const ended = { ...ownProcess(), start: '1' };
    t.is(storeIn(dir, 'first', { owner: ended }).acquire(acquisition('a:1')).kind, 'held');
    const second = storeIn(dir, 'second', { owner: { ...ended, start: '2' } });
    const calls = runUntil(
      killedAt,
      () => {},
      () => t.is(second.acquire(acquisition('b:1')).kind, 'held'),
    );
    isEnded = calls < killedAt;
    const third = storeIn(dir, 'third');
    t.is(third.acquire(acquisition('c:1')).kind, 'held', `killed before call ${killedAt}`);
    t.is(third.release([KEY, 'c:1'], put('one', false)), 'done');
    third.close();
    sweepLater(dir);
    t.deepEqual(filesIn(dir), [`${KEY}.json`]);
  }
});

const CONDITION = { replaces: false, isLocked: () => true };
const entry = (text: string) => ({ text, deadline: 0 });

test('a file that was replaced is written to only when no reader can have it open', async (t) => {
  const name = path.join(await newFolder(t), 'a.json');
  const replacement = new EntryReplacement(false);
  t.teardown(() => replacement.close());
  replacement.replace(name, entry('one'), CONDITION);
  const reader = fs.openSync(name, 'r');
  for (const text of ['two', 'six', 'ten']) replacement.replace(name, entry(text), CONDITION);
  t.is(fs.readFileSync(reader, 'utf8'), 'one');
  await pause(GRACE_MS + 5);
  replacement.replace(name, entry('new'), CONDITION);
  t.is(fs.fstatSync(reader).ino, fs.statSync(name).ino);
  t.is(fs.readFileSync(name, 'utf8'), 'new');
  fs.closeSync(reader);
});

test('a file with a second name, as a backup of hard links has it, is never written to', async (t) => {
  const name = path.join(await newFolder(t), 'a.json');
  const replacement = new EntryReplacement(false);
  t.teardown(() => replacement.close());
  replacement.replace(name, entry('one'), CONDITION);
  fs.linkSync(name, `${name}.backup`);
  for (const text of ['two', 'six', 'ten']) {
    replacement.replace(name, entry(text), CONDITION);
    await pause(GRACE_MS + 5);
    t.is(fs.readFileSync(`${name}.backup`, 'utf8'), 'one');
  }
});

test.serial(
  'spare files are removed when their session is not written to for a time, and when it is removed',
  async (t) => {
    const dir = await newFolder(t);
    const name = path.join(dir, 'a.json');
    const replacement = new EntryReplacement(false, 50);
    for (const text of ['one', 'two']) replacement.replace(name, entry(text), CONDITION);
    t.is(filesIn(dir).length, 2);
    const restore = patched('unlinkSync', () => {
      throw Object.assign(new Error('read-only'), { code: 'EROFS' });
    });
    await pause(100);
    restore();
    t.is(filesIn(dir).length, 2);
    const until = performance.now() + 10_000;
    while (filesIn(dir).length > 1 && performance.now() < until) await pause(10);
    t.deepEqual(filesIn(dir), ['a.json']);
    for (const text of ['six', 'ten']) replacement.replace(name, entry(text), CONDITION);
    replacement.drop(name);
    t.deepEqual(filesIn(dir), ['a.json']);
    replacement.close();
  },
);

test.serial('a reader that was halted while it had a file open reads again', async (t) => {
  const name = path.join(await newFolder(t), 'a.json');
  fs.writeFileSync(name, 'one');
  const { readSync } = fs;
  let reads = 0;
  const restore = patched('readSync', (...parameters: unknown[]) => {
    if (reads++ === 0) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, GRACE_MS + 5);
      fs.writeFileSync(name, 'oze');
      const read = Reflect.apply(readSync, fs, parameters);
      fs.writeFileSync(name, 'two');
      return read;
    }
    return Reflect.apply(readSync, fs, parameters);
  });
  t.is(readUnlocked(name)?.text, 'two');
  restore();
  t.true(reads >= 2);
});

test('a store whose thread was started again has the locks of its pages', async (t) => {
  const lockDir = await newFolder(t);
  const lock = path.join(lockDir, 'ab', 'a.lock');
  const options = { lockDir, id: 'store', leaseMs: 3000 };
  t.is(new LockFiles(options).acquire(lock, { token: 'a:1', page: 'a.pih' }), 'held');
  const again = new LockFiles(options);
  t.true(again.isOurs(lock, 'a:1'));
  again.release(lock, 'a:1');
  t.false(fs.existsSync(lock));
  t.is(again.acquire(lock, { token: 'a:2', page: 'a.pih' }), 'held');
  t.false(again.isOurs(lock, 'a:1'));
  again.release(lock, 'a:1');
  t.true(again.isOurs(lock, 'a:2'));
});

test.serial(
  'a lock that could not be removed is removed when the disk can be written to again',
  async (t) => {
    const dir = await newFolder(t);
    const lock = path.join(dir, 'ab', 'a.lock');
    const store = new LockFiles({ lockDir: dir, id: 'store', leaseMs: 3000 });
    t.is(store.acquire(lock, { token: 'a:1', page: 'a.pih' }), 'held');
    const restore = patched('unlinkSync', () => {
      throw Object.assign(new Error('read-only'), { code: 'EROFS' });
    });
    store.release(lock, 'a:1');
    restore();
    t.true(fs.existsSync(lock));
    const until = performance.now() + 10_000;
    while (fs.existsSync(lock) && performance.now() < until) await pause(10);
    t.false(fs.existsSync(lock));
  },
);

test.serial('an owner file that a full disk left empty is written before a lock leads to it', async (t) => {
  const dir = await newFolder(t);
  const lock = path.join(dir, 'ab', 'a.lock');
  const store = new LockFiles({ lockDir: dir, id: 'store', leaseMs: 3000 });
  const restore = patched('writeFileSync', (name) => {
    fs.closeSync(fs.openSync(String(name), 'w'));
    throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  });
  t.throws(() => store.acquire(lock, { token: 'a:1', page: 'a.pih' }), { code: 'ENOSPC' });
  restore();
  t.false(fs.existsSync(lock));
  t.is(store.acquire(lock, { token: 'a:2', page: 'a.pih' }), 'held');
  t.true(fs.readFileSync(lock, 'utf8').startsWith(`${process.pid}:`));
});

test('a folder that was removed while the store is open is made again', async (t) => {
  const dir = path.join(await newFolder(t), 'sessions');
  const store = storeIn(dir, 'store');
  t.is(changed(store, 'a:1', put('one', false)), 'done');
  fs.rmSync(dir, { recursive: true });
  t.is(changed(store, 'a:2', put('two')), 'gone');
  t.is(changed(store, 'a:3', put('two', false)), 'done');
  t.is(store.load(KEY)?.text, 'two');
});
