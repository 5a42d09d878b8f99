// The files of the JSON store: <dir>/<first two hex>/<key>.json, mode 0600, whose modification time is the deadline
// (1970 means never). Replaced as a whole or not at all. Who may change what is for the store to know.

import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hasCode } from './failure.ts';

/** On Windows a virus scanner or reader may hold a file for a moment: try again for so long. */
const BUSY_MS = 1000;
const BUSY_CODES = ['EPERM', 'EACCES', 'EBUSY'];

const ENDING = '.json';

/** No tombstone's text has more bytes, and no session's fewer. */
const LONGEST_TOMBSTONE = 40;

/** One file as it is. */
export interface StoredFile {
  readonly text: string;
  readonly deadline: number;
  readonly size: number;
}

/** Reads and replaces the files of one folder. */
export class SessionFiles {
  readonly dir: string;
  readonly #fsync: boolean;

  constructor(dir: string, fsync: boolean) {
    this.dir = dir;
    this.#fsync = fsync;
  }

  path(key: string): string {
    return join(this.dir, key.slice(0, 2), `${key}.json`);
  }

  async read(key: string): Promise<StoredFile | undefined> {
    const handle = await openIfThere(this.path(key), 'r');
    if (handle === undefined) return undefined;
    try {
      const { mtimeMs, size } = await handle.stat();
      return { text: await handle.readFile('utf8'), deadline: Math.round(mtimeMs), size };
    } finally {
      await handle.close();
    }
  }

  /** The deadline of a file; undefined without one. */
  async deadline(key: string): Promise<number | undefined> {
    try {
      return Math.round((await stat(this.path(key))).mtimeMs);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  /** Puts a text in place of the file, if `mayReplace` still says so when everything is written. */
  async replace(
    key: string,
    text: string,
    deadline: number,
    mayReplace: () => Promise<boolean>,
  ): Promise<boolean> {
    const path = this.path(key);
    const whole = `${path}.${randomBytes(9).toString('base64url')}.tmp`;
    try {
      await this.#writeWhole(whole, text, deadline);
      if (await mayReplace()) {
        await renameWhenFree(whole, path);
        if (this.#fsync) await syncFolder(dirname(path));
        return true;
      }
    } catch (error) {
      await unlink(whole).catch(() => {});
      throw error;
    }
    await unlink(whole);
    return false;
  }

  /**
   * Moves the deadline of a file whose text is no tombstone. Works on the open file: one that is put in its place
   * meanwhile keeps its own deadline.
   */
  async touch(
    key: string,
    deadline: number,
    isTombstone: (text: string) => boolean,
    now: number,
  ): Promise<boolean> {
    const handle = await openIfThere(this.path(key), 'r+');
    if (handle === undefined) return false;
    try {
      const { mtimeMs, size } = await handle.stat();
      const past = mtimeMs !== 0 && Math.round(mtimeMs) <= now;
      if (past) return false;
      if (size <= LONGEST_TOMBSTONE && isTombstone(await handle.readFile('utf8'))) return false;
      await setDeadline(handle, deadline);
      return true;
    } finally {
      await handle.close();
    }
  }

  /** Whether there was one to remove. */
  async remove(key: string): Promise<boolean> {
    try {
      await unlink(this.path(key));
      return true;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    }
  }

  async setAside(key: string): Promise<void> {
    await rename(this.path(key), `${this.path(key)}.damaged`);
  }

  /** The keys of the files in one subfolder. */
  async keys(subfolder: string): Promise<string[]> {
    return keysAmong(await namesIn(join(this.dir, subfolder)));
  }

  async #writeWhole(path: string, text: string, deadline: number): Promise<void> {
    const handle = await openNew(path);
    try {
      await handle.writeFile(text);
      await setDeadline(handle, deadline);
      if (this.#fsync) await handle.datasync();
    } finally {
      await handle.close();
    }
  }
}

/** The keys whose files are among the names of a subfolder; other files are not the store's. */
export function keysAmong(names: readonly string[]): string[] {
  return names
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length))
    .filter((key) => KEY.test(key));
}

const KEY = /^[0-9a-f]{64}$/;

/** The names in a folder; none when it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

async function openIfThere(path: string, flags: 'r' | 'r+'): Promise<FileHandle | undefined> {
  try {
    return await open(path, flags);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** A new file that only this user may read, in a folder that is made when it is missing. */
async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return open(path, 'wx', 0o600);
  }
}

async function setDeadline(handle: FileHandle, deadline: number): Promise<void> {
  await handle.utimes(deadline / 1000, deadline / 1000);
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function renameWhenFree(from: string, to: string): Promise<void> {
  const began = performance.now();
  for (let wait = 1; ; wait *= 2) {
    try {
      return await rename(from, to);
    } catch (error) {
      const busy = process.platform === 'win32' && BUSY_CODES.some((code) => hasCode(error, code));
      if (!busy || performance.now() - began > BUSY_MS) throw error;
      await pause(wait);
    }
  }
}
