// The interface of a driver. A driver knows one system (files, Redis, a database, …): it keeps texts with deadlines under keys and
// gives locks. LockingStore makes a session store of it, and does all that is the same for every system: waiting for locks, renewal
// of leases, tombstones, moves, quarantine, the secret, time limits and outages. test/session/stores/map-driver.ts is a small driver.
//
// Rules for all methods:
// - A time is in milliseconds, a deadline in milliseconds since 1970 by the clock of the site; the deadline 0 never comes.
// - An entry that does not exist is no error. An error means that the system failed; problemOf() explains it.
// - The engine gives a call CALL_TIMEOUT_MS. Then its request fails, and the driver gets onTimeout(); the call itself may go on.
// - If the answer of a call is lost, the engine makes the same call again, except release() and quarantine().

import type { Problem } from '../../../diagnostics/problem.ts';
import type { MaybePromise, Outcome } from '../../session-store.ts';

/** A lock ends this many milliseconds after its acquisition or last renewal. */
export const LEASE_MS = 3000;

/** The key of the entry with the secret that signs session ids. */
export const SECRET_KEY = 'secret';

/** The entry of a driver under one key. Expired entries are returned as well, because the engine compares the deadline. */
export interface DriverEntry {
  /** The content; '' if the system has something under the key that is no text (a folder, bytes that are no UTF-8). */
  readonly text: string;
  readonly deadline: number;
}

/** One acquisition of the lock of a key: the parameter of each acquire() call until the lock is held or the request gives up. */
export interface Acquisition {
  readonly key: string;
  /** Unique in all processes. Letters, digits, `-`, `_` and `:`, at most 64 characters. */
  readonly token: string;
  /** The page that wants the lock, for the error of a request that waits too long. At most 200 characters, without U+0000. */
  readonly page: string;
  /** False: no entry will be created under the key, so a driver may answer 'absent' instead of giving a lock. */
  readonly mayCreate: boolean;
}

/** A lock that is held. */
export interface HeldLock {
  readonly kind: 'held';
  readonly acquisition: Acquisition;
  /** The entry, read under the lock; undefined if there is none. */
  readonly entry: DriverEntry | undefined;
  /** The value by which the driver recognizes its lock or the unchanged entry when it writes (a version, the target of a link). */
  readonly fence: unknown;
}

/** The result of acquire(). */
export type AcquireResult =
  | HeldLock
  /** There is no entry, and the acquisition creates none: no lock is held. */
  | { readonly kind: 'absent' }
  /** Another acquisition holds the lock. `page` and `held_ms`: whose, and for how long, if the driver knows. */
  | { readonly kind: 'taken'; readonly page?: string | undefined; readonly held_ms?: number | undefined };

/** The change that a release makes to the entry. */
export type EntryChange =
  /** No change. The outcome is 'done'. */
  | { readonly kind: 'keep' }
  /** Sets the deadline. If there is no entry, the outcome is 'gone'. */
  | { readonly kind: 'touch'; readonly deadline: number }
  /** Writes the entry. If `replaces` is true and there is no entry to replace, the outcome is 'gone'. */
  | { readonly kind: 'put'; readonly entry: DriverEntry; readonly replaces: boolean }
  /** Removes the entry. */
  | { readonly kind: 'remove' };

/** A system that keeps entries. */
export interface StoreDriver {
  /** The reach of its locks: all processes that share the store, this process, or none (the last write wins). */
  readonly lock: 'store' | 'process' | 'none';
  /** The text in front of the `:` of every token of this process, for a driver that must know it. It is another one in each process. */
  readonly processName?: string;

  /**
   * Tries to acquire a lock without waiting, and reads the entry. One round trip if the lock is free. If the acquisition already
   * holds the lock, the result is the same lock.
   */
  acquire(acquisition: Acquisition): MaybePromise<AcquireResult>;
  /**
   * Makes a change and releases the lock, in one round trip. The lock must be compared in the same operation as the write: if
   * another acquisition has got it, or has changed the entry since, nothing is written and the outcome is 'lost'. A lease that
   * has expired counts as held while neither has happened.
   */
  release(held: HeldLock, change: EntryChange): MaybePromise<Outcome>;
  /** Prolongs leases to LEASE_MS from now, if they are still held. Missing: locks of this driver do not expire. */
  renew?(held: readonly HeldLock[]): MaybePromise<void>;
  /**
   * Waits until the holder hands its lock over, `milliseconds` at most; undefined if it did not. The signal aborts the wait with a
   * Problem 'session-visitor-left'. Missing: the engine calls acquire() again after a pause of 1 to 16 ms.
   */
  awaitHandover?(
    acquisition: Acquisition,
    milliseconds: number,
    signal: AbortSignal | undefined,
  ): Promise<HeldLock | undefined>;
  /**
   * The request has given up: takes the acquisition out of the queue, and releases its lock if it has got it meanwhile. If the
   * call fails, it is repeated when the server is available again. Missing: a lock that arrives too late is released.
   */
  cancel?(acquisition: Acquisition): MaybePromise<void>;

  /** Reads an entry without a lock, in one round trip. */
  load(key: string): MaybePromise<DriverEntry | undefined>;
  /** Creates an entry without a lock. Returns false if there is one already, which is left alone. */
  add(key: string, entry: DriverEntry): MaybePromise<boolean>;
  /** Sets the deadline without a lock. Returns false if there is no entry with the deadline `from`. */
  touch(key: string, deadline: number, from: number): MaybePromise<boolean>;
  /** Removes an entry without a lock. */
  remove(key: string): MaybePromise<void>;

  /** Merges `text` with the changes of other processes since the entry was read. For locks that do not reach other processes. */
  merged?(held: HeldLock, text: string): MaybePromise<string>;
  /** Moves the locked entry to another key with another deadline, and releases the lock. Missing: the engine copies the text. */
  quarantine?(held: HeldLock, key: string, deadline: number): MaybePromise<Outcome>;

  /**
   * All entries, each once, in any order, read in small steps. An entry that is removed meanwhile is left out. `beginning` allows
   * a driver to leave out keys that do not begin with it.
   */
  list(beginning: string): AsyncIterable<ListedDriverEntry>;
  /** The approximate number of entries. Missing: it cannot be known without reading them. */
  size?(): MaybePromise<number | undefined>;

  /**
   * Removes the entries of one step (0 to sweepSteps - 1) whose deadline is `now` or before, except locked ones. Returns how many.
   * The signal ends a long step early. Missing: the system removes expired entries itself. The sweep of an operator goes through
   * the list then.
   */
  sweep?(step: number, now: number, signal: AbortSignal | undefined): MaybePromise<number>;
  /** The number of steps of a whole sweep. Missing: 1. */
  readonly sweepSteps?: number;
  /** The most entries that a step removes. A step that removed as many is repeated soon. */
  readonly sweepLimit?: number | undefined;
  /** True: a sweep reads every entry, so that one process sweeps for all. */
  readonly sweepsAlone?: boolean;

  /** The name of the server that has a key, for messages. An outage of one server is no outage of the others. Missing: there is one. */
  serverOf?(key: string): string;
  /** A call about a key has timed out. A driver may reconnect. */
  onTimeout?(key: string): void;
  /** True if the call that failed with this error was never sent. Such a call is repeated, also a release. */
  isUnsent?(error: unknown): boolean;
  /**
   * The meaning of an error of the system: 'session-store-unavailable' if it cannot be reached or cannot work now,
   * 'session-store-failed' if it cannot write, or a Problem of the driver's own. `method` is the name of the method that failed.
   */
  problemOf(error: unknown, method: string): Problem;
  close(): MaybePromise<void>;
}

/** An entry of a listing. */
export interface ListedDriverEntry {
  readonly key: string;
  readonly entry: DriverEntry;
  /** Its size in bytes, if that is not the length of the text. */
  readonly size?: number;
}
