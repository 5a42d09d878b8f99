// Changes in a folder, and the reports that the listener gets.

import { mkdir, mkdtemp, realpath, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { watch } from 'chokidar';
import { watchFolder } from '../../engine/pages/folder-watch.ts';
import { HiddenFiles, NOTHING_HIDDEN } from '../../engine/pages/hidden-files.ts';

interface Watched {
  readonly root: string;
  /** Resolves when a file has been reported. */
  heard(file: string): Promise<void>;
  readonly reported: string[];
}

async function watchedFolder(t: ExecutionContext, ignored: readonly string[] = []): Promise<Watched> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-watch-')));
  for (const folder of ['sub', 'hidden', 'node_modules', '.git']) await mkdir(join(root, folder));
  await writeFile(join(root, 'old.pih'), 'old');
  const reported: string[] = [];
  const waiting = new Map<string, () => void>();
  const watcher = watchFolder(root, {
    ignored: new HiddenFiles(ignored.map((name) => join(root, name))),
    onChange: (files) => {
      reported.push(...files);
      for (const file of files) waiting.get(file)?.();
    },
    onUnreadable: () => undefined,
    onError: (error) => t.fail(String(error)),
  });
  t.teardown(async () => {
    await watcher.close();
    await rm(root, { recursive: true, force: true });
  });
  await watcher.ready;
  const heard = (file: string) => {
    if (reported.includes(file)) return Promise.resolve();
    return new Promise<void>((resolve) => waiting.set(file, resolve));
  };
  return { root, heard, reported };
}

test('files that are saved, added and removed are reported with their absolute paths', async (t) => {
  const { root, heard, reported } = await watchedFolder(t);
  t.deepEqual(reported, [], 'nothing is reported of what was there');
  const [old, added] = [join(root, 'old.pih'), join(root, 'sub', 'new.ts')];
  await writeFile(old, 'changed');
  await heard(old);
  await writeFile(added, '');
  await heard(added);
  reported.length = 0;
  await unlink(added);
  await heard(added);
  t.deepEqual([...new Set(reported)], [added]);
});

test('changes in node_modules, .git and ignored folders are not reported', async (t) => {
  const { root, heard, reported } = await watchedFolder(t, ['hidden']);
  for (const name of ['node_modules/a.js', '.git/index', 'hidden/session.json'])
    await writeFile(join(root, name), '');
  const last = join(root, 'sub', 'last.pih');
  await writeFile(last, '');
  await heard(last);
  t.deepEqual([...new Set(reported)], [last]);
});

test('a folder whose own path has node_modules in it is watched', async (t) => {
  const parent = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-watch-')));
  t.teardown(() => rm(parent, { recursive: true, force: true }));
  const root = join(parent, 'node_modules', 'site');
  await mkdir(root, { recursive: true });
  const file = join(root, 'a.pih');
  const changed = await new Promise<readonly string[]>((resolve, reject) => {
    const watcher = watchFolder(root, {
      ignored: NOTHING_HIDDEN,
      onUnreadable: () => undefined,
      onChange: resolve,
      onError: reject,
    });
    t.teardown(() => watcher.close());
    watcher.ready.then(() => writeFile(file, ''), reject);
  });
  t.deepEqual(changed, [file]);
});

test('after close nothing is reported, and closing before it is ready does not hang', async (t) => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-watch-')));
  t.teardown(() => rm(root, { recursive: true, force: true }));
  const watcher = watchFolder(root, {
    ignored: NOTHING_HIDDEN,
    onUnreadable: () => undefined,
    onChange: () => t.fail(),
    onError: () => t.fail(),
  });
  await watcher.close();
  await watcher.ready;
  await writeFile(join(root, 'a.pih'), '');
  t.pass();
});

test('when the system has no watches left it is said once, and files are polled', async (t) => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-watch-')));
  t.teardown(() => rm(root, { recursive: true, force: true }));
  const ways: (boolean | undefined)[] = [];
  const errors: unknown[] = [];
  let startsPolling = (): void => undefined;
  const polls = new Promise<void>((resolve) => {
    startsPolling = resolve;
  });
  const exhausted: typeof watch = (paths, options) => {
    ways.push(options?.usePolling);
    const watcher = watch(paths, options);
    const error = Object.assign(new Error('System limit for number of file watchers reached'), {
      code: 'ENOSPC',
    });
    queueMicrotask(() => watcher.emit('error', error));
    if (options?.usePolling) watcher.on('ready', () => startsPolling());
    return watcher;
  };
  const changed: string[] = [];
  const change = new Promise<void>((resolve) => {
    const watcher = watchFolder(root, {
      ignored: NOTHING_HIDDEN,
      onChange: (files) => {
        changed.push(...files);
        resolve();
      },
      onUnreadable: () => undefined,
      onError: (error) => errors.push(error),
      watch: exhausted,
    });
    t.teardown(() => watcher.close());
  });
  await polls;
  // A file that is written before the first look of the poll is not new to it.
  for (let number = 0; changed.length === 0; number++) {
    await writeFile(join(root, `${number}.pih`), '');
    await Promise.race([change, pause(1000)]);
  }
  t.regex(changed[0] ?? '', /\d\.pih$/);
  t.deepEqual(ways, [false, true]);
  t.is(errors.length, 1);
});

test('a second save right behind the first is reported too', async (t) => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-watch-')));
  t.teardown(() => rm(root, { recursive: true, force: true }));
  const file = join(root, 'a.pih');
  await writeFile(file, '0');
  for (let round = 1; round <= 5; round++) {
    let reports = 0;
    await new Promise<void>((resolve, reject) => {
      const watcher = watchFolder(root, {
        ignored: NOTHING_HIDDEN,
        onUnreadable: () => undefined,
        onChange: () => void changed(),
        onError: reject,
      });
      const changed = async () => {
        reports++;
        if (reports === 1) await writeFile(file, `second ${round}`);
        else await watcher.close().then(resolve, reject);
      };
      watcher.ready.then(() => writeFile(file, `first ${round}`), reject);
    });
    t.is(reports, 2);
  }
});
