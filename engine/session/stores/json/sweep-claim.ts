// Who sweeps a folder that several processes share: the one that has this lock. All of them going through all files would
// be the same work several times.

import { join } from 'node:path';
import type { FileLock, LockFiles } from './lock.ts';

/** The claim of one process to the sweep of a folder. */
export class SweepClaim {
  readonly #locks: LockFiles;
  readonly #path: string;
  #lock: FileLock | undefined;

  constructor(locks: LockFiles, lockDir: string) {
    this.#locks = locks;
    this.#path = join(lockDir, 'sweep.lock');
  }

  /** Whether it is ours, as it is from now on if nobody has it; who died with it has it no longer. */
  async isOurs(): Promise<boolean> {
    if (this.#lock !== undefined && (await this.#locks.isOurs(this.#lock))) return true;
    await this.release();
    this.#lock = await this.#locks.tryAcquire(this.#path, 'the sweep of sessions');
    return this.#lock !== undefined;
  }

  /** Leaves it to another. */
  async release(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    if (lock !== undefined) await this.#locks.release(lock);
  }
}
