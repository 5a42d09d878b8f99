// Sessions in this process, live: any value, no copies, no lock. Which one is evicted first, segments.ts says; that those of
// running requests and the one that begins stay, is seen to here. MemoryTombstones are not counted.

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
import { type Placed, SegmentedLru } from './segmented-lru.ts';
import { Walk } from './walk.ts';

interface Entry<Content> extends Placed {
  content: Content;
  deadline: number;
  /** How many running requests work with it. */
  pins: number;
}

type Move<Content> = Extract<Change<Content>, { kind: 'move' }>;

const REMOVED: { readonly state: 'removed' } = { state: 'removed' };
const ABSENT: { readonly state: 'absent' } = { state: 'absent' };

/** How many entries one step of a sweep looks at, and how many tombstones. */
const SWEEP_ENTRIES = 500;

/** Keeps at most `max` entries; when one more begins, the first in the order of eviction ends. */
export class MemoryStore<Content> implements SessionStore<Content>, EvictingStore {
  readonly lock = 'process';
  readonly serialized = false;
  readonly secret = randomBytes(32);
  readonly sweepLimit = SWEEP_ENTRIES;
  readonly #now: () => number;
  readonly #entries: SegmentedLru<Entry<Content>>;
  readonly #retired: MemoryTombstones;
  /** As many as entries at most, since whoever begins sessions makes them: the oldest go first. */
  readonly #removed: MemoryTombstones;
  #max: number;
  readonly #overEntries = new Walk(SWEEP_ENTRIES, () => this.#entries.keys());
  readonly #overRetired = new Walk(SWEEP_ENTRIES, () => this.#retired.keys());

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
    return this.#removed.has(key) ? REMOVED : ABSENT;
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
      if (this.#isOver(entry)) continue;
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
    // Its request may be the one that began it.
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
    this.#overEntries.step(step > 0, (key) => {
      const entry = this.#entries.peek(key);
      if (entry !== undefined && this.#isOver(entry)) this.#entries.delete(key);
    });
    this.#overRetired.step(step > 0, (key) => this.#retired.has(key));
    return before - this.#entries.size - this.#retired.size;
  }

  close(): void {
    this.#entries.clear();
    this.#retired.clear();
    this.#removed.clear();
  }

  /** The change with which the lock of a key is released. */
  commit(key: string, change: Change<Content>): Outcome {
    switch (change.kind) {
      case 'keep':
        return 'done';
      case 'touch':
        return this.touch(key, change.deadline) ? 'done' : 'gone';
      case 'write':
        return this.#replace(key, change.content, change.deadline);
      case 'create':
        // Under the id of a cookie that has come back.
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

  #move(key: string, { to, content, deadline, until }: Move<Content>): Outcome {
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
    this.#removed.trim(this.#max);
  }

  #live(key: string): Entry<Content> | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || !this.#isOver(entry)) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  #isOver(entry: Entry<Content>): boolean {
    return entry.deadline !== 0 && entry.deadline <= this.#now();
  }

  /** Ends entries that no request works with, down to the limit; not the one that has just begun or been used. */
  #evict(spared?: string): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#max) return;
      const isIdle = this.#entries.peek(key)?.pins === 0 && key !== spared;
      if (isIdle) this.#remove(key, removedUntil(this.#now()));
    }
  }
}

/** Nothing but what it needs: one is made for each request. */
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
