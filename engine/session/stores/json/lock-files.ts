// Lock files between processes: exclusive from the moment in which they appear, owned by a process that can be looked at,
// taken over at once when that is dead. A lock is removed by its owner alone, or, under the lock's own lock, by a process that
// has seen that its owner is dead and that it is still the same lock. A process that is halted is not dead: when it goes on
// it may be between its last look at its lock and the rename, which nothing can fence.

import {
  linkSync,
  lstatSync,
  lutimesSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hasCode, ifThere, inFolder, unlinkIfThere } from './file-calls.ts';
import { isAlive, type Owner, ownProcess } from './lock-owner.ts';

/** A file that appears at once with its owner's name in it, only if it was not there. */
export interface LockForm {
  /** Throws EEXIST when it is there. */
  make(path: string, text: string): void;
  read(path: string): string;
  /** Shows that its owner is alive. */
  renew(path: string, time: Date): void;
}

/** A symbolic link whose target is the text. */
const symbolic: LockForm = {
  make: (path, text) => symlinkSync(text, path),
  read: (path) => readlinkSync(path),
  renew: (path, time) => lutimesSync(path, time, time),
};

/** Windows, where symbolic links need a privilege: a hard link to a file that holds the text. */
const hard: LockForm = {
  make(path, text) {
    const whole = `${path}.${process.pid}.${process.hrtime.bigint()}.tmp`;
    writeFileSync(whole, text, { flag: 'wx', mode: 0o600 });
    try {
      linkSync(whole, path);
    } finally {
      unlinkSync(whole);
    }
  },
  read: (path) => readFileSync(path, 'utf8'),
  renew: (path, time) => utimesSync(path, time, time),
};

export const LOCK_FORMS = { symbolic, hard } as const;

/** The process that has a lock, as the lock's text says. */
export interface Holder {
  readonly text: string;
  readonly token: string;
  readonly owner: Owner;
  readonly page: string;
  readonly since: number;
}

/** A request for a lock file. */
interface LockRequest {
  readonly token: string;
  readonly page: string;
}

/** The lock files of one store, as one process sees them. */
export class LockFiles {
  readonly #form: LockForm;
  readonly #leaseMs: number;
  readonly #own: Owner;
  /** Texts of locks that were released, but could not be removed (a disk that cannot be written to). */
  readonly #left = new Set<string>();

  constructor(leaseMs: number, form = process.platform === 'win32' ? hard : symbolic, own = ownProcess()) {
    this.#leaseMs = leaseMs;
    this.#form = form;
    this.#own = own;
  }

  /** The text of the lock if it is ours now, or its holder; a dead holder has it no longer. Undefined: ask again. */
  acquire(path: string, request: LockRequest): string | Holder | undefined {
    const { pid, start, scope } = this.#own;
    const { token, page } = request;
    const text = [pid, start, scope, Date.now(), encodeURIComponent(page), token].join(':');
    if (this.#make(path, text)) return text;
    const holder = this.holder(path);
    if (holder?.token === token) return holder.text;
    if (holder === undefined || !this.removeIfOver(path, holder)) return holder;
    return this.#make(path, text) ? text : this.holder(path);
  }

  /** The fence: whether a lock is still ours, asked right before what it protects is done. */
  isOurs(path: string, text: string): boolean {
    return this.#textOf(path) === text;
  }

  /** A lock that cannot be removed now is removed later: that says nothing about what was done under it. */
  release(path: string, text: string): void {
    try {
      if (this.isOurs(path, text)) unlinkIfThere(path);
    } catch {
      this.#left.add(text);
    }
  }

  renew(path: string, text: string): void {
    if (this.isOurs(path, text)) this.#form.renew(path, new Date());
  }

  holder(path: string): Holder | undefined {
    const text = this.#textOf(path);
    if (text === undefined) return undefined;
    const [pid, start = '', scope = '', since, page = '', ...token] = text.split(':');
    const owner = { pid: Number(pid), start, scope };
    return { text, token: token.join(':'), owner, page: decodeURIComponent(page), since: Number(since) };
  }

  /** Removes the lock of a dead process, or one that this process could not remove; whether it did. */
  removeIfOver(path: string, holder: Holder): boolean {
    if (this.#left.has(holder.text)) {
      unlinkIfThere(path);
      return this.#left.delete(holder.text);
    }
    if (!this.#isDead(path, holder)) return false;
    const steal = this.acquire(`${path}.s`, { token: holder.token, page: holder.page });
    if (typeof steal !== 'string') return false;
    try {
      return this.isOurs(path, holder.text) && unlinkIfThere(path);
    } finally {
      this.release(`${path}.s`, steal);
    }
  }

  #make(path: string, text: string): boolean {
    try {
      inFolder(path, () => this.#form.make(path, text));
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  }

  #isDead(path: string, { owner }: Holder): boolean {
    const alive = isAlive(owner, this.#own);
    if (alive !== undefined) return !alive;
    const renewed = ifThere(() => lstatSync(path).mtimeMs, undefined);
    return renewed !== undefined && Date.now() - renewed > this.#leaseMs;
  }

  #textOf(path: string): string | undefined {
    return ifThere(() => this.#form.read(path), undefined);
  }
}
