import { execFile } from 'node:child_process';
import {
  lstat,
  lutimes,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import type { StoreConfig } from '../../../config/schema.ts';
import { Problem } from '../../../engine/diagnostics/problem.ts';
import { LockFiles } from '../../../engine/session/stores/json/lock-files.ts';
import { ownProcess } from '../../../engine/session/stores/json/lock-owner.ts';
import { openJsonStore } from '../../../engine/session/stores/json/open-json-store.ts';
import { Places } from '../../places.ts';
import { change, REQUEST, storeContract, sweepAll, type TestedStore } from './contract.ts';

const KEY = 'ab'.repeat(32);

interface TestedFolder extends TestedStore {
  readonly dir: string;
}

/** The number of stores that are open at the same time. All tests of a file start at once, and each store has a thread. */
const places = new Places(4);

async function openFolder(options: Partial<StoreConfig> = {}): Promise<TestedFolder> {
  await places.take();
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-json-'));
  const tested = { now: Date.UTC(2026, 0, 1) };
  const config = { store: 'json', dir: 'sessions', ...options };
  const { store } = await openJsonStore(config, { base_dir: dir, log: () => {}, now: () => tested.now });
  const close = async () => {
    await store.close();
    await rm(dir, { recursive: true, force: true });
    places.leave();
  };
  return Object.assign(tested, { store, dir, close });
}

storeContract('json', openFolder);
storeContract('json with locks elsewhere, synced', () => openFolder({ lock_dir: 'locks', fsync: true }));

function withFolder(
  title: string,
  run: (t: ExecutionContext, tested: TestedFolder) => Promise<void>,
  options: Partial<StoreConfig> = {},
): void {
  test(title, async (t) => {
    const tested = await openFolder(options);
    t.teardown(() => tested.close());
    await run(t, tested);
  });
}

const file = (tested: TestedFolder) => path.join(tested.dir, 'sessions', 'ab', `${KEY}.json`);
const lockFile = (tested: TestedFolder) => path.join(tested.dir, 'sessions', 'ab', `${KEY}.lock`);

/** Texts of owner files of a process that has ended; the lock of KEY is held. */
async function deadOwner(tested: TestedFolder): Promise<(id: string) => string> {
  const [pid, , scope] = (await readFile(lockFile(tested), 'utf8')).split(':');
  return (id) => `${pid}:1:${scope}:${id}`;
}

const modeOf = async (name: string) => (await stat(name)).mode & 0o777;

withFolder('a foreign file with the same ending is no session', async (t, tested) => {
  await tested.store.create(KEY, '{}', 0);
  const others = ['69zz.json', `${KEY.slice(1)}.json`, `${KEY.toUpperCase()}.json`, 'notes.json'];
  for (const name of others) await writeFile(path.join(tested.dir, 'sessions', 'ab', name), '{}');
  const old = new Date(1000);
  for (const name of others) await utimes(path.join(tested.dir, 'sessions', 'ab', name), old, old);
  t.is(await sweepAll(tested.store), 0);
  const names = await readdir(path.join(tested.dir, 'sessions', 'ab'));
  for (const name of others) t.true(names.includes(name), name);
});

withFolder('folders and files have rights for this user alone', async (t, tested) => {
  await tested.store.create(KEY, '{}', 0);
  t.is(await modeOf(path.join(tested.dir, 'sessions')), 0o700);
  t.is(await modeOf(path.join(tested.dir, 'sessions', 'ab')), 0o700);
  t.is(await modeOf(path.join(tested.dir, 'sessions', 'secret')), 0o600);
  t.is(await modeOf(file(tested)), 0o600);
});

withFolder('a file holds the text itself, and nothing else is left beside it', async (t, tested) => {
  await tested.store.create(KEY, '{"a":1}', 0);
  await change(tested.store, KEY, { kind: 'write', content: '{"a":2}', deadline: 0 });
  t.is(await readFile(file(tested), 'utf8'), '{"a":2}');
  await tested.store.close();
  t.deepEqual(await readdir(path.dirname(file(tested))), [`${KEY}.json`]);
});

withFolder(
  'locks go into lock_dir',
  async (t, tested) => {
    const lock = await tested.store.acquire(KEY, REQUEST);
    t.deepEqual(await readdir(path.join(tested.dir, 'locks', 'ab')), [`${KEY}.lock`]);
    await lock.release({ kind: 'keep' });
    t.deepEqual(await readdir(path.join(tested.dir, 'locks', 'ab')), []);
  },
  { lock_dir: 'locks' },
);

withFolder('processes that share the folder have the same secret', async (t, tested) => {
  const again = await openJsonStore(
    { store: 'json', dir: 'sessions' },
    { base_dir: tested.dir, log: () => {} },
  );
  t.deepEqual(Buffer.from(again.store.secret), Buffer.from(tested.store.secret));
  t.is(again.description, 'json (sessions)');
  await again.store.close();
});

withFolder('a damaged secret is replaced', async (t, tested) => {
  await writeFile(path.join(tested.dir, 'sessions', 'secret'), 'x');
  const again = await openJsonStore(
    { store: 'json', dir: 'sessions' },
    { base_dir: tested.dir, log: () => {} },
  );
  t.is(again.store.secret.length, 32);
  await again.store.close();
});

withFolder(
  'session-lock-lost: a request whose lock another one has acquired writes nothing',
  async (t, tested) => {
    await tested.store.create(KEY, 'one', 0);
    const lock = await tested.store.acquire(KEY, REQUEST);
    const lockPath = lockFile(tested);
    const theirs = `${await readFile(lockPath, 'utf8')}x`;
    await unlink(lockPath);
    await writeFile(lockPath, theirs);
    t.is(await lock.release({ kind: 'write', content: 'two', deadline: 0 }), 'lost');
    t.is(await readFile(file(tested), 'utf8'), 'one');
    t.is(await readFile(lockPath, 'utf8'), theirs);
    t.deepEqual((await readdir(path.dirname(lockPath))).sort(), [`${KEY}.json`, `${KEY}.lock`]);
  },
);

withFolder(
  'session-locked: the error of a request that waits too long names the page that holds the lock',
  async (t, tested) => {
    const lock = await tested.store.acquire(KEY, { page: 'slow page.pih', timeoutSeconds: 5 });
    const problem = await t.throwsAsync(
      async () => tested.store.acquire(KEY, { page: 'b.pih', timeoutSeconds: 600, waitedSeconds: 599.95 }),
      {
        instanceOf: Problem,
      },
    );
    t.is(problem?.code, 'session-locked');
    t.is(problem?.status, 503);
    t.true(problem?.message.includes('did not end within 600 s'));
    t.regex(problem?.message ?? '', /'slow page\.pih' has held it for \d/);
    await lock.release({ kind: 'keep' });
  },
);

withFolder('session-visitor-left: a request whose visitor leaves stops waiting', async (t, tested) => {
  const lock = await tested.store.acquire(KEY, REQUEST);
  const leaving = new AbortController();
  const waiting = Promise.resolve(tested.store.acquire(KEY, { ...REQUEST, signal: leaving.signal }));
  leaving.abort();
  const problem = await t.throwsAsync(waiting, { instanceOf: Problem });
  t.is(problem?.code, 'session-visitor-left');
  await lock.release({ kind: 'keep' });
});

withFolder('the lock of a dead process is taken over, even if its taker died too', async (t, tested) => {
  await tested.store.create(KEY, 'one', 0);
  const lock = await tested.store.acquire(KEY, REQUEST);
  const dead = await deadOwner(tested);
  await lock.release({ kind: 'keep' });
  await writeFile(lockFile(tested), dead('t'));
  await writeFile(`${lockFile(tested)}.s`, dead('u'));
  t.is(await change(tested.store, KEY, { kind: 'write', content: 'two', deadline: 0 }), 'done');
  await tested.store.close();
  t.deepEqual(await readdir(path.dirname(lockFile(tested))), [`${KEY}.json`]);
});

withFolder('a sweep removes the locks and half-written files of dead processes', async (t, tested) => {
  await tested.store.create(KEY, 'one', 0);
  const held = await tested.store.acquire(KEY, REQUEST);
  const dead = await deadOwner(tested);
  const folder = path.dirname(file(tested));
  await writeFile(path.join(folder, `${'ab'.repeat(31)}ff.lock`), dead('t'));
  await writeFile(`${file(tested)}.token.tmp`, '{"cut');
  tested.now = Date.now();
  await tested.store.sweep(0xab);
  t.deepEqual((await readdir(folder)).sort(), [`${KEY}.json`, `${KEY}.json.token.tmp`, `${KEY}.lock`]);
  tested.now += 3_600_000;
  await tested.store.sweep(0xab);
  t.deepEqual((await readdir(folder)).sort(), [`${KEY}.json`, `${KEY}.lock`]);
  await held.release({ kind: 'keep' });
});

withFolder('a sweep leaves the entry of a request that holds its lock', async (t, tested) => {
  await tested.store.create(KEY, 'one', tested.now + 10);
  const lock = await tested.store.acquire(KEY, REQUEST);
  tested.now += 10;
  t.is(await sweepAll(tested.store), 0);
  await lock.release({ kind: 'keep' });
  t.is(await sweepAll(tested.store), 1);
});

withFolder('of the processes that share a folder one sweeps it, until it closes', async (t, tested) => {
  const options = { store: 'json', dir: 'sessions' };
  const { store: other } = await openJsonStore(options, { base_dir: tested.dir, log: () => {} });
  t.true(await tested.store.acquireSweepLock?.());
  t.false(await other.acquireSweepLock?.());
  t.true(await tested.store.acquireSweepLock?.());
  await tested.store.close();
  t.true(await other.acquireSweepLock?.());
  await other.close();
  t.deepEqual(await readdir(path.join(tested.dir, 'sessions')), ['secret']);
});

withFolder('the next process sweeps a folder whose sweeper has died', async (t, tested) => {
  const mark = path.join(tested.dir, 'sessions', 'sweep.lock');
  const lock = await tested.store.acquire(KEY, REQUEST);
  const dead = await deadOwner(tested);
  await lock.release({ kind: 'keep' });
  await writeFile(mark, dead('t'));
  t.true(await tested.store.acquireSweepLock?.());
  t.not(await readFile(mark, 'utf8'), dead('t'));
});

withFolder('the sweep of an operator waits for no sweeper', async (t, tested) => {
  const options = { store: 'json', dir: 'sessions' };
  const { store: other } = await openJsonStore(options, { base_dir: tested.dir, log: () => {} });
  t.teardown(() => other.close());
  await tested.store.create(KEY, 'one', tested.now - 1);
  t.true(await other.acquireSweepLock?.());
  t.is(await sweepAll(tested.store), 1);
});

withFolder('a deadline that is moved late does not move that of a tombstone', async (t, tested) => {
  await tested.store.create(KEY, 'one', 0);
  await change(tested.store, KEY, { kind: 'retire', until: tested.now + 10 });
  t.false(await tested.store.touch(KEY, tested.now + 1000, 0));
  tested.now += 10;
  t.deepEqual(await tested.store.read(KEY), { state: 'absent' });
});

withFolder('a damaged entry is put into quarantine for the operator', async (t, tested) => {
  await tested.store.create(KEY, '{"cut', 0);
  await change(tested.store, KEY, { kind: 'quarantine' });
  t.deepEqual(await readdir(path.dirname(file(tested))), [`${KEY}.damaged.json`]);
});

for (const [option, value] of Object.entries({ dir: 5, lock_dir: '', fsync: 'yes' })) {
  test(`session-store-option: ${option} is checked`, async (t) => {
    const options = { store: 'json', [option]: value };
    const problem = await t.throwsAsync(openJsonStore(options, { base_dir: tmpdir(), log: () => {} }), {
      instanceOf: Problem,
    });
    t.is(problem?.code, 'session-store-option');
    t.true(problem?.message.includes(`'${option}'`));
  });
}

test('session-store-failed: a folder that cannot be made is a clear problem', async (t) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-json-'));
  t.teardown(() => rm(dir, { recursive: true }));
  await writeFile(path.join(dir, 'sessions'), 'a file');
  const problem = await t.throwsAsync(
    openJsonStore({ store: 'json', dir: 'sessions' }, { base_dir: dir, log: () => {} }),
    { instanceOf: Problem },
  );
  t.is(problem?.code, 'session-store-failed');
});

test('the lock of a process that cannot be looked up ends with its lease alone', async (t) => {
  const lockDir = await mkdtemp(path.join(tmpdir(), 'karrigell-lock-'));
  t.teardown(() => rm(lockDir, { recursive: true }));
  const unknown = { pid: process.pid, start: '', scope: '' };
  const here = new LockFiles({ lockDir, id: 'here', leaseMs: 3000, owner: unknown });
  const there = new LockFiles({ lockDir, id: 'there', leaseMs: 3000, owner: unknown });
  const name = path.join(lockDir, 'sub', 'a.lock');
  t.is(here.acquire(name, { token: 'a:1', page: 'a.pih' }), 'held');
  t.deepEqual(there.acquire(name, { token: 'b:1', page: 'b.pih' }), {});
  here.tellOfNewLocks();
  t.like(there.acquire(name, { token: 'b:2', page: 'b.pih' }), { page: 'a.pih' });
  await pause(60);
  await utimes(path.join(lockDir, 'here.owner'), new Date(), new Date(Date.now() - 60_000));
  t.is(there.acquire(name, { token: 'b:3', page: 'b.pih' }), 'held');
  t.false(here.isOurs(name, 'a:1'));
  here.release(name, 'a:1');
  t.true(there.isOurs(name, 'b:3'));
});

test('the start time tells a process from a later one with the same number', (t) => {
  const own = ownProcess();
  t.is(own.pid, process.pid);
  if (process.platform === 'linux') t.regex(own.start, /^\d+$/);
  else t.is(own.start, '');
});

const ODD: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
  'a folder': async (name) => {
    await mkdir(name);
    await writeFile(path.join(name, 'notes'), 'x');
  },
  'a circle of links': (name) => symlink(path.basename(name), name),
  'a link to a file elsewhere': (name) => symlink('/etc/hostname', name),
  'bytes that are no UTF-8': (name) => writeFile(name, Buffer.from('7b22ff', 'hex')),
  'an empty file': (name) => writeFile(name, ''),
  'a pipe': (name) => promisify(execFile)('mkfifo', [name]),
};

for (const [what, put] of Object.entries(ODD)) {
  withFolder(
    `${what} in place of an entry is damaged: it can be put into quarantine, and the listing goes on`,
    async (t, tested) => {
      await tested.store.create(KEY, 'one', 0);
      await unlink(file(tested));
      await put(file(tested));
      if ((await lstat(file(tested))).isFile()) await lutimes(file(tested), 0, 0);
      const other = `ab${'cd'.repeat(31)}`;
      await tested.store.create(other, 'two', 0);
      const listed: Record<string, string> = {};
      for await (const { key, content = '' } of tested.store.list()) listed[key] = content;
      t.deepEqual(listed, { [KEY]: '', [other]: 'two' });
      t.deepEqual(await tested.store.read(KEY), { state: 'live', content: '', deadline: 0 });
      for (const round of [1, 2]) {
        t.is(await change(tested.store, KEY, { kind: 'quarantine' }), 'done', String(round));
        t.is((await tested.store.read(KEY)).state, 'absent');
        await put(file(tested));
        if ((await lstat(file(tested))).isFile()) await lutimes(file(tested), 0, 0);
      }
      t.is(await change(tested.store, KEY, { kind: 'quarantine' }), 'done');
      await tested.store.create(KEY, 'three', 0);
      t.like(await tested.store.read(KEY), { content: 'three' });
    },
  );
}
