// Sessions as readable JSON files in a folder, safe across processes and kill -9 (recipe 3b). Needs a local disk: neither
// lock files nor atomic renames can be relied on over NFS. Without fsync an acknowledged write survives a killed
// process, not necessarily a power failure.

import { join } from 'node:path';
import type { Change, Claim, Found, Outcome, SessionStore, StoredEntry, StoreTurn } from '../../store.ts';
import { onDisk } from './failure.ts';
import { namesIn, type SessionFiles } from './files.ts';
import type { FileLock, LockFiles } from './lock.ts';
import type { FolderSecret } from './secret.ts';
import { type SweptFolders, sweepSubfolder } from './sweep.ts';
import { SweepClaim } from './sweep-claim.ts';

/** The texts of tombstones; no session's text looks like them. The number: when it was retired, in ms since 1970. */
const RETIRED = /^\{"retired":(\d+)\}\n$/;
const REMOVED = '{"removed":true}\n';

const isTombstone = (text: string): boolean => text === REMOVED || RETIRED.test(text);

/** A turn that somebody has. */
interface JsonTurn {
  readonly key: string;
  readonly lock: FileLock;
  readonly found: Found<string>;
}

const always = async () => true;

/** What a JSON store is made of. */
export interface JsonStoreParts {
  readonly files: SessionFiles;
  readonly locks: LockFiles;
  readonly lockDir: string;
  readonly secret: FolderSecret;
  readonly now: () => number;
}

/** Keeps texts in files, one a key. */
export class JsonStore implements SessionStore<string>, SweptFolders {
  readonly lock = 'store';
  readonly keeps = 'text';
  readonly shared = true;
  readonly sweepSteps = 256;
  readonly files: SessionFiles;
  readonly locks: LockFiles;
  readonly lockDir: string;
  readonly #secret: FolderSecret;
  readonly #now: () => number;
  readonly #sweepClaim: SweepClaim;

  constructor(parts: JsonStoreParts) {
    this.files = parts.files;
    this.locks = parts.locks;
    this.lockDir = parts.lockDir;
    this.#secret = parts.secret;
    this.#now = parts.now;
    this.#sweepClaim = new SweepClaim(parts.locks, parts.lockDir);
  }

  get secret(): Uint8Array {
    return this.#secret.value;
  }

  take(key: string, claim: Claim): Promise<StoreTurn<string>> {
    return onDisk(async () => {
      const lock = await this.locks.acquire(this.lockPath(key), claim);
      try {
        const found = await this.#find(key);
        if (found.state === 'absent' && claim.begins !== false) await this.#secret.agree();
        return { found, commit: (change) => onDisk(() => this.#commit({ key, lock, found }, change)) };
      } catch (error) {
        await this.locks.release(lock);
        throw error;
      }
    });
  }

  read(key: string): Promise<Found<string>> {
    return onDisk(() => this.#find(key));
  }

  touch(key: string, deadline: number): Promise<boolean> {
    return onDisk(() => this.files.touch(key, deadline, isTombstone, this.#now()));
  }

  create(key: string, content: string, deadline: number): Promise<void> {
    return onDisk(async () => void (await this.files.replace(key, content, deadline, always)));
  }

  async *list(beginning = ''): AsyncGenerator<StoredEntry<string>> {
    for await (const keys of this.#keysByFolder(beginning.slice(0, 2))) {
      for (const key of keys) {
        if (!key.startsWith(beginning)) continue;
        const file = await onDisk(() => this.files.read(key));
        if (file === undefined || isTombstone(file.text) || this.#isOver(file.deadline)) continue;
        yield { key, content: file.text, deadline: file.deadline, size: file.size };
      }
    }
  }

  async size(): Promise<number> {
    let size = 0;
    for await (const keys of this.#keysByFolder('')) size += keys.length;
    return size;
  }

  /** Each process asks every few seconds, so that all of them look after the secret, too. */
  sweepsHere(): Promise<boolean> {
    return onDisk(async () => {
      await this.#secret.agree();
      return this.#sweepClaim.isOurs();
    });
  }

  sweep(step: number): Promise<number> {
    const subfolder = step.toString(16).padStart(2, '0');
    return onDisk(() => sweepSubfolder(this, subfolder, this.#now()));
  }

  /** A claim that cannot be given back is taken from who has died. */
  async close(): Promise<void> {
    await this.#sweepClaim.release().catch(() => {});
    this.locks.close();
  }

  lockPath(key: string): string {
    return join(this.lockDir, key.slice(0, 2), `${key}.lock`);
  }

  /** The keys of each subfolder whose name begins so. */
  async *#keysByFolder(beginning: string): AsyncGenerator<readonly string[]> {
    for (const subfolder of await onDisk(() => namesIn(this.files.dir))) {
      if (!/^[0-9a-f]{2}$/.test(subfolder) || !subfolder.startsWith(beginning)) continue;
      yield await onDisk(() => this.files.keys(subfolder));
    }
  }

  async #find(key: string): Promise<Found<string>> {
    const file = await this.files.read(key);
    if (file === undefined || this.#isOver(file.deadline)) return { state: 'absent' };
    const retired = RETIRED.exec(file.text);
    if (retired !== null) return { state: 'retired', since: Number(retired[1]) };
    if (file.text === REMOVED) return { state: 'removed' };
    return { state: 'live', content: file.text, deadline: file.deadline };
  }

  async #commit(turn: JsonTurn, change: Change<string>): Promise<Outcome> {
    try {
      return await this.#perform(turn, change);
    } finally {
      await this.locks.release(turn.lock);
    }
  }

  async #perform(turn: JsonTurn, change: Change<string>): Promise<Outcome> {
    const { key, lock } = turn;
    switch (change.kind) {
      case 'keep':
        return 'done';
      case 'touch':
        return (await this.files.touch(key, change.deadline, isTombstone, this.#now())) ? 'done' : 'gone';
      case 'write':
        if (!(await this.#isLive(turn))) return 'gone';
        return this.#replace(turn, change.content, change.deadline);
      case 'create':
        return this.#replace(turn, change.content, change.deadline);
      case 'end':
        return this.#replace(turn, this.#retired(), change.until);
      case 'move':
        return this.#move(turn, change);
      case 'remove':
        return this.#replace(turn, REMOVED, change.until);
      case 'set-aside':
        if (!(await this.locks.isOurs(lock))) return 'lost';
        await this.files.setAside(key);
        return 'done';
    }
  }

  /** The tombstone is the point from which on the move holds. */
  async #move(turn: JsonTurn, change: Extract<Change<string>, { kind: 'move' }>): Promise<Outcome> {
    if (!(await this.#isLive(turn))) return 'gone';
    await this.files.replace(change.to, change.content, change.deadline, always);
    const outcome = await this.#replace(turn, this.#retired(), change.until);
    if (outcome !== 'done') await this.files.remove(change.to);
    return outcome;
  }

  #retired(): string {
    return `{"retired":${Math.round(this.#now())}}\n`;
  }

  async #replace({ key, lock }: JsonTurn, text: string, deadline: number): Promise<Outcome> {
    const replaced = await this.files.replace(key, text, deadline, () => this.locks.isOurs(lock));
    return replaced ? 'done' : 'lost';
  }

  /** Nobody else changes it in our turn, but its time may be over, and an operator may have deleted it. */
  async #isLive({ key, found }: JsonTurn): Promise<boolean> {
    if (found.state !== 'live') return false;
    const deadline = await this.files.deadline(key);
    return deadline !== undefined && !this.#isOver(deadline);
  }

  #isOver(deadline: number): boolean {
    return deadline !== 0 && deadline <= this.#now();
  }
}
