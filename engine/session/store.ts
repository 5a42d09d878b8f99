// The interface of a store. Its comments are the contract, and test/session/stores/contract.ts holds every store
// to it. A store keeps contents under keys with deadlines and gives locks; what a content means it does not know.

/** A value now, or a promise of it. What can be had at once is never wrapped in a promise. */
export type MaybePromise<T> = T | Promise<T>;

/** What stands under a key. An entry past its deadline is absent, whether it is still kept or not. */
export type Found<Content> =
  | { readonly state: 'live'; readonly content: Content; readonly deadline: number }
  /** Its visitor ended it, and has another one by now. `since`: when, in ms since 1970, from a store that can tell. */
  | { readonly state: 'retired'; readonly since?: number | undefined }
  /** An operator removed it, or the store evicted it. */
  | { readonly state: 'removed' }
  | { readonly state: 'absent' };

/** What becomes of an entry when its lock is released. Deadlines in milliseconds since 1970; 0: never. */
export type Change<Content> =
  /** Nothing changes. */
  | { readonly kind: 'keep' }
  /** Only the deadline moves; the content is not written again. */
  | { readonly kind: 'touch'; readonly deadline: number }
  /** Replaces the content of an entry that is live; one that is not is left alone: 'gone'. */
  | { readonly kind: 'write'; readonly content: Content; readonly deadline: number }
  /** Begins an entry where none was. */
  | { readonly kind: 'create'; readonly content: Content; readonly deadline: number }
  /** Leaves a tombstone, also where no entry was: the key is 'retired' until then, absent afterwards. */
  | { readonly kind: 'end'; readonly until: number }
  /**
   * The content goes on under another key; a tombstone stays here. All or nothing for who looks on: the new entry
   * is there before the old one is retired. An entry that is not live is left alone: 'gone', and nothing begins.
   */
  | {
      readonly kind: 'move';
      readonly to: string;
      readonly content: Content;
      readonly deadline: number;
      readonly until: number;
    }
  /** As 'end', but the key is 'removed'. */
  | { readonly kind: 'remove'; readonly until: number }
  /** The content cannot be read: it is put where an operator finds it, and the key is absent. */
  | { readonly kind: 'quarantine' };

/** 'gone': the entry was no longer live. 'lost': the lock was lost to another. Both: nothing was written. */
export type Outcome = 'done' | 'gone' | 'lost';

/** The lock of one key: nobody else changes its entry, in any process that shares the store, until release(). */
export interface StoreLock<Content> {
  /** The newest state, read under the lock. */
  readonly found: Found<Content>;
  /** Makes the change, if the lock is still ours, and releases the lock in any case. To be called once. */
  release(change: Change<Content>): MaybePromise<Outcome>;
}

/** A request for a lock, and how long it waits. */
export interface LockRequest {
  /** Names the holder in the message to those who wait too long. */
  readonly page: string;
  /** Seconds that it waits; then a Problem 'session-locked'. */
  readonly patience: number;
  /** How many of these seconds went by in the queue of the process, before the store was asked. */
  readonly waited?: number;
  /** False: nothing will begin under this key, so a store may give the lock of an absent one for nothing. */
  readonly begins?: boolean;
  /** Aborted: stop waiting, with a Problem 'session-visitor-left'. */
  readonly signal?: AbortSignal | undefined;
}

/** One entry of a listing. */
export interface StoredEntry<Content> {
  readonly key: string;
  /** undefined: there is one, but it cannot be read. */
  readonly content: Content | undefined;
  readonly deadline: number;
  /** Bytes, where the store knows. */
  readonly size: number | undefined;
}

/** A store. An error that a method throws means that the system failed: absent is no error. */
export interface SessionStore<Content> {
  /** Whose locks it gives: those of everybody who shares it, of this process only, or none. */
  readonly lock: 'store' | 'process' | 'none';
  /** 'values': contents are kept as they are, live. 'text': contents are text. */
  readonly keeps: 'values' | 'text';
  /**
   * What the MACs of ids are made with; the same for all who share the store. One that has been emptied gets another, which
   * all of them know soon, and each of them before it gives the lock of an absent key to a request that may begin there.
   */
  readonly secret: Uint8Array;
  /** Waits for the lock of a key and reads it. In one process only one at a time asks for a key (queues.ts). */
  acquire(key: string, request: LockRequest): MaybePromise<StoreLock<Content>>;
  /** Reads without a lock. */
  read(key: string): MaybePromise<Found<Content>>;
  /**
   * Moves the deadline of a live entry without a lock; whether there is one. A store outside the process leaves one alone that
   * is not `from` any more: another request has moved it.
   */
  touch(key: string, deadline: number, from: number): MaybePromise<boolean>;
  /** Begins an entry under a key that nobody else knows yet. */
  create(key: string, content: Content, deadline: number): MaybePromise<void>;
  /**
   * The live entries, each once, in no order, fetched in small steps: there may be millions. What vanishes meanwhile is
   * left out, and no error. A beginning of keys is a hint: a store that finds those keys without reading the contents of
   * all others gives no others; one that cannot may give all, and whoever asked looks again.
   */
  list(beginning?: string): AsyncIterable<StoredEntry<Content>>;
  /** About how many entries there are, from a store that can tell without reading their contents. */
  size?(): MaybePromise<number | undefined>;
  /** Into how many small steps a sweep is cut. */
  readonly sweepSteps: number;
  /**
   * Does one step (0 to sweepSteps - 1): removes what is past its deadline; how many entries. The signal is aborted when a
   * long one is to end before its time.
   */
  sweep(step: number, signal?: AbortSignal): MaybePromise<number>;
  /** Stores whose step removes only so many: one that did leaves some, and is to be done again soon. */
  readonly sweepLimit?: number | undefined;
  /**
   * Stores whose sweep costs as much as there are entries: whether the one in the background is this process' to do. Of those
   * who share the store one does it, until it closes or dies. An operator's sweep does not ask.
   */
  sweepsHere?(): MaybePromise<boolean>;
  /** What is over goes by itself: sweep() is for an operator who asks for it, the background has nothing to do. */
  readonly forgets?: boolean | undefined;
  close(): MaybePromise<void>;
}

/** What a store of live values can do that evicts. What was evicted is 'removed', as far as the store remembers. */
export interface EvictingStore {
  /**
   * The entry stays while a request works with it. `hasReturned`: the request brought its cookie, so entries that only began
   * are evicted before it from now on. False: there is none.
   */
  pin(key: string, hasReturned: boolean): boolean;
  unpin(key: string): void;
  /** How many entries there may be from now on. */
  limit(entries: number): void;
}
