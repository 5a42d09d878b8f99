// One step of the JSON store's sweep: what is past its deadline in one subfolder, and what killed processes left there.

import { stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, type SessionFiles } from './files.ts';
import type { LockFiles } from './lock.ts';

/** A half-written file is left over when it is older than this: writing one takes milliseconds. */
const LEFT_OVER_MS = 60_000;

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
  let removed = 0;
  for (const key of await folders.files.keys(subfolder)) {
    if (await removeIfOver(folders, key, now)) removed++;
  }
  await removeLeftOvers(join(folders.files.dir, subfolder), now);
  const lockFolder = join(folders.lockDir, subfolder);
  for (const name of await namesIn(lockFolder)) {
    if (/\.lock(\.s)*$/.test(name)) await folders.locks.removeIfDead(join(lockFolder, name), PAGE);
  }
  return removed;
}

/** Looks again under the lock: a request may have prolonged it. Somebody who works with it is not waited for. */
async function removeIfOver(folders: SweptFolders, key: string, now: number): Promise<boolean> {
  const { files, locks } = folders;
  if (!isOver(await files.deadline(key), now)) return false;
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

async function removeLeftOvers(folder: string, now: number): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!name.endsWith('.tmp')) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && now - found.ctimeMs > LEFT_OVER_MS) await unlink(path).catch(() => {});
  }
}
