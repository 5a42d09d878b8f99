// Sessions in this process, live: any value, no copies, no lock. lru-cache keeps the order of use; it must not evict
// by itself, since sessions of running requests stay and tombstones are not counted, so eviction is done here.

import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { removedUntil } from '../lifetime.ts';
import type {
  Change,
  EvictingStore,
  Found,
  Outcome,
  SessionStore,
  StoredEntry,
  StoreTurn,
} from '../store.ts';
import { Walk } from './walk.ts';

interface Entry<Content> {
  content: Content;
  deadline: number;
  /** How many running requests work with it. */
  pins: number;
}

const RETIRED: { readonly state: 'retired' } = { state: 'retired' };
const REMOVED: { readonly state: 'removed' } = { state: 'removed' };
const ABSENT: { readonly state: 'absent' } = { state: 'absent' };

/** How many entries one step of a sweep looks at, and how many tombstones. */
const SWEEP_ENTRIES = 500;

/** Keeps at most `max` entries; the least recently used ends when one more begins. */
export class MemoryStore<Content> implements SessionStore<Content>, EvictingStore {
  readonly lock = 'process';
  readonly keeps = 'values';
  readonly shared = false;
  readonly secret = randomBytes(32);
  readonly sweepLimit = SWEEP_ENTRIES;
  readonly #now: () => number;
  readonly #entries = new LRUCache<string, Entry<Content>>({
    maxSize: Number.MAX_SAFE_INTEGER,
    sizeCalculation: () => 1,
  });
  readonly #retired = new Map<string, number>();
  /** As many as entries at most, since whoever begins sessions makes them: the oldest go first. */
  readonly #removed = new Map<string, number>();
  #max: number;
  /** Least recently used entries first. */
  readonly #overEntries = new Walk(SWEEP_ENTRIES, () => this.#entries.rkeys());
  readonly #overRetired = new Walk(SWEEP_ENTRIES, () => this.#retired.keys());

  constructor(max: number, now: () => number) {
    this.#max = max;
    this.#now = now;
  }

  take(key: string): StoreTurn<Content> {
    return new MemoryTurn(this, key, this.read(key));
  }

  read(key: string): Found<Content> {
    const entry = this.#live(key);
    if (entry !== undefined) return { state: 'live', content: entry.content, deadline: entry.deadline };
    if (this.#isKnown(this.#retired, key)) return RETIRED;
    return this.#isKnown(this.#removed, key) ? REMOVED : ABSENT;
  }

  touch(key: string, deadline: number): boolean {
    const entry = this.#live(key);
    if (entry !== undefined) entry.deadline = deadline;
    return entry !== undefined;
  }

  create(key: string, content: Content, deadline: number): void {
    this.#entries.set(key, { content, deadline, pins: 0 });
    if (this.#entries.size > this.#max) this.#evict(key);
  }

  async *list(): AsyncGenerator<StoredEntry<Content>> {
    for (const [key, entry] of [...this.#entries.entries()]) {
      if (this.#isOver(entry)) continue;
      yield { key, content: entry.content, deadline: entry.deadline, size: undefined };
    }
  }

  size(): number {
    return this.#entries.size;
  }

  pin(key: string): boolean {
    const entry = this.#live(key);
    if (entry !== undefined) entry.pins++;
    return entry !== undefined;
  }

  unpin(key: string): void {
    const entry = this.#entries.peek(key);
    if (entry !== undefined && entry.pins > 0) entry.pins--;
    if (this.#entries.size > this.#max) this.#evict();
  }

  limit(entries: number): void {
    this.#max = entries;
    this.#evict();
  }

  get sweepSteps(): number {
    return Math.ceil(Math.max(this.#entries.size, this.#retired.size, 1) / SWEEP_ENTRIES);
  }

  sweep(step: number): number {
    const before = this.#entries.size + this.#retired.size;
    const now = this.#now();
    this.#overEntries.step(step > 0, (key) => {
      const entry = this.#entries.peek(key);
      if (entry !== undefined && this.#isOver(entry)) this.#entries.delete(key);
    });
    this.#overRetired.step(step > 0, (key) => {
      if ((this.#retired.get(key) ?? 0) <= now) this.#retired.delete(key);
    });
    return before - this.#entries.size - this.#retired.size;
  }

  close(): void {
    this.#entries.clear();
    this.#retired.clear();
    this.#removed.clear();
  }

  /** What the turn of a key ends with. */
  commit(key: string, change: Change<Content>): Outcome {
    switch (change.kind) {
      case 'keep':
        return 'done';
      case 'touch':
        return this.touch(key, change.deadline) ? 'done' : 'gone';
      case 'write':
        return this.#replace(key, change.content, change.deadline);
      case 'create':
        this.create(key, change.content, change.deadline);
        return 'done';
      case 'end':
        this.#retire(key, change.until);
        return 'done';
      case 'move':
        if (this.#live(key) === undefined) return 'gone';
        this.#retire(key, change.until);
        this.create(change.to, change.content, change.deadline);
        return 'done';
      case 'remove':
        this.#remove(key, change.until);
        return 'done';
      case 'set-aside':
        this.#entries.delete(key);
        return 'done';
    }
  }

  #replace(key: string, content: Content, deadline: number): Outcome {
    const entry = this.#live(key);
    if (entry === undefined) return 'gone';
    entry.content = content;
    entry.deadline = deadline;
    return 'done';
  }

  #retire(key: string, until: number): void {
    this.#entries.delete(key);
    this.#retired.set(key, until);
  }

  #remove(key: string, until: number): void {
    this.#entries.delete(key);
    this.#removed.set(key, until);
    const now = this.#now();
    for (const [oldest, itsUntil] of this.#removed) {
      if (this.#removed.size <= this.#max && itsUntil > now) return;
      this.#removed.delete(oldest);
    }
  }

  #isKnown(tombstones: Map<string, number>, key: string): boolean {
    const until = tombstones.get(key);
    if (until === undefined) return false;
    if (until > this.#now()) return true;
    tombstones.delete(key);
    return false;
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

  /** Ends the least recently used entries that nobody works with, down to the limit; never the one that begins. */
  #evict(begun?: string): void {
    for (const key of this.#entries.rkeys()) {
      if (this.#entries.size <= this.#max) return;
      const isIdle = this.#entries.peek(key)?.pins === 0 && key !== begun;
      if (isIdle) this.#remove(key, removedUntil(this.#now()));
    }
  }
}

/** Nothing but what it needs: one is made for each request. */
class MemoryTurn<Content> implements StoreTurn<Content> {
  readonly found: Found<Content>;
  readonly #store: MemoryStore<Content>;
  readonly #key: string;

  constructor(store: MemoryStore<Content>, key: string, found: Found<Content>) {
    this.#store = store;
    this.#key = key;
    this.found = found;
  }

  commit(change: Change<Content>): Outcome {
    return this.#store.commit(this.#key, change);
  }
}
