// A site's own store as the rest of this folder calls it: each call ends within two seconds, fails with a Problem only,
// and gives what the interface says.

import { Problem } from '../../../diagnostics/problem.ts';
import { asked, refused } from '../failure.ts';
import { askedList, askedSweep } from '../foreign-lists.ts';
import { LateWorks } from '../late-work.ts';
import { pauseBeforeRetry } from '../poll.ts';
import type { EntryStore, LockingEntryStore, PlainEntryStore, StoreEntry } from './entry-store.ts';
import { isSameEntry } from './kept.ts';
import { Refusals } from './refusals.ts';

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

  async *list(): AsyncGenerator<readonly [string, StoreEntry]> {
    if (!this.lists) throw new Problem('session-store-unlisted', { holes: { store: this.name } });
    for await (const listed of askedList(this.name, () => this.store.list?.())) {
      if (!Array.isArray(listed)) throw refused(this.name, 'list', 'it must list [key, entry]');
      yield [String(listed[0]), this.entryOf(listed[1], 'list')];
    }
  }

  get lists(): boolean {
    return this.store.list !== undefined;
  }

  get sweeps(): boolean {
    return this.store.sweep !== undefined;
  }

  sweep(now: number): Promise<number> {
    return askedSweep(this.name, () => this.store.sweep?.(now));
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
    throw refused(this.name, method, 'it must give { text: string, deadline: number }, or undefined');
  }
}

/** A store that can compare and set. */
export class AskedLockingStore extends AskedStore<LockingEntryStore> {
  /** What is there counts: a driver that asks again after a failure gets false for what it has done the first time. */
  async replace(
    key: string,
    before: StoreEntry | undefined,
    after: StoreEntry | undefined,
  ): Promise<boolean> {
    const done: unknown = await asked(this.name, 'replace', () => this.store.replace(key, before, after));
    if (typeof done !== 'boolean') throw refused(this.name, 'replace', 'it must give true or false');
    return done || (after !== undefined && isSameEntry(await this.load(key), after));
  }

  /**
   * Tries a change until it gives something; a Problem when that never comes. Who tries it again has to load again what is
   * there, since some time went by.
   */
  async insist<T>(attempt: (isAgain: boolean) => Promise<T | undefined>): Promise<T> {
    const refusals = new Refusals(this.name);
    for (let tries = 0; ; tries++) {
      const result = await attempt(tries > 0);
      if (result !== undefined) return result;
      refusals.add();
      await pauseBeforeRetry(tries, undefined);
    }
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
