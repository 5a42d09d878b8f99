// Keys whose entries are gone, each until its time. In the order in which they were added.

export class Tombstones {
  readonly #until = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#until.size;
  }

  add(key: string, until: number): void {
    this.#until.set(key, until);
  }

  /** Whether one stands for the key; one whose time is over is removed. */
  has(key: string): boolean {
    const until = this.#until.get(key);
    if (until === undefined) return false;
    if (until > this.#now()) return true;
    this.#until.delete(key);
    return false;
  }

  /** Removes the oldest: those whose time is over, and as many as there are more than `most`. */
  trim(most: number): void {
    const now = this.#now();
    for (const [oldest, until] of this.#until) {
      if (this.#until.size <= most && until > now) return;
      this.#until.delete(oldest);
    }
  }

  keys(): Iterator<string> {
    return this.#until.keys();
  }

  clear(): void {
    this.#until.clear();
  }
}
