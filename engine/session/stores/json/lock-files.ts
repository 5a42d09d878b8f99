// Lock files between processes. A store has one owner file, whose first line names its process, and the lock of a key is a hard
// link to it: exclusive from the moment in which it appears, with its owner in it, and without a new inode (ext4 needs 100 µs
// for one where many were deleted in the last five seconds). Which request of the process holds a lock is known here alone.
//
// The lock of a dead process is taken over at once, under a lock of the lock and after a second check. The modification time of
// the owner file is the heartbeat of its process, and so of all its locks. If the process cannot be inspected (another container
// or system), its locks end with the lease. A halted process is not dead. When it continues, it may be between the last check of its
// lock and the rename, and no fence is possible there.

import { linkSync, lstatSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { hasCode, ifThere, unlinkIfThere } from './file-calls.ts';
import {
  inodeOf,
  isAlive,
  type LockOwner,
  OwnerFile,
  ownerIn,
  ownerLineOf,
  ownerTextOf,
  ownProcess,
  type ToldLock,
  toldLockIn,
} from './lock-owner.ts';

/** The time in ms without a heartbeat after which a lock request writes one. The renewal of a held lock writes one too. */
const BEAT_MS = 500;

/** The time in ms for which a live process is not checked again. */
const ALIVE_MS = 50;
const MOST_OWNERS = 256;

/** How often it is tried to remove the locks that could not be removed when they were released. */
const LEFT_MS = 200;

/** A request for a lock file. */
export interface LockFileRequest {
  readonly token: string;
  readonly page: string;
}

/** The known properties of a lock that another request holds. */
export type LockHolder = Partial<ToldLock>;

interface OwnLock extends ToldLock {
  readonly token: string;
}

/** Where the lock files of a store are, and whose they are. */
export interface LockFilesOptions {
  readonly lockDir: string;
  /** Unique in all processes, and the same for each thread of a store. */
  readonly id: string;
  readonly leaseMs: number;
  /** This process, unless a test says otherwise. */
  readonly owner?: LockOwner;
}

/** The ending of owner files. */
const OWNER_ENDING = '.owner';
const LOCK_NAME = /\.lock(\.s)*$/;

/** The lock files of one store of this process. */
export class LockFiles {
  readonly #owner: OwnerFile;
  readonly #leaseMs: number;
  readonly #held = new Map<string, OwnLock>();
  /** Whether there are locks that the owner file does not tell of. */
  #hasNewLocks = false;
  /** Locks that were released, but could not be removed (a disk that cannot be written to). */
  readonly #left = new Set<string>();
  #leftTimer: NodeJS.Timeout | undefined;
  /** When other owners were seen alive. */
  readonly #alive = new Map<string, number>();

  constructor({ lockDir, id, leaseMs, owner = ownProcess() }: LockFilesOptions) {
    this.#owner = new OwnerFile(join(lockDir, `${id}${OWNER_ENDING}`), id, owner);
    this.#leaseMs = leaseMs;
  }

  /** 'held' if the lock is the request's now, else its holder; a dead holder has it no longer. */
  acquire(path: string, { token, page }: LockFileRequest): 'held' | LockHolder {
    const own = this.#held.get(path);
    if (own !== undefined) return own.token === token ? 'held' : own;
    this.#owner.beat(BEAT_MS);
    for (let isTakenOver = false; !this.#link(path); isTakenOver = true) {
      const text = ownerTextOf(path);
      if (text === undefined) return {};
      if (ownerLineOf(text) === this.#owner.line) break;
      if (isTakenOver || !this.#takeOver(path, text)) return toldLockIn(text, basename(path)) ?? {};
    }
    this.#left.delete(path);
    this.#held.set(path, { token, name: basename(path), page, since: Date.now() });
    this.#hasNewLocks = true;
    return 'held';
  }

  /** The fence: whether a lock is still the request's, asked right before what it protects is done. */
  isOurs(path: string, token: string): boolean {
    const own = this.#held.get(path);
    if (own !== undefined && own.token !== token) return false;
    const inode = inodeOf(path);
    return inode !== undefined && inode === this.#owner.inode;
  }

  /**
   * A lock that cannot be removed now is removed later: that says nothing about what was done under it.
   * @param isOurs the fence has just said so
   */
  release(path: string, token: string, isOurs = false): void {
    const own = this.#held.get(path);
    if (own !== undefined && own.token !== token) return;
    this.#held.delete(path);
    try {
      if (isOurs || this.isOurs(path, token)) unlinkIfThere(path);
    } catch {
      this.#left.add(path);
      this.#leftTimer ??= setInterval(() => this.#removeLeft(), LEFT_MS);
    }
  }

  /** Shows that this process is alive. */
  renew(): void {
    this.#owner.tell([...this.#held.values()]);
  }

  /** Tells waiting processes which pages have the locks; once for many, since a write costs as much as a lock. */
  tellOfNewLocks(): void {
    if (!this.#hasNewLocks) return;
    this.#hasNewLocks = false;
    try {
      this.#owner.tell([...this.#held.values()]);
    } catch {
      // The locks are in force; only messages do not name the pages.
    }
  }

  /** Removes a lock or an owner file of a dead process. */
  sweep(path: string): void {
    const isLock = LOCK_NAME.test(path);
    if (!isLock && !path.endsWith(OWNER_ENDING)) return;
    const text = ownerTextOf(path);
    if (text === undefined || ownerLineOf(text) === this.#owner.line) return;
    if (isLock) this.#takeOver(path, text);
    else if (this.#isDead(path, text)) unlinkIfThere(path);
  }

  /** Releases all locks: a request that goes on after the end of the store writes nothing. */
  close(): void {
    for (const [path, { token }] of this.#held) this.release(path, token);
    clearInterval(this.#leftTimer);
    this.#owner.remove();
  }

  /** Whether the lock was free. A process with as many locks as a file may have links has to wait. */
  #link(path: string): boolean {
    try {
      this.#owner.make();
      try {
        linkSync(this.#owner.path, path);
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw error;
        // The folder is missing, or the owner file was removed.
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        this.#owner.make(true);
        linkSync(this.#owner.path, path);
      }
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST', 'EMLINK')) return false;
      throw error;
    }
  }

  #removeLeft(): void {
    for (const path of this.#left) {
      try {
        if (inodeOf(path) === this.#owner.inode) unlinkIfThere(path);
        this.#left.delete(path);
      } catch {}
    }
    if (this.#left.size > 0) return;
    clearInterval(this.#leftTimer);
    this.#leftTimer = undefined;
  }

  /** Removes the lock of a dead process; whether it did. */
  #takeOver(path: string, text: string): boolean {
    if (!this.#isDead(path, text)) return false;
    const steal = { token: ownerLineOf(text), page: '' };
    if (this.acquire(`${path}.s`, steal) !== 'held') return false;
    try {
      const now = ownerTextOf(path);
      return now !== undefined && ownerLineOf(now) === steal.token && unlinkIfThere(path);
    } finally {
      this.release(`${path}.s`, steal.token);
    }
  }

  #isDead(path: string, text: string): boolean {
    const line = ownerLineOf(text);
    const now = performance.now();
    if (now - (this.#alive.get(line) ?? Number.NEGATIVE_INFINITY) < ALIVE_MS) return false;
    const isDead = !(isAlive(ownerIn(line), this.#owner.process) ?? this.#hasLease(path));
    if (this.#alive.size >= MOST_OWNERS) this.#alive.clear();
    if (!isDead) this.#alive.set(line, now);
    return isDead;
  }

  #hasLease(path: string): boolean {
    const beat = ifThere(() => lstatSync(path).mtimeMs, undefined);
    return beat === undefined || Date.now() - beat <= this.#leaseMs;
  }
}
