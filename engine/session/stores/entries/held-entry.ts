// An entry whose turn this process has: renewed while a page runs, and changed, if it is still ours, when the turn ends.

import type { Change, Outcome } from '../../store.ts';
import type { AskedLockingStore } from './asked-store.ts';
import type { StoreEntry } from './entry-store.ts';
import { type EntryTurns, setAside } from './entry-turns.ts';
import { entryAfter, entryOf, entryWithoutLease, keptIn, type Lease, leasedEntry } from './kept.ts';

/** A lease that is not renewed ends after this. */
export const LEASE_MS = 3000;

/** What a held entry is made of. */
export interface HeldEntryParts {
  readonly key: string;
  /** As the store has it, with the lease in it. */
  readonly entry: StoreEntry;
  readonly lease: Lease;
  readonly store: AskedLockingStore;
  readonly turns: Pick<EntryTurns, 'put'>;
  readonly now: () => number;
}

/** An entry with our lease, until commit(). */
export class HeldEntry {
  readonly #parts: HeldEntryParts;
  readonly #since = performance.now();
  #entry: StoreEntry;
  #ended = false;

  constructor(parts: HeldEntryParts) {
    this.#parts = parts;
    this.#entry = parts.entry;
  }

  /** Milliseconds that it has been held. */
  get age(): number {
    return performance.now() - this.#since;
  }

  /** Makes the lease end later, if it is still ours. */
  async renew(): Promise<void> {
    const { key, lease, store, now } = this.#parts;
    await store.insist(async (isAgain) => {
      if (this.#ended || (isAgain && !(await this.#catchUp()))) return false;
      const kept = keptIn(this.#entry, now());
      const renewed = leasedEntry(kept, { ...lease, until: now() + LEASE_MS });
      if (!(await store.replace(key, this.#entry, renewed))) return undefined;
      this.#entry = renewed;
      return true;
    });
  }

  /** Makes the change and gives the turn up, in one step. */
  async commit(change: Change<string>): Promise<Outcome> {
    const { key, store, turns, now } = this.#parts;
    this.#ended = true;
    if (change.kind === 'set-aside') {
      const text = entryWithoutLease(keptIn(this.#entry, now()))?.text;
      const aside = setAside(key, text ?? '', now());
      if (text !== undefined) await turns.put(aside.key, aside.entry);
    }
    return store.insist((isAgain) => this.#tryCommit(change, isAgain));
  }

  /** Undefined: its deadline was moved meanwhile, or the store refuses. */
  async #tryCommit(change: Change<string>, isAgain: boolean): Promise<Outcome | undefined> {
    const { key, store, turns, now } = this.#parts;
    const isOurs = !isAgain || (await this.#catchUp());
    const kept = keptIn(this.#entry, now());
    const after = entryAfter(change, kept);
    const moved = change.kind === 'move' && after !== 'gone' ? change : undefined;
    const target = after === 'gone' ? entryWithoutLease(kept) : after;
    if (isOurs) {
      if (moved !== undefined) await turns.put(moved.to, entryOf(moved.content, moved.deadline));
      if (!(await store.replace(key, this.#entry, target))) return undefined;
      return after === 'gone' ? 'gone' : 'done';
    }
    if (moved !== undefined) await this.#discard(moved.to);
    if ((await store.load(key)) !== undefined) return 'lost';
    // The store has dropped it, or an operator: a tombstone stands there all the same.
    const buries = change.kind === 'end' || change.kind === 'remove';
    return buries && (await store.replace(key, undefined, target)) ? 'done' : 'gone';
  }

  /** Somebody changed the entry: whether it is still ours, and only its deadline was moved. */
  async #catchUp(): Promise<boolean> {
    const { key, lease, store, now } = this.#parts;
    const there = await store.load(key);
    if (there === undefined || keptIn(there, now()).lease?.token !== lease.token) return false;
    this.#entry = there;
    return true;
  }

  /** The new entry of a move that came to nothing; nobody knows its key. */
  async #discard(key: string): Promise<void> {
    const { store } = this.#parts;
    await store.replace(key, await store.load(key), undefined);
  }
}
