// The driver of memcached, which may evict any value at any time and loses all when it restarts. A lock is a value that is added and
// expires with the lease. Because a lock may be evicted too, the unique of the data decides whether a write is made: it changes with
// every write.

import { hash, randomBytes } from 'node:crypto';
import { Problem } from '../../../diagnostics/problem.ts';
import { messageOf } from '../../../diagnostics/thrown.ts';
import type { Outcome } from '../../session-store.ts';
import {
  type AcquireResult,
  type Acquisition,
  type DriverEntry,
  type EntryChange,
  type HeldLock,
  LEASE_MS,
  type ListedDriverEntry,
  type StoreDriver,
} from '../locking/store-driver.ts';
import {
  drop,
  gets,
  type MemcachedCommand,
  type MemcachedReply,
  remove,
  replace,
  type StoredValue,
  touch,
} from './memcached-commands.ts';
import { type MemcachedConnection, Refused } from './memcached-connection.ts';
import { storedNames } from './memcached-names.ts';

/** The server counts whole seconds, so a lease is up to a second shorter. */
const LEASE_S = LEASE_MS / 1000;

/** The time from the deadline to the removal by the server, because the clocks of several sites may differ by as much. */
const SKEW_S = 10;

/** The server reads a longer time to live as a time since 1970, which has 31 bits. */
const LONGEST_RELATIVE_S = 30 * 86_400;
const LATEST_S = 2 ** 31 - 1;

/** The unique of every value on a server that was started without CAS. */
const NO_UNIQUE = '0';

/** The entries that a listing reads at a time: each may be large. */
const READ_AT_ONCE = 20;

const TOO_BIG = /^SERVER_ERROR object too large/;
const DATA = ':s';

interface MemcachedDriverParts {
  readonly connections: readonly MemcachedConnection[];
  readonly prefix: string;
  readonly now: () => number;
}

/** Keeps entries on one or more servers. A key belongs to the same server always, also while that one is unavailable. */
export class MemcachedDriver implements StoreDriver {
  readonly lock = 'store';
  readonly #parts: MemcachedDriverParts;

  constructor(parts: MemcachedDriverParts) {
    this.#parts = parts;
  }

  /** The lock is held if the value has this token, whatever the reply to `add` was: a repeated call finds its own value. */
  async acquire(acquisition: Acquisition): Promise<AcquireResult> {
    const { key, token, page } = acquisition;
    const [data, lock] = this.#names(key);
    const added = replace(lock, undefined, `${token} ${Date.now()} ${page}`, LEASE_S);
    const [, reply] = await this.#on(key).send(added, gets(lock, data));
    const holder = reply?.values.get(lock);
    if (!holder?.text.startsWith(`${token} `)) return takenBy(holder);
    const value = reply?.values.get(data);
    const fence = `${holder.unique} ${value?.unique ?? ''}`;
    const held: HeldLock = { kind: 'held', acquisition, entry: entryIn(value), fence };
    if (value !== undefined || acquisition.mayCreate) return held;
    // The request need not wait for the release, because it has nothing to change.
    this.release(held, { kind: 'keep' }).catch(() => undefined);
    return { kind: 'absent' };
  }

  async release({ acquisition, entry, fence }: HeldLock, change: EntryChange): Promise<Outcome> {
    const [data, lock] = this.#names(acquisition.key);
    const { lockUnique, dataUnique } = uniquesIn(fence);
    const command = this.#commandFor(change, data, entry, dataUnique);
    const server = this.#on(acquisition.key);
    if (command === undefined) {
      await server.send(drop(lock, lockUnique));
      return change.kind === 'keep' ? 'done' : 'gone';
    }
    const [reply] = await server.send(command, drop(lock, lockUnique));
    return outcomeOf(reply);
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
    const [reply] = await this.#on(key).send(this.#store(this.#names(key)[0], undefined, entry));
    return reply?.word === 'STORED';
  }

  /** Takes the lock, because the write gives the data another unique. A request that holds the lock sets the deadline itself. */
  async touch(key: string, deadline: number, from: number): Promise<boolean> {
    const token = randomBytes(12).toString('base64url');
    const held = await this.acquire({ key, token, page: 'a page that reads', mayCreate: false });
    if (held.kind !== 'held') return false;
    const isUnchanged = held.entry?.deadline === from;
    const outcome = await this.release(held, isUnchanged ? { kind: 'touch', deadline } : { kind: 'keep' });
    return outcome === 'done' && isUnchanged;
  }

  async remove(key: string): Promise<void> {
    await this.#on(key).send(remove(this.#names(key)[0]));
  }

  async *list(beginning: string): AsyncGenerator<ListedDriverEntry> {
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

  serverOf(key: string): string {
    return this.#on(key).server;
  }

  onTimeout(key: string): void {
    this.#on(key).closeIfLate();
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

  #shown(reason: string): string {
    return `${this.#parts.connections.map(({ server }) => server).join(', ')}: ${reason}`;
  }

  /** The names of an entry and of its lock: at most 250 bytes, without blanks. */
  #names(key: string): readonly [data: string, lock: string] {
    const { prefix } = this.#parts;
    return [`${prefix}${key}${DATA}`, `${prefix}${key}:l`];
  }

  /** The server of a key: the one whose hash with the key is the greatest, so that the order of servers does not matter. */
  #on(key: string): MemcachedConnection {
    const [first, ...others] = this.#parts.connections;
    if (first === undefined) throw new Error('no server is named');
    return others.reduce((best, other) => (weight(other, key) > weight(best, key) ? other : best), first);
  }

  /** The command that makes a change; undefined if there is nothing to change. */
  #commandFor(
    change: EntryChange,
    name: string,
    entry: DriverEntry | undefined,
    unique: string | undefined,
  ): MemcachedCommand | undefined {
    switch (change.kind) {
      case 'keep':
        return undefined;
      case 'touch':
        return entry && this.#store(name, unique, { ...entry, deadline: change.deadline });
      case 'put':
        return change.replaces && unique === undefined ? undefined : this.#store(name, unique, change.entry);
      case 'remove':
        return unique === undefined ? undefined : drop(name, unique);
    }
  }

  #store(name: string, unique: string | undefined, entry: DriverEntry): MemcachedCommand {
    return replace(name, unique, `${entry.deadline}\n${entry.text}`, this.#timeToLive(entry));
  }

  async #renewOne({ acquisition, fence }: HeldLock): Promise<void> {
    const [, lock] = this.#names(acquisition.key);
    const server = this.#on(acquisition.key);
    const [reply] = await server.send(gets(lock));
    if (reply?.values.get(lock)?.unique === uniquesIn(fence).lockUnique)
      await server.send(touch(lock, LEASE_S));
  }

  /**
   * When the server may remove an entry: in seconds from now, so that only the clock of this site counts. A deadline too far away for
   * that is a time since 1970.
   */
  #timeToLive({ deadline }: DriverEntry): number {
    if (deadline === 0) return 0;
    const seconds = Math.ceil(Math.max(0, deadline - this.#parts.now()) / 1000) + SKEW_S;
    if (seconds <= LONGEST_RELATIVE_S) return seconds;
    const time = Math.ceil(Date.now() / 1000) + seconds;
    return time > LATEST_S ? 0 : time;
  }
}

/** An entry from its value: the deadline, a line feed, the text. */
function entryIn(value: StoredValue | undefined): DriverEntry | undefined {
  if (value === undefined) return undefined;
  const end = value.text.indexOf('\n');
  const deadline = Number(value.text.slice(0, end));
  return end > 0 && Number.isSafeInteger(deadline)
    ? { text: value.text.slice(end + 1), deadline }
    : { text: '', deadline: 0 };
}

function takenBy(holder: StoredValue | undefined): AcquireResult {
  const [, since, page] = /^\S+ (\d+) (.*)$/s.exec(holder?.text ?? '') ?? [];
  return { kind: 'taken', page, held_ms: since === undefined ? undefined : Date.now() - Number(since) };
}

/** The uniques that acquire() has read; that of the data is undefined if there was no entry. */
function uniquesIn(fence: unknown): { readonly lockUnique: string; readonly dataUnique: string | undefined } {
  const [lockUnique = '', dataUnique] = String(fence).split(' ');
  return { lockUnique, dataUnique: dataUnique || undefined };
}

function outcomeOf(reply: MemcachedReply | undefined): Outcome {
  if (reply?.word === 'STORED') return 'done';
  return reply?.word === 'NOT_FOUND' ? 'gone' : 'lost';
}

function weight({ server }: MemcachedConnection, key: string): string {
  return hash('sha256', `${server} ${key}`);
}
