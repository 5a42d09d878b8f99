// The interface of a driver: what one system (files, Redis, a database, …) must do, so that LockingStore makes a session store
// of it. A driver keeps texts with deadlines under keys, and gives locks with leases; what a text means it does not know.
// Waiting, renewal, tombstones, moves, quarantine, the secret, time limits and outages are not a driver's business.

import type { Problem } from '../../../diagnostics/problem.ts';
import type { MaybePromise, Outcome } from '../../store.ts';

/** A lock that nobody renews ends after so many milliseconds. */
export const LEASE_MS = 3000;

/** The key of the entry that has the secret of the ids. */
export const SECRET_KEY = 'secret';

/** What a driver keeps under a key. It gives expired entries as well: their deadline tells. */
export interface DriverEntry {
  /** '': the system has something under the key that is no text (a folder, bytes that are no UTF-8). */
  readonly text: string;
  /** Milliseconds since 1970; 0: never. */
  readonly deadline: number;
}

/** A request for the lock of one key. */
export interface Acquisition {
  readonly key: string;
  /** Unique in all processes: letters, digits, `-`, `_` and `:`. */
  readonly token: string;
  /** The page that asks, for the message to requests that wait too long: at most 200 characters, without U+0000. */
  readonly page: string;
  /** Whether an entry may begin under the key: false lets a driver answer 'absent' without a lock. */
  readonly mayCreate: boolean;
}

/** A lock that was acquired, with the entry as it was read under it. */
export interface HeldLock {
  readonly kind: 'held';
  readonly acquisition: Acquisition;
  readonly entry: DriverEntry | undefined;
  /** What the driver needs to release it (a version, a file). */
  readonly fence: unknown;
}

/** The answer to a request for a lock. */
export type AcquireResult =
  | HeldLock
  /** There is no entry, and none will begin: no lock is needed. */
  | { readonly kind: 'absent' }
  /** Another request has it; its page and for how long, where the driver knows. */
  | { readonly kind: 'taken'; readonly page?: string | undefined; readonly held_ms?: number | undefined };

/** What becomes of an entry when its lock is released. */
export type EntryChange =
  | { readonly kind: 'keep' }
  /** Moves the deadline of an entry that is there. */
  | { readonly kind: 'touch'; readonly deadline: number }
  /** Puts an entry. `replaces`: only over one that is there, else 'gone'. */
  | { readonly kind: 'put'; readonly entry: DriverEntry; readonly replaces: boolean }
  | { readonly kind: 'remove' };

/** One system that keeps entries. Every method may throw what its system throws: problemOf() explains it. */
export interface StoreDriver {
  /** How far its locks reach: to all that share the store, to this process, or nowhere. */
  readonly lock: 'store' | 'process' | 'none';
  /** What the tokens of this process begin with, where the driver must know it: a text of its own in each process, without `:`. */
  readonly processName?: string;
  /** Tries to acquire a lock, in one round trip where nobody has it. Called again with the same lease, it changes nothing. */
  acquire(acquisition: Acquisition): MaybePromise<AcquireResult>;
  /**
   * Makes a change and releases the lock, in one round trip. 'lost': the lock is another's, and nothing was changed.
   * A lease that ended is still ours as long as nobody acquired the lock or changed the entry.
   */
  release(held: HeldLock, change: EntryChange): MaybePromise<Outcome>;
  /** Makes the leases end LEASE_MS from now, if they are still ours. Drivers whose locks do not end have none. */
  renew?(held: readonly HeldLock[]): MaybePromise<void>;
  /** Waits for the lock to be handed over, for so many milliseconds at most; undefined: it was not. */
  awaitHandover?(
    acquisition: Acquisition,
    milliseconds: number,
    signal: AbortSignal | undefined,
  ): Promise<HeldLock | undefined>;
  /**
   * The request waits no longer, or its answer came too late. Without it the lock is released when it comes. Where it fails,
   * it is called again when the server answers.
   */
  cancel?(acquisition: Acquisition): MaybePromise<void>;
  /** Reads an entry without a lock. */
  load(key: string): MaybePromise<DriverEntry | undefined>;
  /** Puts an entry where none is; whether it did. One that is there already may be that of a call whose answer was lost. */
  add(key: string, entry: DriverEntry): MaybePromise<boolean>;
  /** Moves the deadline of an entry, without a lock, if it is still `from`; whether it did. Asked again, it may say no. */
  touch(key: string, deadline: number, from: number): MaybePromise<boolean>;
  /** Removes an entry, whatever it is, without a lock. */
  remove(key: string): MaybePromise<void>;
  /** A text for another key, with what others changed in the entry since it was read: from locks that do not reach to all. */
  merged?(held: HeldLock, text: string): MaybePromise<string>;
  /** Puts what is under a held key under another one, as it is, and releases the lock. Without it the text is copied. */
  quarantine?(held: HeldLock, key: string, deadline: number): MaybePromise<Outcome>;
  /** Entries in no order, in small steps; a beginning of keys is a hint. What vanishes meanwhile is left out. */
  list(beginning: string): AsyncIterable<ListedEntry>;
  /** About how many entries there are, where that is cheap to know. */
  size?(): MaybePromise<number | undefined>;
  /** Into how many small steps a sweep is cut. */
  readonly sweepSteps: number;
  /** Does one step: removes entries whose deadline is not after `now`, but none that is locked; how many. */
  sweep(step: number, now: number, signal: AbortSignal | undefined): MaybePromise<number>;
  /** How many entries a step removes at most, where it may leave some. */
  readonly sweepLimit?: number | undefined;
  /** Whether a sweep costs as much as there are entries, so that one process alone shall do it. */
  readonly sweepsAlone?: boolean;
  /** Whether its system removes expired entries by itself. */
  readonly removesExpired?: boolean;
  /** Which of its servers has a key, for people: one that is unavailable says nothing of the others. Without it there is one. */
  serverOf?(key: string): string;
  /** A call got no answer in time: a connection that hangs may be made anew. */
  onTimeout?(key: string): void;
  /** Whether a call that failed so has not been sent: then it is made again, also where a lost answer forbids that. */
  isUnsent?(error: unknown): boolean;
  /** What an error of its system means: unavailable, refused, failed. */
  problemOf(error: unknown, method: string): Problem;
  close(): MaybePromise<void>;
}

/** One entry of a listing. */
export interface ListedEntry {
  readonly key: string;
  readonly entry: DriverEntry;
  /** Bytes, where the driver knows better than by the text. */
  readonly size?: number;
}
