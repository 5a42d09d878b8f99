// What the drivers of stores of entries have in common: how such a store is loaded, listed, swept and closed.

import { Problem } from '../../../diagnostics/problem.ts';
import type { SessionsEnvironment } from '../../session-types.ts';
import type { DriverEntry, ListedEntry } from '../locking/store-driver.ts';
import { isExpired } from '../locking/tombstone.ts';
import { withNul, withoutNul } from '../without-nul.ts';
import type { EntryStore, StoreEntry } from './entry-store.ts';
import { ForeignCode } from './foreign-code.ts';

/** A list is gone over for expired entries once in so long. */
const PASS_MS = 60_000;

/** What such a driver is made of. */
export interface EntryDriverParts<Store extends EntryStore> {
  /** The store's name in the configuration. */
  readonly name: string;
  readonly store: Store;
  readonly now: () => number;
  readonly log: SessionsEnvironment['log'];
}

/** A driver without its locks. */
export abstract class EntryDriver<Store extends EntryStore> {
  readonly sweepSteps = 1;
  protected readonly parts: EntryDriverParts<Store>;
  protected readonly foreign: ForeignCode;
  #nextPass = Number.NEGATIVE_INFINITY;

  constructor(parts: EntryDriverParts<Store>) {
    this.parts = parts;
    this.foreign = new ForeignCode(parts.name);
  }

  async load(key: string): Promise<DriverEntry | undefined> {
    return this.read(await this.kept(key));
  }

  async *list(beginning: string): AsyncGenerator<ListedEntry> {
    for await (const [key, kept] of this.#listed()) {
      const entry = key.startsWith(beginning) ? this.read(kept) : undefined;
      if (entry !== undefined) yield { key, entry };
    }
  }

  async sweep(_step: number, now: number, signal: AbortSignal | undefined): Promise<number> {
    const { store } = this.parts;
    if (store.sweep === undefined) return this.#removeExpired(now, signal);
    const removed = Number((await this.foreign.askInTime('sweep', () => store.sweep?.(now))) ?? 0);
    if (Number.isFinite(removed)) return removed;
    throw this.foreign.refused('sweep', 'it must give how many entries it has removed');
  }

  problemOf(error: unknown, method: string): Problem {
    return this.foreign.problemOf(error, method);
  }

  async close(): Promise<void> {
    try {
      await this.foreign.askInTime('close', () => this.parts.store.close?.());
    } catch (error) {
      this.parts.log('warn', 'the session store could not be closed', error);
    }
  }

  /** Removes an expired entry, if it is still there as it was listed and nobody has its lock. */
  protected abstract removeListed(key: string, kept: StoreEntry, now: number): Promise<boolean>;

  /** What the store has under a key. */
  protected async kept(key: string): Promise<StoreEntry | undefined> {
    const kept: unknown = await this.foreign.ask('load', () => this.parts.store.load(key));
    return kept === undefined || kept === null ? undefined : this.#checked(kept, 'load');
  }

  /** What the store has as the engine knows it. */
  protected read(kept: StoreEntry | undefined): DriverEntry | undefined {
    return kept && { text: withNul(kept.text), deadline: kept.deadline };
  }

  /** An entry of the engine as the store gets it. */
  protected written({ text, deadline }: DriverEntry): StoreEntry {
    return { text: withoutNul(text), deadline };
  }

  async *#listed(): AsyncGenerator<readonly [string, StoreEntry]> {
    const { name, store } = this.parts;
    if (store.list === undefined) throw new Problem('session-store-unlisted', { params: { store: name } });
    for await (const listed of this.foreign.list(() => store.list?.())) {
      if (!Array.isArray(listed)) throw this.foreign.refused('list', 'it must list [key, entry]');
      yield [String(listed[0]), this.#checked(listed[1], 'list')];
    }
  }

  /** Goes over the list, if that was not done a moment ago. */
  async #removeExpired(now: number, signal: AbortSignal | undefined): Promise<number> {
    if (this.parts.store.list === undefined || now < this.#nextPass) return 0;
    let removed = 0;
    for await (const [key, kept] of this.#listed()) {
      if (signal?.aborted) return removed;
      if (!isExpired(kept.deadline, now)) continue;
      if (await this.foreign.askInTime('sweep', () => this.removeListed(key, kept, now))) removed++;
    }
    this.#nextPass = now + PASS_MS;
    return removed;
  }

  #checked(value: unknown, method: string): StoreEntry {
    if (typeof value === 'object' && value !== null && 'text' in value && 'deadline' in value) {
      const { text, deadline } = value;
      if (typeof text === 'string' && typeof deadline === 'number' && deadline >= 0)
        return { text, deadline };
    }
    throw this.foreign.refused(method, 'it must give { text: string, deadline: number }, or undefined');
  }
}
