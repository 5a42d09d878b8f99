// A site's own store as the rest of this folder calls it: each call ends within two seconds, fails with a Problem only,
// and gives what the interface says.

import { Problem } from '../../../diagnostics/problem.ts';
import { asked } from '../failure.ts';
import { LateWorks } from '../late-work.ts';
import type { EntryStore, LockingEntryStore, PlainEntryStore, StoreEntry } from './entry-store.ts';

/** What all of them can do. */
export class AskedStore<Store extends EntryStore> {
  /** As the configuration names it. */
  readonly name: string;
  protected readonly store: Store;

  constructor(name: string, store: Store) {
    this.name = name;
    this.store = store;
  }

  async load(key: string): Promise<StoreEntry | undefined> {
    const entry: unknown = await asked(this.name, 'load', () => this.store.load(key));
    return entry === undefined || entry === null ? undefined : this.entryOf(entry, 'load');
  }

  /** Undefined: it cannot. */
  async *list(): AsyncGenerator<readonly [string, StoreEntry]> {
    const entries = await asked(this.name, 'list', () => this.store.list?.());
    if (entries === undefined) throw new Problem('session-store-unlisted', { holes: { store: this.name } });
    const iterator =
      Symbol.iterator in entries ? entries[Symbol.iterator]() : entries[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await asked(this.name, 'list', () => iterator.next());
        if (next.done) return;
        yield [String(next.value[0]), this.entryOf(next.value[1], 'list')];
      }
    } finally {
      await asked(this.name, 'list', () => iterator.return?.());
    }
  }

  get lists(): boolean {
    return this.store.list !== undefined;
  }

  get sweeps(): boolean {
    return this.store.sweep !== undefined;
  }

  async sweep(now: number): Promise<number> {
    return Number((await asked(this.name, 'sweep', () => this.store.sweep?.(now))) ?? 0);
  }

  async close(): Promise<void> {
    await asked(this.name, 'close', () => this.store.close?.());
  }

  protected entryOf(value: unknown, method: string): StoreEntry {
    if (typeof value === 'object' && value !== null && 'text' in value && 'deadline' in value) {
      const { text, deadline } = value;
      if (typeof text === 'string' && typeof deadline === 'number' && deadline >= 0)
        return { text, deadline };
    }
    throw this.refused(method, 'it must give { text: string, deadline: number }, or undefined');
  }

  protected refused(method: string, reason: string): Problem {
    return new Problem('session-store-threw', { holes: { store: this.name, method, reason } });
  }
}

/** A store that can compare and set. */
export class AskedLockingStore extends AskedStore<LockingEntryStore> {
  async replace(
    key: string,
    before: StoreEntry | undefined,
    after: StoreEntry | undefined,
  ): Promise<boolean> {
    const done: unknown = await asked(this.name, 'replace', () => this.store.replace(key, before, after));
    if (typeof done === 'boolean') return done;
    throw this.refused('replace', 'it must give true or false');
  }
}

/** A store that cannot. Where nothing compares, what is too late must be over before the next change begins. */
export class AskedPlainStore extends AskedStore<PlainEntryStore> {
  readonly #late: LateWorks;

  constructor(name: string, store: PlainEntryStore) {
    super(name, store);
    this.#late = new LateWorks(name);
  }

  /** Waits until no change of an entry goes on whose time is over. To be called before one that is to be changed is loaded. */
  settled(key: string): Promise<void> {
    return this.#late.over(key);
  }

  save(key: string, entry: StoreEntry): Promise<void> {
    return this.#change(key, 'save', () => this.store.save(key, entry));
  }

  /** Only the deadline differs. */
  touch(key: string, entry: StoreEntry): Promise<void> {
    const { store } = this;
    if (store.touch === undefined) return this.save(key, entry);
    return this.#change(key, 'touch', () => store.touch?.(key, entry));
  }

  delete(key: string): Promise<void> {
    return this.#change(key, 'delete', () => this.store.delete(key));
  }

  async #change(key: string, method: string, call: () => unknown): Promise<void> {
    await this.settled(key);
    await this.#late.do(key, method, call);
  }
}
