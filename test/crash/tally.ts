// The counts of all visitors of a crash test together.

import type { LifeTotals } from './life.ts';

/** The counts of all visitors together. */
export interface Tally extends LifeTotals {
  /** Requests that were answered with 200. */
  answered: number;
  /** Requests that were answered with another status than 200. */
  refused: number;
  /** How often each status was answered. */
  readonly statuses: Map<number, number>;
  /** Requests whose connection broke. */
  broken: number;
  moved: number;
  closed: number;
  /** The longest time that an answer took after a kill, in milliseconds. */
  longest_wait: number;
  readonly faults: string[];
}

/** A tally of nothing yet. */
export function newTally(): Tally {
  const counts = { sent: 0, acknowledged: 0, stored: 0, lost: 0, answered: 0, refused: 0, broken: 0 };
  return { ...counts, moved: 0, closed: 0, longest_wait: 0, statuses: new Map(), faults: [] };
}
