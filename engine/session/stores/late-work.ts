// What foreign code goes on doing to an entry after its time was over and its request got 503. It may still write then, so
// the next who changes that entry waits until it has ended: a late write never comes over one that was acknowledged. Who
// only reads, and all other entries, do not wait.

import { Problem } from '../../diagnostics/problem.ts';
import { asked } from './failure.ts';
import { AWAY_MS, Late, withinTime } from './within-time.ts';

/** Who comes when the work is older than this is told at once: it may never end. */
const HOPELESS_MS = 10_000;

/** Work whose time was over. */
interface LateWork {
  readonly since: number;
  readonly ended: Promise<unknown>;
}

/** How work is done. */
interface WorkOptions<T> {
  /** How long it may take. */
  readonly ms?: number;
  /** What is to be done with what comes too late. */
  readonly undo?: (value: T) => unknown;
}

/** The late work of one store. */
export class LateWorks {
  readonly #store: string;
  readonly #late = new Map<string, LateWork>();

  /** `store`: its name in the configuration. */
  constructor(store: string) {
    this.#store = store;
  }

  /** Waits until nothing late is done to an entry; a Problem after the time that any call may take. */
  async over(key: string): Promise<void> {
    for (let late = this.#late.get(key); late !== undefined; late = this.#late.get(key))
      await this.#endOf(late);
  }

  /** Does work on an entry as asked() does. */
  async do<T>(
    key: string,
    method: string,
    call: () => T | Promise<T>,
    { ms, undo }: WorkOptions<T> = {},
  ): Promise<T> {
    const since = performance.now();
    const work: Promise<T> = (async () => call())();
    try {
      return await asked<Promise<T>>(this.#store, method, () => work, ms);
    } catch (error) {
      if (error instanceof Problem && error.cause instanceof Late)
        this.#remember(key, since, undo === undefined ? work : work.then(undo));
      throw error;
    }
  }

  #remember(key: string, since: number, work: Promise<unknown>): void {
    const before = this.#late.get(key)?.ended;
    const ended = Promise.allSettled([before, work]).then(() => {
      if (this.#late.get(key) === late) this.#late.delete(key);
    });
    const late = { since, ended };
    this.#late.set(key, late);
  }

  async #endOf({ since, ended }: LateWork): Promise<void> {
    const now = performance.now();
    try {
      await withinTime(ended, Math.min(now + AWAY_MS, Math.max(now, since + HOPELESS_MS)));
    } catch (cause) {
      const seconds = Math.round((performance.now() - since) / 1000);
      const reason = `the last change of this session has been under way for ${seconds} s and has not ended`;
      throw new Problem('session-store-away', { holes: { reason }, cause });
    }
  }
}
