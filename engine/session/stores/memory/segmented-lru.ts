// Entries in the order of their last use, in two segments (a segmented LRU cache): entries whose cookie has come back are
// protected, nine tenths of all places at most, and the others are evicted first. The store decides which of them it evicts.

import { LRUCache } from 'lru-cache';

/** An entry of such a cache. */
export interface SegmentedEntry {
  /** The segment that the entry is in; only the cache sets it. */
  isProtected: boolean;
}

/** The tenths of all places that may be protected. */
const PROTECTED_TENTHS = 9;

export class SegmentedLru<Entry extends SegmentedEntry> {
  readonly #unprotected = unlimited<Entry>();
  readonly #protected = unlimited<Entry>();
  #mostProtected: number;

  constructor(places: number) {
    this.#mostProtected = protectedPlaces(places);
  }

  get size(): number {
    return this.#unprotected.size + this.#protected.size;
  }

  /** An entry, which becomes the most recently used one of its segment. */
  get(key: string): Entry | undefined {
    return this.#protected.get(key) ?? this.#unprotected.get(key);
  }

  /** An entry, without a change of the order. */
  peek(key: string): Entry | undefined {
    return this.#protected.peek(key) ?? this.#unprotected.peek(key);
  }

  /** Puts an entry into the segment that it names. */
  set(key: string, entry: Entry): void {
    this.delete(key);
    if (entry.isProtected) this.protect(key, entry);
    else this.#unprotected.set(key, entry);
  }

  /** Protects an entry. If there are too many protected ones then, the least recently used one loses its protection. */
  protect(key: string, entry: Entry): void {
    this.#unprotected.delete(key);
    entry.isProtected = true;
    this.#protected.set(key, entry);
    this.#demote();
  }

  delete(key: string): void {
    if (!this.#unprotected.delete(key)) this.#protected.delete(key);
  }

  /** Changes the number of places. */
  limit(places: number): void {
    this.#mostProtected = protectedPlaces(places);
    this.#demote();
  }

  /** The keys in the order of eviction: unprotected ones first, and of each segment the least recently used one first. */
  *keys(): Generator<string, undefined> {
    yield* this.#unprotected.rkeys();
    yield* this.#protected.rkeys();
  }

  *entries(): Generator<[string, Entry], undefined> {
    yield* this.#protected.entries();
    yield* this.#unprotected.entries();
  }

  clear(): void {
    this.#unprotected.clear();
    this.#protected.clear();
  }

  #demote(): void {
    while (this.#protected.size > this.#mostProtected) {
      const { value: key } = this.#protected.rkeys().next();
      const entry = this.#protected.pop();
      if (key === undefined || entry === undefined) return;
      entry.isProtected = false;
      this.#unprotected.set(key, entry);
    }
  }
}

/** A cache that does not evict by itself, because entries of running requests stay. */
function unlimited<Entry extends object>(): LRUCache<string, Entry> {
  return new LRUCache<string, Entry>({ maxSize: Number.MAX_SAFE_INTEGER, sizeCalculation: () => 1 });
}

function protectedPlaces(places: number): number {
  return Math.floor((places * PROTECTED_TENTHS) / 10);
}
