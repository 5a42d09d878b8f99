// Whether a server of a store can be used. An outage is logged when it begins and when it has ended, not by each request that fails
// meanwhile. While the store does not answer, it is probed in the background: requests wait a moment for a server that
// restarts, and fail at once after that.

import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Problem } from '../../../diagnostics/problem.ts';
import { isOutage, isUnavailable, type OutageCode } from '../../outages.ts';
import type { SessionsEnvironment } from '../../types.ts';

/** Requests wait so long for a server that restarts. */
const RESTART_MS = 1000;
const PROBE_MS = 250;

/** A store that fails now and then is not back in between. */
const STEADY_MS = 1000;

/** What a success shows: a full disk can be read. */
export type Shown = 'reads' | 'writes';

/** What an outage is told of. */
interface OutageParts {
  /** The server for people, without password. */
  readonly shown: string;
  readonly log: SessionsEnvironment['log'];
  /** Finds out whether the server answers about a key; a Problem where it does not. */
  readonly probe: (key: string) => Promise<unknown>;
  /** The server answers again, or still. */
  readonly back: () => void;
}

/** The availability of one server. */
export class ServerAvailability {
  readonly #parts: OutageParts;
  readonly #events = new EventEmitter().setMaxListeners(0);
  #code: OutageCode | undefined;
  #since = 0;
  #failed = 0;
  /** The key of the call that failed. */
  #key = '';
  /** Why the store is unavailable, once a probe has confirmed it. */
  #confirmed: Problem | undefined;
  #isProbing = false;
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
      await this.#usableWithin(left);
    }
  }

  #usableWithin(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        this.#events.off('usable', settle);
        resolve();
      };
      const timer = setTimeout(settle, milliseconds);
      this.#events.once('usable', settle);
    });
  }

  get isConfirmed(): boolean {
    return this.#confirmed !== undefined;
  }

  /** A call about a key has failed; `start`: what that means for a site that starts. */
  failed(problem: Problem, key: string, start = ''): void {
    if (!isOutage(problem) || this.#isClosed) return;
    this.#failed = performance.now();
    if (this.#code === problem.code) return;
    this.#key = key;
    if (this.#code === undefined) this.#since = this.#failed;
    this.#code = problem.code;
    this.#say(problem, start);
    if (isUnavailable(problem) && !this.#isProbing) void this.#probe();
  }

  /** A call has succeeded. */
  worked(shows: Shown): void {
    if (this.#code === undefined) return;
    if (this.#code === 'session-store-failed' && shows !== 'writes') return;
    if (performance.now() - this.#failed >= STEADY_MS) this.#end();
  }

  close(): void {
    this.#isClosed = true;
    this.#events.emit('usable');
  }

  #say({ code, text, status, remedy }: Problem, start: string): void {
    const { log, shown } = this.#parts;
    const meanwhile = `${text}; ${start}pages that use sessions get ${status} until`;
    if (code === 'session-store-unavailable') log('warn', `${meanwhile} it is back`);
    else log('error', `${meanwhile} that is mended: ${shown}. ${remedy}`);
  }

  async #probe(): Promise<void> {
    this.#isProbing = true;
    while (isSame(this.#code, 'session-store-unavailable') && !this.#isClosed) {
      try {
        await this.#parts.probe(this.#key);
        this.#usable();
        this.worked('writes');
      } catch (error) {
        if (!isUnavailable(error)) {
          this.#end();
          break;
        }
        this.#failed = performance.now();
        // A store that was back for a moment may restart again.
        if (this.#confirmed === undefined) this.#since = this.#failed;
        this.#confirmed = error;
      }
      await pause(PROBE_MS * (0.5 + Math.random()), undefined, { ref: false });
    }
    this.#isProbing = false;
  }

  #usable(): void {
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
