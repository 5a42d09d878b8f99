// The operations of the JSON store on the disk. Each method is one synchronous step, which json-thread.ts runs outside of the main thread.
// The protocols: lock-files.ts (locks), entry-replacement.ts (writing).

import { randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../../session-store.ts';
import type { AcquireResult, Acquisition, DriverEntry, EntryChange } from '../locking/store-driver.ts';
import {
  addFile,
  deadlineOf,
  moveDeadline,
  putAside,
  readLocked,
  readUnlocked,
  type StoredFile,
} from './entry-files.ts';
import { EntryReplacement } from './entry-replacement.ts';
import { ifThere, unlinkIfThere } from './file-calls.ts';
import { type Folders, fileOf, keyOfFile, lockOf, subfolderOf } from './json-paths.ts';
import { LockFiles, type LockFilesOptions, type LockHolder } from './lock-files.ts';

/** A half-written file is left over when it is older than this: writing one takes milliseconds. */
const LEFT_OVER_MS = 60_000;

/** One store on the disk. */
export interface FolderOptions extends Folders, LockFilesOptions {
  readonly fsync: boolean;
}

/** A lock that a request has, as its thread knows it. */
export type KeyLock = readonly [key: string, token: string];

/** The answer to a request for a lock; in the driver it becomes an AcquireResult. */
export type FolderAcquireResult =
  | { readonly kind: 'held'; readonly entry: StoredFile | undefined }
  | Exclude<AcquireResult, { readonly kind: 'held' }>;

/** The files of one store. */
export class Folder {
  readonly #options: FolderOptions;
  readonly #locks: LockFiles;
  readonly #replacement: EntryReplacement;
  /** Subfolders that are there: no look at an entry is needed to avoid making one for an unknown id. */
  readonly #subfolders = new Set<string>();

  constructor(options: FolderOptions) {
    this.#options = options;
    this.#locks = new LockFiles(options);
    this.#replacement = new EntryReplacement(options.fsync);
  }

  acquire({ key, token, page, mayCreate }: Acquisition): FolderAcquireResult {
    const subfolder = subfolderOf(key);
    const [file, path] = [this.#file(key), this.#lock(key)];
    if (!mayCreate && !this.#subfolders.has(subfolder) && deadlineOf(file) === undefined)
      return { kind: 'absent' };
    const acquired = this.#locks.acquire(path, { token, page });
    if (acquired !== 'held') return takenBy(acquired);
    this.#subfolders.add(subfolder);
    try {
      const entry = readLocked(file);
      if (entry !== undefined || mayCreate) return { kind: 'held', entry };
    } catch (error) {
      this.#locks.release(path, token);
      throw error;
    }
    this.#locks.release(path, token);
    return { kind: 'absent' };
  }

  release([key, token]: KeyLock, change: EntryChange): Outcome {
    const lock = this.#lock(key);
    let isLocked = false;
    const look = () => {
      isLocked = this.#locks.isOurs(lock, token);
      return isLocked;
    };
    try {
      return this.#change(this.#file(key), change, look);
    } finally {
      this.#locks.release(lock, token, isLocked);
    }
  }

  quarantine([key, token]: KeyLock, aside: string, deadline: number): Outcome {
    const [file, lock] = [this.#file(key), this.#lock(key)];
    try {
      if (!this.#locks.isOurs(lock, token)) return 'lost';
      ifThere(() => putAside(file, this.#file(aside), deadline), undefined);
      this.#replacement.drop(file);
      return 'done';
    } finally {
      this.#locks.release(lock, token);
    }
  }

  renew(): void {
    this.#locks.renew();
  }

  /** Ends the steps of one message. */
  tellOfNewLocks(): void {
    this.#locks.tellOfNewLocks();
  }

  load(key: string): StoredFile | undefined {
    return readUnlocked(this.#file(key));
  }

  add(key: string, entry: DriverEntry): boolean {
    return addFile(this.#file(key), entry, this.#options.fsync);
  }

  touch(key: string, deadline: number, from: number): boolean {
    return moveDeadline(this.#file(key), deadline, from);
  }

  remove(key: string): void {
    unlinkIfThere(this.#file(key));
  }

  /** The names in a subfolder ('': in the folder itself). */
  names(subfolder: string): string[] {
    return ifThere(() => readdirSync(join(this.#options.dir, subfolder)), []);
  }

  /** The names of the locks in a subfolder, where they are not among those of the files. */
  lockNames(subfolder: string): string[] {
    const { dir, lockDir } = this.#options;
    return dir === lockDir ? [] : ifThere(() => readdirSync(join(lockDir, subfolder)), []);
  }

  /** The entries in some files of a subfolder. */
  entries(names: readonly string[]): { readonly key: string; readonly entry: StoredFile }[] {
    return names.flatMap((name) => {
      const key = keyOfFile(name);
      const entry = key === undefined ? undefined : this.load(key);
      return key === undefined || entry === undefined ? [] : [{ key, entry }];
    });
  }

  /** Removes expired entries, dead locks and abandoned temporary files among some names of a subfolder. Returns the number of entries. */
  sweep(subfolder: string, names: readonly string[], now: number): number {
    let removed = 0;
    for (const name of names) {
      const key = keyOfFile(name);
      if (key !== undefined) removed += this.#sweepEntry(key, now) ? 1 : 0;
      else if (name.endsWith('.tmp')) sweepLeftOver(join(this.#options.dir, subfolder, name), now);
      else this.#locks.sweep(join(this.#options.lockDir, subfolder, name));
    }
    return removed;
  }

  #change(file: string, change: EntryChange, isLocked: () => boolean): Outcome {
    switch (change.kind) {
      case 'keep':
        return 'done';
      case 'touch':
        if (!isLocked()) return 'lost';
        return moveDeadline(file, change.deadline) ? 'done' : 'gone';
      case 'put': {
        const { entry, replaces } = change;
        return this.#replacement.replace(file, entry, { replaces, isLocked });
      }
      case 'remove':
        if (!isLocked()) return 'lost';
        unlinkIfThere(file);
        this.#replacement.drop(file);
        return 'done';
    }
  }

  /** Looks again under the lock: a request may have moved the deadline. A request that has the lock is not waited for. */
  #sweepEntry(key: string, now: number): boolean {
    const file = this.#file(key);
    if (!isExpired(deadlineOf(file), now)) return false;
    const path = this.#lock(key);
    const token = randomBytes(12).toString('base64url');
    if (this.#locks.acquire(path, { token, page: 'the sweep of sessions' }) !== 'held') return false;
    try {
      return isExpired(deadlineOf(file), now) && unlinkIfThere(file);
    } finally {
      this.#locks.release(path, token);
    }
  }

  /** Leaves nothing of this process behind. */
  close(): void {
    this.#replacement.close();
    this.#locks.close();
  }

  #file(key: string): string {
    return fileOf(this.#options, key);
  }

  #lock(key: string): string {
    return lockOf(this.#options, key);
  }
}

function isExpired(deadline: number | undefined, now: number): boolean {
  return deadline !== undefined && deadline !== 0 && deadline <= now;
}

function sweepLeftOver(path: string, now: number): void {
  const changed = ifThere(() => statSync(path).ctimeMs, now);
  if (now - changed > LEFT_OVER_MS) unlinkIfThere(path);
}

function takenBy({ page, since }: LockHolder): FolderAcquireResult {
  return { kind: 'taken', page, held_ms: since === undefined ? undefined : Date.now() - since };
}
