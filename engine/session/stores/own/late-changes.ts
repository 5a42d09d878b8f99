// Changes of entries in a store that cannot compare: of one entry one after another. A change may go on after its request got
// 503, and may still write then. A request that changes the same entry waits for its end, so a late write never replaces one
// that was acknowledged. Requests that only read, and those of other entries, do not wait.

import { Problem } from '../../../diagnostics/problem.ts';
import { CALL_TIMEOUT_MS } from '../locking/driver-calls.ts';

interface UnderWay {
  readonly since: number;
  /** Never rejects. */
  readonly ended: Promise<void>;
}

/** The changes that are under way in one store. */
export class LateChanges {
  readonly #underWay = new Map<string, UnderWay>();

  has(key: string): boolean {
    return this.#underWay.has(key);
  }

  /** Waits until no change of an entry is under way; a Problem when there is one whose time is over. */
  async ended(key: string): Promise<void> {
    for (let last = this.#underWay.get(key); last !== undefined; last = this.#underWay.get(key)) {
      const age = performance.now() - last.since;
      if (age > CALL_TIMEOUT_MS) throw stillUnderWay(age);
      await last.ended;
    }
  }

  /** Makes a change after the ones before it. */
  async make<T>(key: string, change: () => Promise<T>): Promise<T> {
    while (this.has(key)) await this.ended(key);
    const made = change();
    const end = () => void this.#underWay.delete(key);
    this.#underWay.set(key, { since: performance.now(), ended: made.then(end, end) });
    return made;
  }
}

function stillUnderWay(age: number): Problem {
  const seconds = Math.round(age / 1000);
  const reason = `the last change of this session has been under way for ${seconds} s and has not ended`;
  return new Problem('session-store-unavailable', { params: { reason } });
}
