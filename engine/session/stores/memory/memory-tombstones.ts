// Keys whose entries are gone, each until its time. In the order in which they were added.

interface Tombstone {
  readonly since: number;
  readonly until: number;
}

export class MemoryTombstones {
  readonly #stones = new Map<string, Tombstone>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#stones.size;
  }

  add(key: string, until: number): void {
    this.#stones.set(key, { since: this.#now(), until });
  }

  /** Whether one stands for the key; one whose time is over is removed. */
  has(key: string): boolean {
    return this.sinceOf(key) !== undefined;
  }

  /** Since when one stands for the key; undefined: none does. */
  sinceOf(key: string): number | undefined {
    const stone = this.#stones.get(key);
    if (stone === undefined) return undefined;
    if (stone.until > this.#now()) return stone.since;
    this.#stones.delete(key);
    return undefined;
  }

  /** Removes the oldest: those whose time is over, and as many as there are more than `most`. */
  trim(most: number): void {
    const now = this.#now();
    for (const [oldest, { until }] of this.#stones) {
      if (this.#stones.size <= most && until > now) return;
      this.#stones.delete(oldest);
    }
  }

  keys(): Iterator<string> {
    return this.#stones.keys();
  }

  clear(): void {
    this.#stones.clear();
  }
}
