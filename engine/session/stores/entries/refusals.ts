// How a store that refuses all changes is told from one in which many change an entry at the same time: of those, somebody
// gets through again and again, and so does each of them before long.

import { refused } from '../failure.ts';

const REFUSED_MS = 2000;
/** On a busy machine, or to a distant store, few are made in that time. */
const FEWEST = 30;

/** The refusals of one change in a row. */
export class Refusals {
  readonly #store: string;
  #count = 0;
  #since = 0;

  /** `store`: its name in the configuration. */
  constructor(store: string) {
    this.#store = store;
  }

  /** One more; a Problem when it cannot be that others are in the way. */
  add(): void {
    const now = performance.now();
    if (this.#count++ === 0) this.#since = now;
    if (this.#count < FEWEST || now - this.#since < REFUSED_MS) return;
    const reason = `it has given false ${this.#count} times in a row for what load() had just given`;
    throw refused(this.#store, 'replace', reason);
  }

  /** Others are in the way. */
  reset(): void {
    this.#count = 0;
  }
}
