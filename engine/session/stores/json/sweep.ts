// One step of the JSON store's sweep: what is past its deadline in one subfolder, and what killed processes left there.

import { stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { keysAmong, namesIn, type SessionFiles } from './files.ts';
import type { LockFiles } from './lock.ts';

/** A half-written file is left over when it is older than this: writing one takes milliseconds. */
const LEFT_OVER_MS = 60_000;

/** Deadlines that are asked for at a time: a third of the work of one by one, and requests still get in between. */
const AT_A_TIME = 16;

const PAGE = 'the sweep of sessions';

/** Where a store's files and locks are. */
export interface SweptFolders {
  readonly files: SessionFiles;
  readonly locks: LockFiles;
  readonly lockDir: string;
  lockPath(key: string): string;
}

/** Cleans one subfolder; how many entries were removed. */
export async function sweepSubfolder(folders: SweptFolders, subfolder: string, now: number): Promise<number> {
  const folder = join(folders.files.dir, subfolder);
  const lockFolder = join(folders.lockDir, subfolder);
  const names = await namesIn(folder);
  const removed = await removeOver(folders, keysAmong(names), now);
  await removeLeftOvers(folder, names, now);
  for (const name of lockFolder === folder ? names : await namesIn(lockFolder)) {
    if (/\.lock(\.s)*$/.test(name)) await folders.locks.removeIfDead(join(lockFolder, name), PAGE);
  }
  return removed;
}

async function removeOver(folders: SweptFolders, keys: readonly string[], now: number): Promise<number> {
  let removed = 0;
  for (let next = 0; next < keys.length; next += AT_A_TIME) {
    const some = keys.slice(next, next + AT_A_TIME);
    const deadlines = await Promise.all(some.map((key) => folders.files.deadline(key)));
    const over = some.filter((_, index) => isOver(deadlines[index], now));
    for (const key of over) if (await removeIfStillOver(folders, key, now)) removed++;
  }
  return removed;
}

/** Looks again under the lock: a request may have prolonged it. Somebody who works with it is not waited for. */
async function removeIfStillOver(folders: SweptFolders, key: string, now: number): Promise<boolean> {
  const { files, locks } = folders;
  const lock = await locks.tryAcquire(folders.lockPath(key), PAGE);
  if (lock === undefined) return false;
  try {
    return isOver(await files.deadline(key), now) && (await files.remove(key));
  } finally {
    await locks.release(lock);
  }
}

function isOver(deadline: number | undefined, now: number): boolean {
  return deadline !== undefined && deadline !== 0 && deadline <= now;
}

async function removeLeftOvers(folder: string, names: readonly string[], now: number): Promise<void> {
  for (const name of names) {
    if (!name.endsWith('.tmp')) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && now - found.ctimeMs > LEFT_OVER_MS) await unlink(path).catch(() => {});
  }
}
