// Entries in the order of their use, in two segments (a segmented LRU): those whose cookie has come back are protected,
// nine tenths of the places at most; the others are evicted first. Which entry may be evicted at all is the store's to say.

import { LRUCache } from 'lru-cache';

/** What an entry must have. */
export interface Placed {
  /** Which segment it is in; set here alone. */
  isProtected: boolean;
}

/** Of the places, so many tenths may be protected. */
const PROTECTED_TENTHS = 9;

export class SegmentedLru<Entry extends Placed> {
  readonly #unprotected = ordered<Entry>();
  readonly #protected = ordered<Entry>();
  #mostProtected: number;

  constructor(places: number) {
    this.#mostProtected = protectedPlaces(places);
  }

  get size(): number {
    return this.#unprotected.size + this.#protected.size;
  }

  /** The entry, which is the most recently used one of its segment then. */
  get(key: string): Entry | undefined {
    return this.#protected.get(key) ?? this.#unprotected.get(key);
  }

  /** The entry; the order stays. */
  peek(key: string): Entry | undefined {
    return this.#protected.peek(key) ?? this.#unprotected.peek(key);
  }

  /** Puts an entry into the segment that it names. */
  set(key: string, entry: Entry): void {
    this.delete(key);
    if (entry.isProtected) this.protect(key, entry);
    else this.#unprotected.set(key, entry);
  }

  /** The entry is protected from now on. Where there are too many, the least recently used one no longer is. */
  protect(key: string, entry: Entry): void {
    this.#unprotected.delete(key);
    entry.isProtected = true;
    this.#protected.set(key, entry);
    this.#demote();
  }

  delete(key: string): void {
    if (!this.#unprotected.delete(key)) this.#protected.delete(key);
  }

  /** How many places there are from now on. */
  limit(places: number): void {
    this.#mostProtected = protectedPlaces(places);
    this.#demote();
  }

  /** In the order of eviction: unprotected ones first, the least recently used one first. */
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

/** It must not evict by itself, since entries of running requests stay. */
function ordered<Entry extends object>(): LRUCache<string, Entry> {
  return new LRUCache<string, Entry>({ maxSize: Number.MAX_SAFE_INTEGER, sizeCalculation: () => 1 });
}

function protectedPlaces(places: number): number {
  return Math.floor((places * PROTECTED_TENTHS) / 10);
}
