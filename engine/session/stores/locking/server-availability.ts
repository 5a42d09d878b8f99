// The availability of one server. An outage is logged when it begins and when it ends, not by each request that fails meanwhile.
// A failed call about one entry proves nothing about the others: a probe decides whether the server is unavailable. During an
// outage requests wait a moment, because a server that restarts is back by then, and fail at once after that.

import { setTimeout as pause } from 'node:timers/promises';
import type { Problem } from '../../../diagnostics/problem.ts';
import { isOutage, isUnavailable, type OutageCode } from '../../session-errors.ts';
import type { SessionsEnvironment } from '../../session-types.ts';

/** How long a request waits for a server that restarts. */
const RESTART_MS = 1000;
const WAIT_STEP_MS = 20;
const PROBE_MS = 250;

/** The time in ms without a failure after which an outage ends, so that a server that fails every other second counts as one outage. */
const STEADY_MS = 1000;

/** The least time between two log lines about single entries. */
const ONE_ENTRY_LOG_MS = 60_000;

/** The proof that the success of a call gives: a full disk is readable, and not writable. */
export type Proof = 'readable' | 'writable';

/** A Problem that says that the store cannot be used. */
type Outage = Problem & { readonly code: OutageCode };

interface AvailabilityParts {
  /** The name of the server for messages, without password. */
  readonly shown: string;
  readonly log: SessionsEnvironment['log'];
  /** Reads an entry of the server that is another one than `key`, if it can; rejects with a Problem. */
  readonly probe: (key: string) => Promise<unknown>;
  /** Called whenever a probe finds the server available after a failure. */
  readonly onAvailable: () => void;
}

export class ServerAvailability {
  readonly #parts: AvailabilityParts;
  /** The outage that is in the log and has not ended. */
  #logged: OutageCode | undefined;
  /** Why the server is unavailable, from the last probe. */
  #unavailable: Problem | undefined;
  #unavailableSince = 0;
  #lastFailure = 0;
  #nextEntryLog = 0;
  #isProbing = false;
  #isClosed = false;

  constructor(parts: AvailabilityParts) {
    this.#parts = parts;
  }

  get isUnavailable(): boolean {
    return this.#unavailable !== undefined;
  }

  /** Waits for a server that restarts. Throws the Problem of one that stays unavailable. */
  async whenAvailable(): Promise<void> {
    const until = this.#unavailableSince + RESTART_MS;
    while (this.#unavailable !== undefined) {
      const left = until - performance.now();
      if (this.#isClosed || left <= 0) throw this.#unavailable;
      await pause(Math.min(left, WAIT_STEP_MS));
    }
  }

  /** A call about one key has failed. */
  failed(problem: Problem, key: string): void {
    if (!isOutage(problem) || this.#isClosed) return;
    this.#lastFailure = performance.now();
    if (!isUnavailable(problem)) this.#log(problem);
    else if (!this.#isProbing) void this.#probe(problem, key);
  }

  /** A call that concerns all entries has failed. `start`: the words of the log for a site that starts. */
  failedForAll(problem: Problem, key: string, start = ''): void {
    if (isOutage(problem) && !this.#isClosed) this.#log(problem, start);
    this.failed(problem, key);
  }

  /** A call has succeeded. */
  worked(proof: Proof): void {
    if (this.#logged === undefined || this.#isProbing) return;
    if (this.#logged === 'session-store-failed' && proof === 'readable') return;
    this.#endIfSteady();
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Probes until the server is available and, if an outage is in the log, steady. */
  async #probe(problem: Outage, key: string): Promise<void> {
    this.#isProbing = true;
    do {
      const error = await this.#parts.probe(key).catch((cause: Problem) => cause);
      if (this.#isClosed) break;
      if (isUnavailable(error)) this.#confirm(problem, error);
      else this.#available(problem);
      await pause(PROBE_MS * (0.5 + Math.random()), undefined, { ref: false });
    } while (this.#needsProbe());
    this.#isProbing = false;
  }

  /** An outage of another kind may have replaced this one in the log while the server is unavailable. */
  #needsProbe(): boolean {
    if (this.#isClosed) return false;
    return this.#unavailable !== undefined || this.#logged === 'session-store-unavailable';
  }

  #confirm(first: Outage, latest: Problem): void {
    this.#log(first);
    this.#lastFailure = performance.now();
    if (this.#unavailable === undefined) this.#unavailableSince = this.#lastFailure;
    this.#unavailable = latest;
  }

  #available(problem: Problem): void {
    this.#unavailable = undefined;
    this.#parts.onAvailable();
    if (this.#logged === 'session-store-unavailable') this.#endIfSteady();
    else this.#logOneEntry(problem);
  }

  #endIfSteady(): void {
    if (performance.now() - this.#lastFailure < STEADY_MS) return;
    this.#logged = undefined;
    this.#parts.log('warn', `the session store is back: ${this.#parts.shown}`);
  }

  #log({ code, text, status, remedy }: Outage, start = ''): void {
    if (this.#logged === code) return;
    this.#logged = code;
    const { log, shown } = this.#parts;
    const meanwhile = `${text}; ${start}pages that use sessions get ${status} until`;
    if (code === 'session-store-unavailable') log('warn', `${meanwhile} it is back`);
    else log('error', `${meanwhile} that is mended: ${shown}. ${remedy}`);
  }

  #logOneEntry({ text }: Problem): void {
    const now = performance.now();
    if (now < this.#nextEntryLog) return;
    this.#nextEntryLog = now + ONE_ENTRY_LOG_MS;
    const { log, shown } = this.#parts;
    log('warn', `a call about a session failed, but the store answers others: ${text} (${shown})`);
  }
}
