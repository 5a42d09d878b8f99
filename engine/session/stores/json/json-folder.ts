// What the JSON store does on the disk, step by step: each is one synchronous piece, which json-thread.ts runs away from the main
// thread.

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
  readStored,
  replaceFile,
  type StoredFile,
} from './entry-files.ts';
import { ifThere, unlinkIfThere } from './file-calls.ts';
import { type Folders, fileOf, keyOfFile, lockOf } from './json-paths.ts';
import { LockFiles, type LockForm } from './lock-files.ts';

/** A half-written file is left over when it is older than this: writing one takes milliseconds. */
const LEFT_OVER_MS = 60_000;

/** One store on the disk. */
export interface FolderOptions extends Folders {
  readonly fsync: boolean;
  readonly leaseMs: number;
  readonly form?: LockForm;
}

/** A lock file that is ours: its key and its text. */
export interface HeldFile {
  readonly key: string;
  readonly text: string;
}

/** The files of one store. */
export class Folder {
  readonly #options: FolderOptions;
  readonly #locks: LockFiles;

  constructor(options: FolderOptions) {
    this.#options = options;
    this.#locks = new LockFiles(options.leaseMs, options.form);
  }

  acquire(acquisition: Acquisition): AcquireResult {
    const { key } = acquisition;
    if (!acquisition.mayCreate && deadlineOf(this.#file(key)) === undefined) return { kind: 'absent' };
    const path = this.#lock(key);
    const lock = this.#locks.acquire(path, acquisition);
    if (typeof lock !== 'string')
      return { kind: 'taken', page: lock?.page, held_ms: lock && Date.now() - lock.since };
    try {
      return { kind: 'held', acquisition, entry: this.load(key), fence: lock };
    } catch (error) {
      this.#locks.release(path, lock);
      throw error;
    }
  }

  release({ key, text }: HeldFile, change: EntryChange): Outcome {
    const lock = this.#lock(key);
    try {
      return this.#change(this.#file(key), change, () => this.#locks.isOurs(lock, text));
    } finally {
      this.#locks.release(lock, text);
    }
  }

  quarantine({ key, text }: HeldFile, aside: string, deadline: number): Outcome {
    const lock = this.#lock(key);
    try {
      if (!this.#locks.isOurs(lock, text)) return 'lost';
      ifThere(() => putAside(this.#file(key), this.#file(aside), deadline), undefined);
      return 'done';
    } finally {
      this.#locks.release(lock, text);
    }
  }

  renew(held: readonly HeldFile[]): void {
    for (const { key, text } of held) this.#locks.renew(this.#lock(key), text);
  }

  load(key: string): StoredFile | undefined {
    return readStored(this.#file(key));
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

  /** Removes what is over among some names of a subfolder: entries, locks, half-written files; how many entries. */
  sweep(subfolder: string, names: readonly string[], now: number): number {
    let removed = 0;
    for (const name of names) {
      const key = keyOfFile(name);
      if (key !== undefined) removed += this.#sweepEntry(key, now) ? 1 : 0;
      else if (/\.lock(\.s)*$/.test(name)) this.#sweepLock(join(this.#options.lockDir, subfolder, name));
      else if (name.endsWith('.tmp')) sweepLeftOver(join(this.#options.dir, subfolder, name), now);
    }
    return removed;
  }

  #change(file: string, change: EntryChange, isOurs: () => boolean): Outcome {
    switch (change.kind) {
      case 'keep':
        return 'done';
      case 'touch':
        if (!isOurs()) return 'lost';
        return moveDeadline(file, change.deadline) ? 'done' : 'gone';
      case 'put': {
        if (change.replaces && deadlineOf(file) === undefined) return 'gone';
        return replaceFile(file, change.entry, this.#options.fsync, isOurs) ? 'done' : 'lost';
      }
      case 'remove':
        if (!isOurs()) return 'lost';
        unlinkIfThere(file);
        return 'done';
    }
  }

  /** Looks again under the lock: a request may have moved the deadline. A request that has the lock is not waited for. */
  #sweepEntry(key: string, now: number): boolean {
    const file = this.#file(key);
    if (!isExpired(deadlineOf(file), now)) return false;
    const path = this.#lock(key);
    const lock = this.#locks.acquire(path, {
      token: randomBytes(12).toString('base64url'),
      page: 'the sweep of sessions',
    });
    if (typeof lock !== 'string') return false;
    try {
      return isExpired(deadlineOf(file), now) && unlinkIfThere(file);
    } finally {
      this.#locks.release(path, lock);
    }
  }

  #sweepLock(path: string): void {
    const holder = this.#locks.holder(path);
    if (holder !== undefined) this.#locks.removeIfOver(path, holder);
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
