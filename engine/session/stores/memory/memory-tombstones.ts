// Tombstones of the memory store: keys whose entries have ended, in the order in which they were added.

interface MemoryTombstone {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
}

export class MemoryTombstones {
  readonly #byKey = new Map<string, MemoryTombstone>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#byKey.size;
  }

  add(key: string, until: number): void {
    this.#byKey.delete(key);
    this.#byKey.set(key, { since: this.#now(), until });
  }

  /** When the entry of a key ended; undefined if the key has no tombstone. An expired tombstone is removed. */
  sinceOf(key: string): number | undefined {
    const tombstone = this.#byKey.get(key);
    if (tombstone === undefined) return undefined;
    if (tombstone.until > this.#now()) return tombstone.since;
    this.#byKey.delete(key);
    return undefined;
  }

  /**
   * Removes tombstones from the oldest on, as long as they have expired or there are more than `most`, but at most `step`.
   * An expired tombstone behind one that has not expired waits for it: tombstones last for minutes.
   */
  trim(most: number, step: number): void {
    const now = this.#now();
    let left = step;
    for (const [key, { until }] of this.#byKey) {
      if (left-- === 0 || (this.#byKey.size <= most && until > now)) return;
      this.#byKey.delete(key);
    }
  }

  clear(): void {
    this.#byKey.clear();
  }
}
