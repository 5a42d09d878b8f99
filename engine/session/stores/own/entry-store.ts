// The interface of a site's own store: texts with deadlines under keys. The drivers of this folder and the engine over them
// (locking/) make locks, tombstones, merging and the secret of it. These comments are its documentation.

import type { MaybePromise } from '../../session-store.ts';

/** An entry as a store keeps it. `load` returns it exactly as it was saved. */
export interface StoreEntry {
  /** Any text without U+0000. */
  readonly text: string;
  /**
   * Milliseconds since 1970; 0: never. The store may remove the entry at this time, not before. It may also continue to return
   * it, because the engine compares the deadline itself.
   */
  readonly deadline: number;
}

interface AnyEntryStore {
  /** The entry under a key; undefined or null if there is none. Keys have at most 80 lower-case letters, digits and dots. */
  load(key: string): MaybePromise<StoreEntry | null | undefined>;
  /**
   * Every entry with its key, for `karrigell sessions` and for the removal of expired entries. If a store has no `list`,
   * `karrigell sessions` is an error, and the store must remove expired entries itself.
   */
  list?:
    | (() => Iterable<readonly [string, StoreEntry]> | AsyncIterable<readonly [string, StoreEntry]>)
    | undefined;
  /**
   * Removes some of the entries whose deadline is neither 0 nor after `now` (milliseconds since 1970), and returns their number.
   * It is called every few seconds. It is for a store of many thousands of entries that finds the expired ones by an index.
   */
  sweep?(now: number): MaybePromise<number>;
  /** Closes connections and files of the store. Called when the site ends. */
  close?(): unknown;
}

/** A store that can compare and set. Its lock reaches all processes and machines that share it. */
export interface LockingEntryStore extends AnyEntryStore {
  readonly lock: 'store';
  /**
   * Replaces an entry in one atomic step. If the entry under the key is exactly `before` (same text and deadline; undefined:
   * there is none), it becomes `after` (undefined: it is removed), and the result is true. Otherwise nothing changes, and
   * the result is false.
   */
  replace(key: string, before: StoreEntry | undefined, after: StoreEntry | undefined): MaybePromise<boolean>;
}

/** A store that cannot compare. Of two processes that write one attribute at the same time the last one wins. */
export interface PlainEntryStore extends AnyEntryStore {
  /**
   * 'process': `load` returns the entry that this process saved last, so the lock reaches all requests of this process. 'none':
   * `load` may return an older entry (a cache, a replica), so the last write wins within this process, too.
   */
  readonly lock: 'process' | 'none';
  /** Stores an entry under a key, in place of an earlier one. */
  save(key: string, entry: StoreEntry): unknown;
  /** Moves the deadline of an entry whose text is unchanged. If a store has no `touch`, `save` is called instead. */
  touch?(key: string, entry: StoreEntry): unknown;
  /** Removes the entry under a key, if there is one. */
  delete(key: string): unknown;
}

/**
 * The store that a site's own module returns. Its methods may be asynchronous.
 *
 * If a method throws an error with the code 'session-store-unavailable' or that of a failed connection (ECONNREFUSED, …), or
 * does not end within 1.5 seconds, the store is unavailable: requests get 503. Any other error is a 500. A `save`, `touch`
 * or `delete` that continues after its 503 may still write, so requests that change the same entry wait for its end, and get
 * 503 if it does not end. Therefore each call must end, if necessary with an error.
 */
export type EntryStore = LockingEntryStore | PlainEntryStore;
