// The sweep in the background: one small step after the other while the server runs. The pauses are random, so that processes
// that share a store do not sweep at the same time.

import { setTimeout as pause } from 'node:timers/promises';
import { isOutage } from '../session-errors.ts';
import type { SessionStore } from '../session-store.ts';
import type { SessionsEnvironment } from '../session-types.ts';

/** The mean pause between two steps. */
const STEP_MS = 5000;

/** The pause after a step that reached its limit. */
const BACKLOG_MS = 100;

/** Waits. The promise is rejected when the signal is aborted. */
type Wait = (milliseconds: number, signal: AbortSignal) => Promise<unknown>;

const unreferencedPause: Wait = (milliseconds, signal) =>
  pause(milliseconds, undefined, { ref: false, signal });

/** The members of a store that a sweep uses. */
export type SweptStore = Pick<
  SessionStore<unknown>,
  'sweep' | 'sweepSteps' | 'sweepLimit' | 'acquireSweepLock' | 'removesExpired'
>;

/** Sweeps one store. */
export class Sweeper {
  readonly #store: SweptStore;
  readonly #log: SessionsEnvironment['log'];
  readonly #wait: Wait;
  readonly #stopped = new AbortController();
  readonly #sweeping: Promise<void>;

  constructor(store: SweptStore, log: SessionsEnvironment['log'], wait: Wait = unreferencedPause) {
    this.#store = store;
    this.#log = log;
    this.#wait = wait;
    this.#sweeping = store.removesExpired ? Promise.resolve() : this.#run();
  }

  /** Waits for the end of the current step. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#sweeping;
  }

  async #run(): Promise<void> {
    // The processes of a site begin with different steps.
    let step = Math.floor(Math.random() * this.#store.sweepSteps);
    let backlog = false;
    while (await this.#waits(backlog ? BACKLOG_MS : STEP_MS * (0.5 + Math.random()))) {
      backlog = await this.#reachesLimit(step);
      if (!backlog) step = step + 1 < this.#store.sweepSteps ? step + 1 : 0;
    }
  }

  async #waits(afterMs: number): Promise<boolean> {
    const { signal } = this.#stopped;
    await this.#wait(afterMs, signal).catch(() => {});
    return !signal.aborted;
  }

  async #reachesLimit(step: number): Promise<boolean> {
    try {
      if ((await this.#store.acquireSweepLock?.()) === false) return false;
      const removed = await this.#store.sweep(step, this.#stopped.signal);
      return removed >= (this.#store.sweepLimit ?? Number.POSITIVE_INFINITY);
    } catch (error) {
      // The store has logged its outage.
      if (!isOutage(error)) this.#log('warn', 'expired sessions could not be removed', error);
      return false;
    }
  }
}
