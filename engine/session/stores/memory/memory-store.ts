// Sessions as live values in this process: no copies, and no lock that lasts. A segmented LRU cache orders the entries for
// eviction. The store spares those of running requests and the one that has just begun. Tombstones do not count.

import { randomBytes } from 'node:crypto';
import { removedUntil } from '../../request/lifetime.ts';
import type {
  Change,
  EntryState,
  EvictingStore,
  ListedEntry,
  Outcome,
  SessionStore,
  StoreLock,
} from '../../session-store.ts';
import { MemoryTombstones } from './memory-tombstones.ts';
import { type SegmentedEntry, SegmentedLru } from './segmented-lru.ts';

interface MemoryEntry<Content> extends SegmentedEntry {
  content: Content;
  deadline: number;
  /** The number of running requests that work with it. */
  pins: number;
}

type MoveChange<Content> = Extract<Change<Content>, { kind: 'move' }>;

const REMOVED: { readonly state: 'removed' } = { state: 'removed' };
const ABSENT: { readonly state: 'absent' } = { state: 'absent' };

/** How many entries one step of a sweep looks at, and how many tombstones it removes at most. */
const SWEEP_ENTRIES = 500;

/** Keeps at most `max` entries. If one more begins, the first one in the order of eviction ends. */
export class MemoryStore<Content> implements SessionStore<Content>, EvictingStore {
  readonly lock = 'process';
  readonly serialized = false;
  readonly secret = randomBytes(32);
  readonly sweepLimit = SWEEP_ENTRIES;
  readonly #now: () => number;
  readonly #entries: SegmentedLru<MemoryEntry<Content>>;
  readonly #retired: MemoryTombstones;
  /** At most as many as entries, because each session that begins may add one. */
  readonly #removed: MemoryTombstones;
  #max: number;
  /** The keys that the next step of the sweep looks at; undefined: it begins again. */
  #unswept: Iterator<string, undefined> | undefined;

  constructor(max: number, now: () => number) {
    this.#max = max;
    this.#now = now;
    this.#entries = new SegmentedLru(max);
    this.#retired = new MemoryTombstones(now);
    this.#removed = new MemoryTombstones(now);
  }

  acquire(key: string): StoreLock<Content> {
    return new MemoryLock(this, key, this.read(key));
  }

  read(key: string): EntryState<Content> {
    const entry = this.#live(key);
    if (entry !== undefined) return { state: 'live', content: entry.content, deadline: entry.deadline };
    const since = this.#retired.sinceOf(key);
    if (since !== undefined) return { state: 'retired', since };
    return this.#removed.sinceOf(key) === undefined ? ABSENT : REMOVED;
  }

  touch(key: string, deadline: number): boolean {
    const entry = this.#live(key);
    if (entry !== undefined) entry.deadline = deadline;
    return entry !== undefined;
  }

  create(key: string, content: Content, deadline: number): void {
    this.#begin(key, content, deadline, false);
  }

  async *list(): AsyncGenerator<ListedEntry<Content>> {
    for (const [key, entry] of [...this.#entries.entries()]) {
      if (this.#isExpired(entry)) continue;
      yield { key, content: entry.content, deadline: entry.deadline, size: undefined };
    }
  }

  size(): number {
    return this.#entries.size;
  }

  pin(key: string, hasReturned: boolean): boolean {
    const entry = this.#live(key);
    if (entry === undefined) return false;
    entry.pins++;
    if (hasReturned && !entry.isProtected) this.#entries.protect(key, entry);
    return true;
  }

  unpin(key: string): void {
    const entry = this.#entries.peek(key);
    if (entry !== undefined && entry.pins > 0) entry.pins--;
    // The request may be the one that began the entry.
    if (this.#entries.size > this.#max) this.#evict(key);
  }

  setMaxEntries(entries: number): void {
    this.#max = entries;
    this.#entries.limit(entries);
    this.#evict();
  }

  get sweepSteps(): number {
    return Math.ceil(Math.max(this.#entries.size, this.#retired.size, 1) / SWEEP_ENTRIES);
  }

  sweep(step: number): number {
    const before = this.#entries.size + this.#retired.size;
    if (step === 0) this.#unswept = undefined;
    this.#sweepEntries();
    this.#retired.trim(Number.POSITIVE_INFINITY, SWEEP_ENTRIES);
    return before - this.#entries.size - this.#retired.size;
  }

  close(): void {
    this.#entries.clear();
    this.#retired.clear();
    this.#removed.clear();
  }

  /** Makes the change with which the lock of a key is released. */
  commit(key: string, change: Change<Content>): Outcome {
    switch (change.kind) {
      case 'keep':
        return 'done';
      case 'touch':
        return this.touch(key, change.deadline) ? 'done' : 'gone';
      case 'write':
        return this.#replace(key, change.content, change.deadline);
      case 'create':
        // The id is that of a cookie that has come back.
        this.#begin(key, change.content, change.deadline, true);
        return 'done';
      case 'retire':
        this.#retire(key, change.until);
        return 'done';
      case 'move':
        return this.#move(key, change);
      case 'remove':
        this.#remove(key, change.until);
        return 'done';
      case 'quarantine':
        this.#entries.delete(key);
        return 'done';
    }
  }

  #begin(key: string, content: Content, deadline: number, isProtected: boolean): void {
    this.#entries.set(key, { content, deadline, pins: 0, isProtected });
    if (this.#entries.size > this.#max) this.#evict(key);
  }

  #replace(key: string, content: Content, deadline: number): Outcome {
    const entry = this.#live(key);
    if (entry === undefined) return 'gone';
    entry.content = content;
    entry.deadline = deadline;
    return 'done';
  }

  #move(key: string, { to, content, deadline, until }: MoveChange<Content>): Outcome {
    const entry = this.#live(key);
    if (entry === undefined) return 'gone';
    this.#retire(key, until);
    this.#begin(to, content, deadline, entry.isProtected);
    return 'done';
  }

  #retire(key: string, until: number): void {
    this.#entries.delete(key);
    this.#retired.add(key, until);
  }

  #remove(key: string, until: number): void {
    this.#entries.delete(key);
    this.#removed.add(key, until);
    this.#removed.trim(this.#max, Number.POSITIVE_INFINITY);
  }

  #live(key: string): MemoryEntry<Content> | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || !this.#isExpired(entry)) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  #isExpired(entry: MemoryEntry<Content>): boolean {
    return entry.deadline !== 0 && entry.deadline <= this.#now();
  }

  /** Looks at the next entries. Entries that move in the order meanwhile may be left to the next round. */
  #sweepEntries(): void {
    this.#unswept ??= this.#entries.keys();
    for (let seen = 0; seen < SWEEP_ENTRIES; seen++) {
      const { done, value: key } = this.#unswept.next();
      if (done) {
        this.#unswept = undefined;
        return;
      }
      const entry = this.#entries.peek(key);
      if (entry !== undefined && this.#isExpired(entry)) this.#entries.delete(key);
    }
  }

  /** Ends entries down to the limit, but neither pinned ones nor the `spared` one, which has just begun or been used. */
  #evict(spared?: string): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#max) return;
      const isIdle = this.#entries.peek(key)?.pins === 0 && key !== spared;
      if (isIdle) this.#remove(key, removedUntil(this.#now()));
    }
  }
}

/** The lock of one request, which nothing waits for: a class of three fields, because each request makes one. */
class MemoryLock<Content> implements StoreLock<Content> {
  readonly entry: EntryState<Content>;
  readonly #store: MemoryStore<Content>;
  readonly #key: string;

  constructor(store: MemoryStore<Content>, key: string, found: EntryState<Content>) {
    this.#store = store;
    this.#key = key;
    this.entry = found;
  }

  release(change: Change<Content>): Outcome {
    return this.#store.commit(this.#key, change);
  }
}
