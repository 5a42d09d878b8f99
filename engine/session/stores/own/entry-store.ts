// The small interface of a site's own store: texts with deadlines under keys. Locks, tombstones, merging and the secret are
// made of it by the drivers of this folder and the engine over them (locking/). These comments are its documentation.

import type { MaybePromise } from '../../session-store.ts';

/** What is kept under a key. It comes back as it was saved, to the last character and millisecond. */
export interface StoreEntry {
  /** Without U+0000. */
  readonly text: string;
  /**
   * Milliseconds since 1970; 0: never. From then on the store may drop it, not before. It may go on giving it, too:
   * karrigell looks at the deadline itself.
   */
  readonly deadline: number;
}

interface AnyEntryStore {
  /** The entry under a key; undefined or null where none is. Keys have at most 80 lower-case letters, digits and dots. */
  load(key: string): MaybePromise<StoreEntry | null | undefined>;
  /**
   * Every entry with its key, for `karrigell sessions` and for the removal of expired entries. Without it the first is an
   * error, and the store has to see to the second by itself.
   */
  list?:
    | (() => Iterable<readonly [string, StoreEntry]> | AsyncIterable<readonly [string, StoreEntry]>)
    | undefined;
  /**
   * Removes some entries whose deadline is not after `now`, and says how many; called every few seconds. Give it to a
   * store of many thousands that finds them without looking at all others.
   */
  sweep?(now: number): MaybePromise<number>;
  /** The site has ended. */
  close?(): unknown;
}

/** A store that can compare and set: requests of one session wait for each other in all processes and machines that share it. */
export interface LockingEntryStore extends AnyEntryStore {
  readonly lock: 'store';
  /**
   * In one atomic step: if under the key is still exactly `before` (text and deadline; undefined: nothing), puts `after`
   * there (undefined: removes it) and gives true; else changes nothing and gives false.
   */
  replace(key: string, before: StoreEntry | undefined, after: StoreEntry | undefined): MaybePromise<boolean>;
}

/** A store that cannot: between processes the last write of an attribute wins. */
export interface PlainEntryStore extends AnyEntryStore {
  /**
   * 'process': load() gives what this process saved last, so that requests of one process wait for each other. 'none': it may
   * give something older (a cache, a replica), so that the last write wins here, too.
   */
  readonly lock: 'process' | 'none';
  /** Puts an entry there, over the one that is there. */
  save(key: string, entry: StoreEntry): unknown;
  /** As save(), where only the deadline differs from what is there: the text need not be written again. */
  touch?(key: string, entry: StoreEntry): unknown;
  /** Removes the entry, if there is one. */
  delete(key: string): unknown;
}

/**
 * A store as a site's own module gives it. Methods may be asynchronous. One that throws an error with the code
 * 'session-store-unavailable' (or of a connection that failed: ECONNREFUSED, …), or does not end within 1.5 seconds, is away:
 * 503. Any other error is a 500. A save(), touch() or delete() that goes on after that holds up the requests that are to
 * change the same entry (503) until it ends, since it may still write: let each of them end, with an error where it must.
 */
export type EntryStore = LockingEntryStore | PlainEntryStore;
