import {
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { StoreConfig } from '../../../config/schema.ts';
import { Problem } from '../../../engine/diagnostics/problem.ts';
import { LockFiles } from '../../../engine/session/stores/json/lock.ts';
import { LOCK_WAYS } from '../../../engine/session/stores/json/lock-way.ts';
import { openJsonStore } from '../../../engine/session/stores/json/open.ts';
import { ownProcess } from '../../../engine/session/stores/json/owner.ts';
import { CLAIM, change, storeContract, sweepAll, type TestedStore } from './contract.ts';

const KEY = 'ab'.repeat(32);

interface TestedFolder extends TestedStore {
  readonly dir: string;
}

async function openFolder(options: Partial<StoreConfig> = {}): Promise<TestedFolder> {
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-json-'));
  const tested = { now: Date.UTC(2026, 0, 1) };
  const config = { store: 'json', dir: 'sessions', ...options };
  const { store } = await openJsonStore(config, { base_dir: dir, log: () => {}, now: () => tested.now });
  const close = async () => {
    await store.close();
    await rm(dir, { recursive: true, force: true });
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
const modeOf = async (name: string) => (await stat(name)).mode & 0o777;

withFolder('a file of others with the same ending is no session', async (t, tested) => {
  await tested.store.create(KEY, '{}', 0);
  const others = ['69zz.json', `${KEY.slice(1)}.json`, `${KEY.toUpperCase()}.json`, 'notes.json'];
  for (const name of others) await writeFile(path.join(tested.dir, 'sessions', 'ab', name), '{}');
  const old = new Date(1000);
  for (const name of others) await utimes(path.join(tested.dir, 'sessions', 'ab', name), old, old);
  t.is(await sweepAll(tested.store), 0);
  const names = await readdir(path.join(tested.dir, 'sessions', 'ab'));
  for (const name of others) t.true(names.includes(name), name);
});

withFolder('folders and files are for this user alone', async (t, tested) => {
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
  t.deepEqual(await readdir(path.dirname(file(tested))), [`${KEY}.json`]);
});

withFolder(
  'locks go into lock_dir',
  async (t, tested) => {
    const turn = await tested.store.take(KEY, CLAIM);
    t.deepEqual(await readdir(path.join(tested.dir, 'locks', 'ab')), [`${KEY}.lock`]);
    await turn.commit({ kind: 'keep' });
    t.deepEqual(await readdir(path.join(tested.dir, 'locks', 'ab')), []);
  },
  { lock_dir: 'locks' },
);

withFolder('whoever shares the folder has the same secret', async (t, tested) => {
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

withFolder('session-turn-lost: whose lock is another one writes nothing', async (t, tested) => {
  await tested.store.create(KEY, 'one', 0);
  const turn = await tested.store.take(KEY, CLAIM);
  const lock = lockFile(tested);
  const theirs = `${await readlink(lock)}x`;
  await unlink(lock);
  await symlink(theirs, lock);
  t.is(await turn.commit({ kind: 'write', content: 'two', deadline: 0 }), 'lost');
  t.is(await readFile(file(tested), 'utf8'), 'one');
  t.is(await readlink(lock), theirs);
  t.deepEqual((await readdir(path.dirname(lock))).sort(), [`${KEY}.json`, `${KEY}.lock`]);
});

withFolder('session-locked: whoever waits too long learns which page holds it', async (t, tested) => {
  const turn = await tested.store.take(KEY, { page: 'slow page.pih', patience: 5 });
  const problem = await t.throwsAsync(
    async () => tested.store.take(KEY, { page: 'b.pih', patience: 600, waited: 599.95 }),
    {
      instanceOf: Problem,
    },
  );
  t.is(problem?.code, 'session-locked');
  t.is(problem?.status, 503);
  t.true(problem?.message.includes('did not end within 600 s'));
  t.regex(problem?.message ?? '', /'slow page\.pih' has held it for \d/);
  await turn.commit({ kind: 'keep' });
});

withFolder('session-visitor-left: one whose visitor leaves stops waiting', async (t, tested) => {
  const turn = await tested.store.take(KEY, CLAIM);
  const leaving = new AbortController();
  const waiting = Promise.resolve(tested.store.take(KEY, { ...CLAIM, signal: leaving.signal }));
  leaving.abort();
  const problem = await t.throwsAsync(waiting, { instanceOf: Problem });
  t.is(problem?.code, 'session-visitor-left');
  await turn.commit({ kind: 'keep' });
});

withFolder('the lock of a dead process is taken over, even if its taker died too', async (t, tested) => {
  await tested.store.create(KEY, 'one', 0);
  const turn = await tested.store.take(KEY, CLAIM);
  const [, , scope] = (await readlink(lockFile(tested))).split(':');
  await turn.commit({ kind: 'keep' });
  const dead = (token: string) => `${process.pid}:1:${scope}:${token}:0:dead.pih`;
  await symlink(dead('t'), lockFile(tested));
  await symlink(dead('u'), `${lockFile(tested)}.s`);
  t.is(await change(tested.store, KEY, { kind: 'write', content: 'two', deadline: 0 }), 'done');
  t.deepEqual(await readdir(path.dirname(lockFile(tested))), [`${KEY}.json`]);
});

withFolder('a sweep removes the locks and half-written files of dead processes', async (t, tested) => {
  await tested.store.create(KEY, 'one', 0);
  const held = await tested.store.take(KEY, CLAIM);
  const [, , scope] = (await readlink(lockFile(tested))).split(':');
  const folder = path.dirname(file(tested));
  await symlink(`${process.pid}:1:${scope}:t:0:dead.pih`, path.join(folder, `${'ab'.repeat(31)}ff.lock`));
  await writeFile(`${file(tested)}.token.tmp`, '{"cut');
  tested.now = Date.now();
  await tested.store.sweep(0xab);
  t.deepEqual((await readdir(folder)).sort(), [`${KEY}.json`, `${KEY}.json.token.tmp`, `${KEY}.lock`]);
  tested.now += 3_600_000;
  await tested.store.sweep(0xab);
  t.deepEqual((await readdir(folder)).sort(), [`${KEY}.json`, `${KEY}.lock`]);
  await held.commit({ kind: 'keep' });
});

withFolder('a sweep leaves what somebody works with', async (t, tested) => {
  await tested.store.create(KEY, 'one', tested.now + 10);
  const turn = await tested.store.take(KEY, CLAIM);
  tested.now += 10;
  t.is(await sweepAll(tested.store), 0);
  await turn.commit({ kind: 'keep' });
  t.is(await sweepAll(tested.store), 1);
});

withFolder('of those who share a folder one sweeps it, until it closes', async (t, tested) => {
  const options = { store: 'json', dir: 'sessions' };
  const { store: other } = await openJsonStore(options, { base_dir: tested.dir, log: () => {} });
  t.true(await tested.store.sweepsHere?.());
  t.false(await other.sweepsHere?.());
  t.true(await tested.store.sweepsHere?.());
  await tested.store.close();
  t.true(await other.sweepsHere?.());
  await other.close();
  t.deepEqual(await readdir(path.join(tested.dir, 'sessions')), ['secret']);
});

withFolder('whoever comes next sweeps a folder whose sweeper has died', async (t, tested) => {
  const mark = path.join(tested.dir, 'sessions', 'sweep.lock');
  t.true(await tested.store.sweepsHere?.());
  const [pid, , scope] = (await readlink(mark)).split(':');
  await unlink(mark);
  await symlink(`${pid}:1:${scope}:t:0:dead`, mark);
  t.true(await tested.store.sweepsHere?.());
  t.not(await readlink(mark), `${pid}:1:${scope}:t:0:dead`);
});

withFolder('whoever cleans up by hand waits for no sweeper', async (t, tested) => {
  const options = { store: 'json', dir: 'sessions' };
  const { store: other } = await openJsonStore(options, { base_dir: tested.dir, log: () => {} });
  t.teardown(() => other.close());
  await tested.store.create(KEY, 'one', tested.now - 1);
  t.true(await other.sweepsHere?.());
  t.is(await sweepAll(tested.store), 1);
});

withFolder('a deadline that is moved late does not move that of a tombstone', async (t, tested) => {
  await tested.store.create(KEY, 'one', 0);
  await change(tested.store, KEY, { kind: 'end', until: tested.now + 10 });
  t.false(await tested.store.touch(KEY, tested.now + 1000));
  tested.now += 10;
  t.deepEqual(await tested.store.read(KEY), { state: 'absent' });
});

withFolder('a damaged entry is put aside for the operator', async (t, tested) => {
  await tested.store.create(KEY, '{"cut', 0);
  await change(tested.store, KEY, { kind: 'set-aside' });
  t.deepEqual(await readdir(path.dirname(file(tested))), [`${KEY}.json.damaged`]);
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

test('locks made by hard links exclude each other too, and only a lease ends one of an unknown owner', async (t) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-lock-'));
  t.teardown(() => rm(dir, { recursive: true }));
  const unknown = { pid: process.pid, start: '', scope: '' };
  const here = new LockFiles(unknown, LOCK_WAYS.hard);
  const there = new LockFiles(unknown, LOCK_WAYS.hard);
  const name = path.join(dir, 'sub', 'a.lock');
  const lock = await here.acquire(name, CLAIM);
  t.is(await there.tryAcquire(name, 'b.pih'), undefined);
  await LOCK_WAYS.hard.renew(name, new Date(Date.now() - 60_000));
  const taken = await there.tryAcquire(name, 'b.pih');
  t.truthy(taken);
  t.false(await here.isOurs(lock));
  await here.release(lock);
  t.true(taken !== undefined && (await there.isOurs(taken)));
  here.close();
  there.close();
});

test('a process is told by its start from a later one of the same number', async (t) => {
  const own = await ownProcess();
  t.is(own.pid, process.pid);
  if (process.platform === 'linux') t.regex(own.start, /^\d+$/);
  else t.is(own.start, '');
});
