// What the two ways to take turns in a site's own store have in common: leased-turns.ts for those that can compare and set,
// queued-turns.ts for those that cannot.

import type { Claim, StoreTurn } from '../../store.ts';
import type { StoreEntry } from './entry-store.ts';

/** Takes turns, and changes entries without one. */
export interface EntryTurns {
  /** Waits for the turn of a key and reads it. */
  take(key: string, claim: Claim): Promise<StoreTurn<string>>;
  /** Moves the deadline of a live entry; whether there is one. */
  touch(key: string, deadline: number): Promise<boolean>;
  /** Replaces what is still exactly `before`; whether it was. */
  swap(key: string, before: StoreEntry | undefined, after: StoreEntry | undefined): Promise<boolean>;
  /** Puts an entry under a key, whatever is there. */
  put(key: string, entry: StoreEntry): Promise<void>;
  close(): void;
}

/** What could not be read is kept this long for an operator to look at. */
const SET_ASIDE_MS = 30 * 24 * 3_600_000;

/** Where an entry goes that could not be read. */
export function setAside(key: string, text: string, now: number): { key: string; entry: StoreEntry } {
  return { key: `${key}.damaged`, entry: { text, deadline: now + SET_ASIDE_MS } };
}
