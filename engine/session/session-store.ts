// The interface of a store. Its comments are the contract, and test/session/stores/contract.ts holds every store to it. A store
// keeps contents with deadlines under keys and gives locks; it does not know what a content means. The key of a session is the
// SHA-256 of its id, hexadecimal. Deadlines and other times are milliseconds since 1970; a deadline of 0 never comes.

/** A value, or a promise of it. A value that is available at once is never wrapped in a promise. */
export type MaybePromise<T> = T | Promise<T>;

/** The state of a key in a store. An entry past its deadline is absent, even if the store has not removed it yet. */
export type EntryState<Content> =
  | { readonly state: 'live'; readonly content: Content; readonly deadline: number }
  /** A tombstone: the visitor closed the session or moved it to another id. `since`: when, if the store can tell. */
  | { readonly state: 'retired'; readonly since?: number | undefined }
  /** A tombstone: an operator removed the session, or the store evicted it. */
  | { readonly state: 'removed' }
  | { readonly state: 'absent' };

/** The change that a store makes to an entry when its lock is released. */
export type Change<Content> =
  /** Changes nothing. */
  | { readonly kind: 'keep' }
  /** Sets the deadline of a live entry; its content is not written again. 'gone' if the entry is not live. */
  | { readonly kind: 'touch'; readonly deadline: number }
  /** Replaces the content and the deadline of a live entry. 'gone' if the entry is not live. */
  | { readonly kind: 'write'; readonly content: Content; readonly deadline: number }
  /** Puts an entry under a key that has none. */
  | { readonly kind: 'create'; readonly content: Content; readonly deadline: number }
  /** Puts a tombstone, even if there was no entry: the key is 'retired' until then and absent afterwards. */
  | { readonly kind: 'retire'; readonly until: number }
  /**
   * Puts the content under the key `to`, and a tombstone ('retired') in place of the entry. Readers never miss both: the new
   * entry exists before the tombstone does. If the entry is not live, nothing is put: 'gone'.
   */
  | {
      readonly kind: 'move';
      readonly to: string;
      readonly content: Content;
      readonly deadline: number;
      readonly until: number;
    }
  /** As 'retire', but the key is 'removed'. */
  | { readonly kind: 'remove'; readonly until: number }
  /** Puts an entry that cannot be read where an operator finds it; the key is absent afterwards. */
  | { readonly kind: 'quarantine' };

/**
 * The result of a change. 'gone': the entry was no longer live. 'lost': another request had acquired the lock meanwhile. In both
 * cases nothing was written.
 */
export type Outcome = 'done' | 'gone' | 'lost';

/** The lock of one key. Until its release, no other request changes the entry, in any process that shares the store. */
export interface StoreLock<Content> {
  /** The entry, read after the lock was acquired. */
  readonly entry: EntryState<Content>;
  /** Makes the change if the lock is still held, and releases the lock in any case. Called once. */
  release(change: Change<Content>): MaybePromise<Outcome>;
}

/** A request for a lock. */
export interface LockRequest {
  /** The page that asks. A request that waits in vain for this one names it in its error. At most 200 characters. */
  readonly page: string;
  /** Seconds that the request waits, its time in the queue included. Then the store throws the Problem 'session-locked'. */
  readonly timeoutSeconds: number;
  /** Seconds of it that have passed in the queue of this process. Default: 0. */
  readonly waitedSeconds?: number;
  /** Whether the request may create an entry under the key. If not, a store may skip the lock of an absent key. Default: true. */
  readonly mayCreate?: boolean;
  /** When it is aborted, the wait ends with the Problem 'session-visitor-left'. */
  readonly signal?: AbortSignal | undefined;
}

/** One entry of a listing. */
export interface ListedEntry<Content> {
  readonly key: string;
  /** undefined: the content cannot be read. */
  readonly content: Content | undefined;
  readonly deadline: number;
  /** Bytes; undefined: the store does not know. */
  readonly size: number | undefined;
}

/** A store. Its methods throw only if the system failed; an absent entry is no error. */
export interface SessionStore<Content> {
  /** Which requests a lock excludes: requests of all processes that share the store, of this process, or none. */
  readonly lock: 'store' | 'process' | 'none';
  /** true: contents are texts. false: contents are live values, and a change of such a value needs no write. */
  readonly serialized: boolean;
  /**
   * The secret of the MACs in ids, the same for all processes that share the store. After the store was emptied there is another
   * one. Each process learns of it within seconds, and before it acquires the lock of an absent key with `mayCreate`.
   */
  readonly secret: Uint8Array;
  /** Acquires the lock of a key and reads its entry. Within one process, only the head of the queue of a key calls this. */
  acquire(key: string, request: LockRequest): MaybePromise<StoreLock<Content>>;
  /** Reads an entry without its lock. */
  read(key: string): MaybePromise<EntryState<Content>>;
  /**
   * Sets the deadline of a live entry without its lock.
   * @param from the deadline that the request knows. A store outside the process does nothing if another request has set one.
   * @returns whether the entry is live
   */
  touch(key: string, deadline: number, from: number): MaybePromise<boolean>;
  /** Puts an entry under a key that no other request knows yet. */
  create(key: string, content: Content, deadline: number): MaybePromise<void>;
  /**
   * The live entries, each once, in any order, fetched in small portions because there may be millions. An entry that is removed
   * meanwhile may be left out.
   * @param prefix a hint: a store that finds keys by their beginning without reading other contents gives only those
   */
  list(prefix?: string): AsyncIterable<ListedEntry<Content>>;
  /** The approximate number of entries, if the store knows it without reading their contents. */
  size?(): MaybePromise<number | undefined>;
  /** The number of small steps in which a sweep goes over the whole store. */
  readonly sweepSteps: number;
  /**
   * Removes expired entries.
   * @param step from 0 to sweepSteps - 1
   * @param signal when it is aborted, a long step ends early
   * @returns the number of removed entries
   */
  sweep(step: number, signal?: AbortSignal): MaybePromise<number>;
  /** The number of entries that one step removes at most. A step that reaches it is repeated soon. Default: no limit. */
  readonly sweepLimit?: number | undefined;
  /**
   * For stores whose sweep costs time for every entry: acquires the right to sweep in the background, which one process holds
   * until it closes the store or dies. An operator's sweep needs no right.
   * @returns whether this process has it
   */
  acquireSweepLock?(): MaybePromise<boolean>;
  /** Whether the system removes expired entries by itself, so that there is no sweep in the background. Default: false. */
  readonly removesExpired?: boolean | undefined;
  close(): MaybePromise<void>;
}

/** A store of live values that evicts entries. An evicted key is 'removed' for as long as the store remembers it. */
export interface EvictingStore {
  /**
   * Protects an entry from eviction while a request works with it.
   * @param hasReturned whether the request brought the cookie of the session: entries without such a request are evicted first
   * @returns false: there is no live entry
   */
  pin(key: string, hasReturned: boolean): boolean;
  unpin(key: string): void;
  /** Sets the number of entries that the store keeps at most. */
  setMaxEntries(entries: number): void;
}

/** The parts of an entry that the client lacks, as sealed texts: the whole entry, or only its deadlines, or nothing. */
export interface Outgoing {
  readonly entry?: string;
  readonly term?: string;
  /** Notes that the client gets it. */
  sent(): void;
}

/** A store of one request, with the one entry that came in its cookies. Changes reach the client with the response, or never. */
export interface ClientStore extends SessionStore<string> {
  /** The content that came with the request, if it could be opened. */
  readonly presented: string | undefined;
  /** Whether an entry came under this key that cannot be opened, has expired or is superseded: its id is not fresh. */
  refuses(key: string): boolean;
  /** When the browser removes the cookie that came; 0: when the browser closes. */
  readonly until: number;
  /** The texts to send so that the browser keeps the entry until then; undefined: there is no entry under the key. */
  outgoing(key: string, until: number): Promise<Outgoing | undefined>;
  /** Whether something has been sent to the client. */
  readonly hasSent: boolean;
}

/**
 * Makes the store of one request.
 * @param header the request's Cookie header
 * @param name the name of the session cookie
 */
export type OpenClientStore = (header: string | undefined, name: string) => ClientStore;
