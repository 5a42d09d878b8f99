// Whether a store can be used. An outage is logged when it begins and when it has ended, not by each request that fails
// meanwhile. While the store does not answer, it is probed in the background: requests wait a moment for a server that
// restarts, and fail at once after that.

import { EventEmitter, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Problem } from '../../../diagnostics/problem.ts';
import { isAway, isOutage, type OutageCode } from '../../away.ts';
import type { SessionsEnvironment } from '../../face.ts';

/** Requests wait so long for a server that restarts. */
const RESTART_MS = 1000;
const PROBE_MS = 250;

/** A store that fails now and then is not back in between. */
const STEADY_MS = 1000;

/** What a success shows: a full disk can be read. */
export type Shown = 'reads' | 'writes';

/** What an outage is told of. */
interface OutageParts {
  /** The store for people, without password. */
  readonly shown: string;
  readonly log: SessionsEnvironment['log'];
  /** Finds out whether the store answers; a Problem where it does not. */
  readonly probe: () => Promise<void>;
  /** The store answers again. */
  readonly back: () => void;
}

/** The availability of one store. */
export class Outage {
  readonly #parts: OutageParts;
  readonly #events = new EventEmitter().setMaxListeners(0);
  #code: OutageCode | undefined;
  #since = 0;
  #failed = 0;
  /** Why the store is unavailable, once a probe has confirmed it. */
  #confirmed: Problem | undefined;
  #isReached = false;
  #isClosed = false;

  constructor(parts: OutageParts) {
    this.#parts = parts;
  }

  /** Waits for a store that restarts; throws the Problem of one that stays unavailable. */
  async whenUsable(): Promise<void> {
    const until = this.#since + RESTART_MS;
    while (this.#confirmed !== undefined) {
      const left = until - performance.now();
      if (this.#isClosed || left <= 0) throw this.#confirmed;
      const signal = AbortSignal.timeout(Math.ceil(left));
      await once(this.#events, 'usable', { signal }).catch(() => undefined);
    }
  }

  get isConfirmed(): boolean {
    return this.#confirmed !== undefined;
  }

  /** A call has failed. */
  failed(problem: Problem): void {
    if (!isOutage(problem) || this.#isClosed) return;
    this.#failed = performance.now();
    if (this.#code === problem.code) return;
    if (this.#code === undefined) this.#since = this.#failed;
    this.#code = problem.code;
    this.#say(problem);
    if (isAway(problem)) void this.#probe();
  }

  /** A call has succeeded. */
  worked(shows: Shown): void {
    this.#isReached = true;
    if (this.#code === undefined) return;
    if (this.#code === 'session-store-failed' && shows !== 'writes') return;
    if (performance.now() - this.#failed >= STEADY_MS) this.#end();
  }

  close(): void {
    this.#isClosed = true;
    this.#events.emit('usable');
  }

  #say({ code, text, status, remedy }: Problem): void {
    const { log, shown } = this.#parts;
    const start = this.#isReached ? '' : 'the site starts without it, and ';
    const meanwhile = `${text}; ${start}pages that use sessions get ${status} until`;
    if (code === 'session-store-away') log('warn', `${meanwhile} it is back`);
    else log('error', `${meanwhile} that is mended: ${shown}. ${remedy}`);
  }

  async #probe(): Promise<void> {
    while (isSame(this.#code, 'session-store-away') && !this.#isClosed) {
      try {
        await this.#parts.probe();
        this.#usable();
        this.worked('writes');
      } catch (error) {
        if (!isAway(error)) return this.#end();
        this.#failed = performance.now();
        this.#confirmed = error;
      }
      await pause(PROBE_MS * (0.5 + Math.random()), undefined, { ref: false });
    }
  }

  #usable(): void {
    if (this.#confirmed === undefined) return;
    this.#confirmed = undefined;
    this.#parts.back();
    this.#events.emit('usable');
  }

  #end(): void {
    this.#usable();
    this.#code = undefined;
    this.#parts.log('warn', `the session store is back: ${this.#parts.shown}`);
  }
}

/** The code may be another one after each pause, which the compiler does not see. */
function isSame(one: OutageCode | undefined, other: OutageCode): boolean {
  return one === other;
}
