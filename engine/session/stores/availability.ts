// Whether the server of a store can be used: warns once when it goes and says when it is back, lets those who come while
// it restarts wait a little, and tells all others at once. How a connection is made is the store's business.

import { EventEmitter } from 'node:events';
import { Problem } from '../../diagnostics/problem.ts';
import type { SessionsEnvironment } from '../face.ts';

/** Requests wait for a server that restarts, when it has been away for less than this. */
const RESTART_MS = 1000;
/** A site that starts waits so long for a server that neither answers nor refuses. */
const START_MS = 5000;
const START_STEP_MS = 100;

/** The comings and goings of one server. */
export class Availability {
  readonly #shown: string;
  readonly #log: SessionsEnvironment['log'];
  readonly #events = new EventEmitter();
  #usable = false;
  #closed = false;
  #warned = false;
  #refused = false;
  #awaySince = performance.now();
  #reason = 'not connected yet';

  /** `shown`: the server's address for people, without password. */
  constructor(shown: string, log: SessionsEnvironment['log']) {
    this.#shown = shown;
    this.#log = log;
    this.#events.setMaxListeners(0);
  }

  get isUsable(): boolean {
    return this.#usable;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** The server can be used from now on. */
  back(): void {
    if (this.#closed) return;
    this.#usable = true;
    if (this.#warned) this.#log('warn', `the session store is back: ${this.#shown}`);
    this.#warned = false;
    this.#events.emit('change');
  }

  /** The server cannot be used, or still not. */
  lost(reason: string): void {
    if (this.#closed) return;
    this.#reason = reason;
    this.#refused = true;
    if (!this.#usable) return;
    this.#usable = false;
    this.#awaySince = performance.now();
    this.#warn();
    this.#events.emit('change');
  }

  /** Nobody asks any more. */
  close(): void {
    this.#closed = true;
    this.#usable = false;
    this.#events.emit('change');
  }

  /** Waits until the server can be used, or has been away for too long to wait: then a warning is logged. */
  async start(): Promise<void> {
    const began = performance.now();
    const refused = () => this.#refused && performance.now() - began > RESTART_MS;
    while (!this.#usable && !refused() && performance.now() - began < START_MS)
      await this.change(START_STEP_MS);
    if (!this.#usable) this.#warn();
  }

  /** Waits until the server can be used; a Problem when it is away for longer than a restart takes. */
  async whenUsable(until: number): Promise<void> {
    const latest = Math.min(until, this.#awaySince + RESTART_MS);
    while (!this.#usable) {
      const left = latest - performance.now();
      if (this.#closed || left <= 0) throw this.away();
      await this.change(left);
    }
  }

  /** Waits for a change, or for so long. */
  change(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        this.#events.off('change', settle);
        resolve();
      };
      const timer = setTimeout(settle, milliseconds);
      this.#events.once('change', settle);
    });
  }

  /** What a request is told. */
  away(cause?: unknown, why = this.#reason): Problem {
    const reason = `${this.#shown}: ${why}`;
    return new Problem('session-store-away', { holes: { reason }, cause });
  }

  #warn(): void {
    if (this.#warned) return;
    this.#warned = true;
    const away = `the session store is away: ${this.#shown} (${this.#reason})`;
    this.#log('warn', `${away}; pages that use sessions get 503 until it is back`);
  }
}
