// The sweep in the background: one small step after another for as long as the server runs, never two at a time. Its
// pauses differ, so that processes that share a store do not all sweep at the same moments.

import { setTimeout as pause } from 'node:timers/promises';
import { isOutage } from '../session-errors.ts';
import type { SessionStore } from '../session-store.ts';
import type { SessionsEnvironment } from '../session-types.ts';

/** Between two steps, more or less. */
const STEP_MS = 5000;

/** After a step that left some for the next. */
const BACKLOG_MS = 100;

/** Waits so many milliseconds; rejects when the signal is aborted. */
type Wait = (milliseconds: number, signal: AbortSignal) => Promise<unknown>;

const unheld: Wait = (milliseconds, signal) => pause(milliseconds, undefined, { ref: false, signal });

/** What is swept. */
export type SweptStore = Pick<
  SessionStore<unknown>,
  'sweep' | 'sweepSteps' | 'sweepLimit' | 'acquireSweepLock' | 'removesExpired'
>;

/** Sweeps one store until it is stopped. */
export class Sweeper {
  readonly #store: SweptStore;
  readonly #log: SessionsEnvironment['log'];
  readonly #wait: Wait;
  readonly #stopped = new AbortController();
  readonly #sweeping: Promise<void>;

  constructor(store: SweptStore, log: SessionsEnvironment['log'], wait: Wait = unheld) {
    this.#store = store;
    this.#log = log;
    this.#wait = wait;
    this.#sweeping = store.removesExpired ? Promise.resolve() : this.#run();
  }

  /** A step that has begun is ended first. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#sweeping;
  }

  async #run(): Promise<void> {
    // Not all processes of a site begin with the same step.
    let step = Math.floor(Math.random() * this.#store.sweepSteps);
    let backlog = false;
    while (await this.#goesOn(backlog ? BACKLOG_MS : STEP_MS * (0.5 + Math.random()))) {
      backlog = await this.#sweepLeavesSome(step);
      if (!backlog) step = step + 1 < this.#store.sweepSteps ? step + 1 : 0;
    }
  }

  async #goesOn(afterMs: number): Promise<boolean> {
    const { signal } = this.#stopped;
    await this.#wait(afterMs, signal).catch(() => {});
    return !signal.aborted;
  }

  async #sweepLeavesSome(step: number): Promise<boolean> {
    try {
      if ((await this.#store.acquireSweepLock?.()) === false) return false;
      return (
        (await this.#store.sweep(step, this.#stopped.signal)) >=
        (this.#store.sweepLimit ?? Number.POSITIVE_INFINITY)
      );
    } catch (error) {
      // That the whole store cannot be used is said once, and not every few seconds.
      if (!isOutage(error)) this.#log('warn', 'sessions that are over could not be removed', error);
      return false;
    }
  }
}
