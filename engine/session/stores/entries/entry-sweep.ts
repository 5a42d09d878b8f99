// Removes what is over from a store that can list its entries but not sweep by itself: some of them at a time, in passes
// over the whole list that begin at most once a minute.

import type { AskedStore } from './asked-store.ts';
import type { EntryStore, StoreEntry } from './entry-store.ts';
import type { EntryTurns } from './entry-turns.ts';

/** One step ends when it has removed so many. */
export const REMOVED_AT_ONCE = 100;
const PASS_MS = 60_000;

/** What a sweep goes over. */
export interface SweptStore {
  readonly store: AskedStore<EntryStore>;
  readonly turns: EntryTurns;
  readonly now: () => number;
}

/** The passes over one store. */
export class EntrySweep {
  readonly #swept: SweptStore;
  #pass: AsyncGenerator<readonly [string, StoreEntry]> | undefined;
  #next = Number.NEGATIVE_INFINITY;

  constructor(swept: SweptStore) {
    this.#swept = swept;
  }

  /** Goes on with a pass until enough was removed or the list has ended; how many entries were removed. */
  async step(signal: AbortSignal | undefined): Promise<number> {
    const { store, turns, now } = this.#swept;
    if (this.#pass === undefined && (!store.lists || now() < this.#next)) return 0;
    this.#pass ??= store.list();
    let removed = 0;
    while (removed < REMOVED_AT_ONCE && !signal?.aborted) {
      const next = await this.#pass.next().catch((error: unknown) => this.#failed(error));
      if (next.done) {
        this.#pass = undefined;
        if (removed === 0) this.#next = now() + PASS_MS;
        return removed;
      }
      const [key, entry] = next.value;
      const isOver = entry.deadline !== 0 && entry.deadline <= now();
      if (isOver && (await turns.swap(key, entry, undefined))) removed++;
    }
    return removed;
  }

  async close(): Promise<void> {
    await this.#pass?.return(undefined);
  }

  #failed(error: unknown): never {
    this.#pass = undefined;
    throw error;
  }
}
