// The driver of memcached, which may forget anything at any time, and forgets all when it restarts. A lock is a value that is
// added, and ends by itself. It may be forgotten, too: what holds a late writer back is the unique of the data, which is another
// one after each write.

import { hash, randomBytes } from 'node:crypto';
import { Problem } from '../../../diagnostics/problem.ts';
import { messageOf } from '../../../diagnostics/thrown.ts';
import type { Outcome } from '../../session-store.ts';
import type { Acquisition, ListedEntry } from '../locking/store-driver.ts';
import {
  type AcquireResult,
  type DriverEntry,
  type EntryChange,
  type HeldLock,
  LEASE_MS,
  type StoreDriver,
} from '../locking/store-driver.ts';
import { isExpired } from '../locking/tombstone.ts';
import {
  type Command,
  drop,
  gets,
  type Reply,
  remove,
  replace,
  touch,
  type Value,
} from './memcached-commands.ts';
import { type MemcachedConnection, Refused } from './memcached-connection.ts';
import { storedNames } from './memcached-names.ts';

/** The server counts whole seconds, so a lease is up to one shorter. */
const LEASE_S = LEASE_MS / 1000;

/** The server forgets an entry so much after its deadline: the clocks of those who share it may differ by as much. */
const SKEW_S = 10;

/** More seconds than these are read as a time since 1970; such times have 31 bits. */
const LONGEST_RELATIVE_S = 30 * 86_400;
const LATEST_S = 2 ** 31 - 1;

/** A server without uniques gives this one for all. */
const NO_UNIQUE = '0';

/** How many entries a listing reads at a time: each may be large. */
const READ_AT_ONCE = 20;

const TOO_BIG = /^SERVER_ERROR object too large/;
const DATA = ':s';

/** The uniques that were read with a lock: of the lock, and of the data, if there are any. */
interface Mark {
  readonly lock: string;
  readonly data: string | undefined;
}

/** What a driver is made of. */
interface MemcachedParts {
  readonly connections: readonly MemcachedConnection[];
  readonly prefix: string;
  readonly now: () => number;
}

/** Keeps entries in one or more servers. Each entry has its place on one of them, also while that one is unavailable. */
export class MemcachedDriver implements StoreDriver {
  readonly lock = 'store';
  readonly sweepSteps = 1;
  readonly removesExpired = true;
  readonly #parts: MemcachedParts;

  constructor(parts: MemcachedParts) {
    this.#parts = parts;
  }

  /** The lock is ours when ours is what stands there, however often it was asked for. */
  async acquire(acquisition: Acquisition): Promise<AcquireResult> {
    const { key, token, page } = acquisition;
    const [data, lock] = this.#names(key);
    const added = replace(lock, undefined, `${token} ${Date.now()} ${page}`, LEASE_S);
    const [, reply] = await this.#on(key).send(added, gets(lock, data));
    const holder = reply?.values.get(lock);
    if (!holder?.text.startsWith(`${token} `)) return takenBy(holder);
    const value = reply?.values.get(data);
    const mark: Mark = { lock: holder.unique, data: value?.unique };
    const held: HeldLock = { kind: 'held', acquisition, entry: entryIn(value), fence: mark };
    if (value !== undefined || acquisition.mayCreate) return held;
    // Nothing waits for that: no request works with what is not there.
    this.release(held, { kind: 'keep' }).catch(() => undefined);
    return { kind: 'absent' };
  }

  async release({ acquisition, entry, fence: mark }: HeldLock, change: EntryChange): Promise<Outcome> {
    const [data, lock] = this.#names(acquisition.key);
    const uniques = markOf(mark);
    const command = this.#commandFor(change, data, entry, uniques.data);
    const unlocked = drop(lock, uniques.lock);
    if (command === undefined) await this.#on(acquisition.key).send(unlocked);
    const [reply] = command === undefined ? [] : await this.#on(acquisition.key).send(command, unlocked);
    if (change.kind === 'keep') return 'done';
    return reply === undefined ? 'gone' : outcomeOf(reply);
  }

  async renew(held: readonly HeldLock[]): Promise<void> {
    await Promise.all(held.map((one) => this.#renewOne(one)));
  }

  async load(key: string): Promise<DriverEntry | undefined> {
    const [data] = this.#names(key);
    const [reply] = await this.#on(key).send(gets(data));
    const value = reply?.values.get(data);
    if (value?.unique === NO_UNIQUE) throw new Refused('it was started without CAS (-C)', undefined);
    return entryIn(value);
  }

  async add(key: string, entry: DriverEntry): Promise<boolean> {
    const [data] = this.#names(key);
    const [reply] = await this.#on(key).send(replace(data, undefined, textOf(entry), this.#seconds(entry)));
    return reply?.word === 'STORED';
  }

  /** Under the lock, since each write gives the data another unique. A request that has the lock moves the deadline itself. */
  async touch(key: string, deadline: number, from: number): Promise<boolean> {
    const held = await this.#acquire(key, 'a page that reads');
    if (held.kind !== 'held') return false;
    const isSame = held.entry?.deadline === from;
    return (
      (await this.release(held, isSame ? { kind: 'touch', deadline } : { kind: 'keep' })) === 'done' && isSame
    );
  }

  async remove(key: string): Promise<void> {
    await this.#on(key).send(remove(this.#names(key)[0]));
  }

  async *list(beginning: string): AsyncGenerator<ListedEntry> {
    const { prefix, connections } = this.#parts;
    const isWanted = (name: string) => name.startsWith(prefix + beginning) && name.endsWith(DATA);
    for (const connection of connections) {
      const names = await storedNames(connection.server, isWanted);
      for (let first = 0; first < names.length; first += READ_AT_ONCE) {
        const some = names.slice(first, first + READ_AT_ONCE);
        const [reply] = await connection.send(gets(...some));
        for (const name of some) {
          const entry = entryIn(reply?.values.get(name));
          if (entry !== undefined) yield { key: name.slice(prefix.length, -DATA.length), entry };
        }
      }
    }
  }

  /** For an operator: the server forgets expired entries by itself. */
  async sweep(_step: number, now: number, signal: AbortSignal | undefined): Promise<number> {
    let removed = 0;
    for await (const { key, entry } of this.list('')) {
      if (signal?.aborted) break;
      if (!isExpired(entry.deadline, now)) continue;
      const held = await this.#acquire(key, 'the sweep of sessions');
      if (held.kind !== 'held') continue;
      const isOver = held.entry !== undefined && isExpired(held.entry.deadline, now);
      if ((await this.release(held, { kind: isOver ? 'remove' : 'keep' })) === 'done' && isOver) removed++;
    }
    return removed;
  }

  serverOf(key: string): string {
    return this.#on(key).server;
  }

  onTimeout(key: string): void {
    this.#on(key).late();
  }

  problemOf(error: unknown): Problem {
    const reason = messageOf(error);
    if (!(error instanceof Refused))
      return new Problem('session-store-unavailable', {
        params: { reason: this.#shown(reason) },
        cause: error,
      });
    if (TOO_BIG.test(reason))
      return new Problem('session-over-server-limit', { params: { size: error.size } });
    return new Problem('session-server-refused', { params: { reason }, cause: error });
  }

  close(): void {
    for (const connection of this.#parts.connections) connection.close();
  }

  #acquire(key: string, page: string): Promise<AcquireResult> {
    return this.acquire({ key, token: randomBytes(12).toString('base64url'), page, mayCreate: false });
  }

  #shown(reason: string): string {
    return `${this.#parts.connections.map(({ server }) => server).join(', ')}: ${reason}`;
  }

  /** The names of an entry and of its lock: at most 250 bytes, without blanks. */
  #names(key: string): readonly [data: string, lock: string] {
    const { prefix } = this.#parts;
    return [`${prefix}${key}${DATA}`, `${prefix}${key}:l`];
  }

  /** The server of a key, whatever the order in which they were named: the one whose hash with it is the greatest. */
  #on(key: string): MemcachedConnection {
    const [first, ...others] = this.#parts.connections;
    if (first === undefined) throw new Error('no server is named');
    return others.reduce((best, other) => (weight(other, key) > weight(best, key) ? other : best), first);
  }

  /** Undefined: nothing is to be changed, since there is no entry to do it to. */
  #commandFor(
    change: EntryChange,
    name: string,
    entry: DriverEntry | undefined,
    unique: string | undefined,
  ): Command | undefined {
    switch (change.kind) {
      case 'keep':
        return undefined;
      case 'touch': {
        if (entry === undefined) return undefined;
        const touched = { ...entry, deadline: change.deadline };
        return replace(name, unique, textOf(touched), this.#seconds(touched));
      }
      case 'put':
        if (change.replaces && unique === undefined) return undefined;
        return replace(name, unique, textOf(change.entry), this.#seconds(change.entry));
      case 'remove':
        return unique === undefined ? undefined : drop(name, unique);
    }
  }

  async #renewOne({ acquisition, fence: mark }: HeldLock): Promise<void> {
    const [, lock] = this.#names(acquisition.key);
    const connection = this.#on(acquisition.key);
    const [reply] = await connection.send(gets(lock));
    if (reply?.values.get(lock)?.unique === markOf(mark).lock) await connection.send(touch(lock, LEASE_S));
  }

  /**
   * When the server may forget an entry. Seconds from now, so that no clock but this one counts; a deadline further away than
   * the server understands that is given as a time.
   */
  #seconds({ deadline }: DriverEntry): number {
    if (deadline === 0) return 0;
    const seconds = Math.ceil(Math.max(0, deadline - this.#parts.now()) / 1000) + SKEW_S;
    if (seconds <= LONGEST_RELATIVE_S) return seconds;
    const time = Math.ceil(Date.now() / 1000) + seconds;
    return time > LATEST_S ? 0 : time;
  }
}

/** The deadline, and below it the text. */
function textOf({ deadline, text }: DriverEntry): string {
  return `${deadline}\n${text}`;
}

function entryIn(value: Value | undefined): DriverEntry | undefined {
  if (value === undefined) return undefined;
  const end = value.text.indexOf('\n');
  const deadline = Number(value.text.slice(0, end));
  return end > 0 && Number.isSafeInteger(deadline)
    ? { text: value.text.slice(end + 1), deadline }
    : { text: '', deadline: 0 };
}

function takenBy(holder: Value | undefined): AcquireResult {
  const [, since, page] = /^\S+ (\d+) (.*)$/s.exec(holder?.text ?? '') ?? [];
  return { kind: 'taken', page, held_ms: since === undefined ? undefined : Date.now() - Number(since) };
}

function markOf(mark: unknown): Mark {
  const { lock, data } = Object(mark);
  return { lock, data };
}

function outcomeOf({ word }: Reply): Outcome {
  if (word === 'STORED') return 'done';
  return word === 'NOT_FOUND' ? 'gone' : 'lost';
}

function weight({ server }: MemcachedConnection, key: string): string {
  return hash('sha256', `${server} ${key}`);
}
