// Lock files between processes, for stores in a folder: exclusive from the moment they appear, owned by a process that
// can be looked at, taken over at once when it is dead. Recipe 3b: a lock is only ever removed by its owner, or under the
// lock's own lock by somebody who has seen that its owner is dead and that it is still the same lock. A process that is
// halted is not dead: when it goes on it may be between its last look at its lock and the rename, which nobody can fence.

import { randomBytes } from 'node:crypto';
import { lstat, mkdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Claim } from '../../store.ts';
import { lockedProblem } from '../../turns.ts';
import { pauseBeforeRetry } from '../poll.ts';
import { hasCode } from './failure.ts';
import type { LockWay } from './lock-way.ts';
import { isAlive, type Owner } from './owner.ts';

/** A holder that cannot be looked at counts as dead when it has not renewed its lock for so long. */
const LEASE_MS = 3000;
const RENEW_MS = 1000;

/** Who holds a lock, as its text says. */
interface Holder {
  readonly text: string;
  readonly owner: Owner;
  readonly page: string;
  readonly since: number;
}

/** A lock that is ours, until somebody takes it over. */
export interface FileLock {
  readonly path: string;
  readonly text: string;
}

/** Takes and releases the lock files of one store. */
export class LockFiles {
  readonly #own: Owner;
  readonly #way: LockWay;
  readonly #held = new Set<FileLock>();
  /** By path: those that are over, but could not be removed (a disk that cannot be written to). */
  readonly #left = new Map<string, FileLock>();
  readonly #renewal: NodeJS.Timeout;

  constructor(own: Owner, way: LockWay) {
    this.#own = own;
    this.#way = way;
    this.#renewal = setInterval(() => void this.#renew(), RENEW_MS).unref();
  }

  /** Waits for the lock; a dead holder is not waited for. */
  async acquire(path: string, claim: Claim): Promise<FileLock> {
    const began = performance.now() - (claim.waited ?? 0) * 1000;
    for (let tries = 0; ; tries++) {
      const lock = await this.#make(path, claim.page);
      if (lock !== undefined) return lock;
      const holder = await this.#holder(path);
      if (holder === undefined) continue;
      const left = this.#left.get(path);
      if (left?.text === holder.text) {
        await this.#removeLeft(left);
        continue;
      }
      if (await this.#isDead(path, holder)) {
        await this.#removeDead(path, holder, claim);
        continue;
      }
      if (performance.now() - began >= claim.patience * 1000) {
        throw lockedProblem(claim.patience, holder.page, Date.now() - holder.since);
      }
      await pauseBeforeRetry(tries, claim.signal);
    }
  }

  /** The lock if it is free or its holder is dead; never waits for a live one. */
  async tryAcquire(path: string, page: string): Promise<FileLock | undefined> {
    await this.removeIfDead(path, page);
    return this.#make(path, page);
  }

  /** Clears away the lock of a dead holder. */
  async removeIfDead(path: string, page: string): Promise<void> {
    const holder = await this.#holder(path);
    if (holder === undefined || !(await this.#isDead(path, holder))) return;
    await this.#removeDead(path, holder, { page, patience: LEASE_MS / 1000 });
  }

  /** The fence: whether a lock is still ours, asked right before what it protects is done. */
  async isOurs(lock: FileLock): Promise<boolean> {
    return (await this.#textOf(lock.path)) === lock.text;
  }

  /** What cannot be removed now is removed later: that says nothing about what was done under it. */
  async release(lock: FileLock): Promise<void> {
    this.#held.delete(lock);
    await this.#remove(lock).catch(() => {});
  }

  close(): void {
    clearInterval(this.#renewal);
  }

  async #make(path: string, page: string): Promise<FileLock | undefined> {
    const { pid, start, scope } = this.#own;
    const token = randomBytes(9).toString('base64url');
    const text = [pid, start, scope, token, Date.now(), encodeURIComponent(page)].join(':');
    try {
      await this.#makeWithFolder(path, text);
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return undefined;
      throw error;
    }
    const lock = { path, text };
    this.#held.add(lock);
    return lock;
  }

  async #makeWithFolder(path: string, text: string): Promise<void> {
    try {
      await this.#way.make(path, text);
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await this.#way.make(path, text);
    }
  }

  async #removeDead(path: string, seen: Holder, claim: Claim): Promise<void> {
    const steal = await this.acquire(`${path}.s`, claim);
    try {
      if ((await this.#textOf(path)) === seen.text) await unlinkIfThere(path);
    } finally {
      await this.release(steal);
    }
  }

  async #isDead(path: string, holder: Holder): Promise<boolean> {
    const alive = await isAlive(holder.owner, this.#own);
    if (alive !== undefined) return !alive;
    const stat = await lstat(path).catch(() => undefined);
    return stat !== undefined && Date.now() - stat.mtimeMs > LEASE_MS;
  }

  async #holder(path: string): Promise<Holder | undefined> {
    const text = await this.#textOf(path);
    if (text === undefined) return undefined;
    const [pid, start = '', scope = '', , since, page = ''] = text.split(':');
    return {
      text,
      owner: { pid: Number(pid), start, scope },
      page: decodeURIComponent(page),
      since: Number(since),
    };
  }

  async #textOf(path: string): Promise<string | undefined> {
    try {
      return await this.#way.read(path);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  /** Only one at a time: whoever has seen that it is ours could otherwise remove the one that came in its place. */
  async #removeLeft(lock: FileLock): Promise<void> {
    if (this.#left.delete(lock.path)) await this.#remove(lock);
  }

  async #remove(lock: FileLock): Promise<void> {
    try {
      if (await this.isOurs(lock)) await unlinkIfThere(lock.path);
    } catch (error) {
      this.#left.set(lock.path, lock);
      throw error;
    }
  }

  async #renew(): Promise<void> {
    const time = new Date();
    for (const lock of this.#held) {
      if (await this.isOurs(lock).catch(() => false)) await this.#way.renew(lock.path, time).catch(() => {});
    }
    for (const lock of [...this.#left.values()]) await this.#removeLeft(lock).catch(() => {});
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}
