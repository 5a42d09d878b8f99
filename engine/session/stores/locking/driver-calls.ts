// Calls of a driver. Each call ends in time, fails with a Problem only, and reports its result to the availability of its server.

import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../../diagnostics/problem.ts';
import { isUnavailable } from '../../session-errors.ts';
import type { MaybePromise } from '../../session-store.ts';
import type { SessionsEnvironment } from '../../session-types.ts';
import { type Proof, ServerAvailability } from './server-availability.ts';
import { type DriverEntry, SECRET_KEY, type StoreDriver } from './store-driver.ts';
import { TimedOut, withinTime } from './time-limit.ts';

/** The time limit of a call. A request is answered within two seconds, all its calls included. */
export const CALL_TIMEOUT_MS = 1500;

/** The time in ms for which a failed call is repeated, because a server that restarts is back by then. */
const RETRY_MS = 1000;
const LONGEST_PAUSE_MS = 16;

interface CallsParts {
  readonly driver: StoreDriver;
  /** The name of the store for messages, without password. */
  readonly shown: string;
  readonly log: SessionsEnvironment['log'];
  /** Agrees with the other processes on the secret, by calls that report nothing. */
  readonly agreeOnSecret: () => Promise<void>;
  /** Called when a server is available again. */
  readonly onAvailable: () => void;
}

/** A method of StoreDriver that is called for one key. */
type KeyMethod = 'acquire' | 'release' | 'load' | 'add' | 'touch' | 'remove';

export class DriverCalls {
  readonly #parts: CallsParts;
  readonly #servers = new Map<string, ServerAvailability>();

  constructor(parts: CallsParts) {
    this.#parts = parts;
  }

  /** Makes a call about a key. If its answer is lost, a release is not repeated: it may have happened. */
  async make<T>(
    method: KeyMethod,
    key: string,
    call: () => MaybePromise<T>,
    proof: Proof = 'readable',
  ): Promise<T> {
    const { driver } = this.#parts;
    const until = performance.now() + RETRY_MS;
    for (let tries = 0; ; tries++) {
      // A key of a cluster may have moved to another server since the last try.
      const server = this.serverOf(key);
      if (server.isUnavailable) await server.whenAvailable();
      try {
        const answer = call();
        const result = answer instanceof Promise ? await withinTime(CALL_TIMEOUT_MS, answer) : answer;
        server.worked(proof);
        return result;
      } catch (error) {
        const problem = this.#problemOf(error, method, key);
        server.failed(problem, key);
        const isRepeatable = method !== 'release' || driver.isUnsent?.(error) === true;
        if (!isRepeatable || !isUnavailable(problem) || performance.now() >= until) throw problem;
        await pauseBeforeRetry(tries, undefined);
      }
    }
  }

  /** Creates an entry without a lock. Returns false if there is one already. */
  add(key: string, entry: DriverEntry): Promise<boolean> {
    return this.make('add', key, () => this.#parts.driver.add(key, entry), 'writable');
  }

  /** Makes a call once, and reports nothing. */
  async makeOnce<T>(method: KeyMethod, key: string, call: () => MaybePromise<T>): Promise<T> {
    try {
      return await withinTime(CALL_TIMEOUT_MS, (async () => call())());
    } catch (error) {
      throw this.#problemOf(error, method, key);
    }
  }

  /** The Problem of a failed call about all keys. With several servers it is not known which of them failed. */
  problemForAll(error: unknown, method: 'list' | 'sweep'): Problem {
    const problem = this.#problemOf(error, method, SECRET_KEY);
    if (this.#parts.driver.serverOf === undefined)
      this.serverOf(SECRET_KEY).failedForAll(problem, SECRET_KEY);
    return problem;
  }

  /** The availability of the server that has a key. */
  serverOf(key: string): ServerAvailability {
    const { driver, shown: storeName, log, onAvailable } = this.#parts;
    const shown = driver.serverOf?.(key) ?? storeName;
    const known = this.#servers.get(shown);
    if (known !== undefined) return known;
    // A server that was unavailable may have been emptied. Its secret is known before requests use it again.
    const probe = (failed: string): Promise<unknown> => {
      if (this.serverOf(SECRET_KEY) === server) return this.#parts.agreeOnSecret();
      return this.makeOnce('load', failed, () => driver.load(failed));
    };
    const server = new ServerAvailability({ shown, log, onAvailable, probe });
    this.#servers.set(shown, server);
    return server;
  }

  close(): void {
    for (const server of this.#servers.values()) server.close();
  }

  #problemOf(error: unknown, method: string, key: string): Problem {
    const { driver } = this.#parts;
    if (error instanceof Problem) return error;
    if (!(error instanceof TimedOut)) return driver.problemOf(error, method);
    driver.onTimeout?.(key);
    return new Problem('session-store-unavailable', { params: { reason: error.message }, cause: error });
  }
}

/**
 * Pauses 1, 2, 4 … 16 ms, with jitter, so that several processes that wait for one lock do not ask at the same moments.
 * @param tries 0 for the first pause
 * @throws Problem 'session-visitor-left' when the signal is aborted
 */
export async function pauseBeforeRetry(tries: number, signal: AbortSignal | undefined): Promise<void> {
  const longest = Math.min(LONGEST_PAUSE_MS, 2 ** Math.min(tries, 10));
  try {
    await pause(longest * (0.5 + Math.random() / 2), undefined, signal ? { signal } : {});
  } catch (cause) {
    throw new Problem('session-visitor-left', { cause });
  }
}
