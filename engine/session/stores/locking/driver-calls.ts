// Calls of a driver: each ends in time, fails with a Problem only, and tells what came of it to the outage of its server.

import { Problem } from '../../../diagnostics/problem.ts';
import { isUnavailable } from '../../outages.ts';
import type { MaybePromise } from '../../store.ts';
import type { SessionsEnvironment } from '../../types.ts';
import { pauseBeforeRetry } from './retry-pause.ts';
import { ServerAvailability, type Shown } from './server-availability.ts';
import { SECRET_KEY, type StoreDriver } from './store-driver.ts';
import { TimedOut, TimeLimit } from './time-limit.ts';

/** A call may take so long: a request has at most two seconds for all of them. */
export const CALL_TIMEOUT_MS = 1500;

/** A call whose answer was lost is made again for so long. */
const RETRY_MS = 1000;

/** How a call is made. */
interface CallOptions {
  /** The driver's method. */
  readonly method: string;
  /** The key that it is about. */
  readonly key: string;
  /** The call may be made again where its answer was lost. */
  readonly isRepeatable?: boolean;
  readonly shows?: Shown;
}

/** What calls are made with. */
interface CallsParts {
  readonly driver: StoreDriver;
  /** The store for people, without password. */
  readonly shown: string;
  readonly log: SessionsEnvironment['log'];
  /** A server answers again. */
  readonly back: () => void;
}

/** Calls the driver of one store. */
export class DriverCalls {
  readonly #parts: CallsParts;
  readonly #outages = new Map<string, ServerAvailability>();
  readonly #deadlines = new TimeLimit(CALL_TIMEOUT_MS);

  constructor(parts: CallsParts) {
    this.#parts = parts;
  }

  async make<T>(call: () => MaybePromise<T>, options: CallOptions): Promise<T> {
    const { method, key, isRepeatable = false, shows = 'reads' } = options;
    const { driver } = this.#parts;
    const until = performance.now() + RETRY_MS;
    for (let tries = 0; ; tries++) {
      // The key may have another server by now.
      const outage = this.outageOf(key);
      if (outage.isConfirmed) await outage.whenUsable();
      try {
        const answer = call();
        const result = answer instanceof Promise ? await this.#deadlines.apply(answer) : answer;
        outage.worked(shows);
        return result;
      } catch (error) {
        const problem = this.#problemOf(error, method, key);
        outage.failed(problem, key);
        const isAgain = isRepeatable || driver.isUnsent?.(error) === true;
        if (!isAgain || !isUnavailable(problem) || performance.now() >= until) throw problem;
        await pauseBeforeRetry(tries, undefined);
      }
    }
  }

  /** Makes a call of which the outage learns nothing. */
  async probe<T>(call: () => MaybePromise<T>, method: string, key: string): Promise<T> {
    try {
      return await this.#deadlines.apply((async () => call())());
    } catch (error) {
      throw this.#problemOf(error, method, key);
    }
  }

  /** What the failure of a call about many keys means; which of several servers failed is not known. */
  failedAll(error: unknown, method: string): Problem {
    if (this.#parts.driver.serverOf === undefined) return this.failed(error, method, SECRET_KEY);
    return this.#problemOf(error, method, SECRET_KEY);
  }

  /** What a failure means; the outage has been told. */
  failed(error: unknown, method: string, key: string): Problem {
    const problem = this.#problemOf(error, method, key);
    this.outageOf(key).failed(problem, key);
    return problem;
  }

  outageOf(key: string): ServerAvailability {
    const { driver, shown, log, back } = this.#parts;
    const server = driver.serverOf?.(key) ?? shown;
    const known = this.#outages.get(server);
    if (known !== undefined) return known;
    // One entry may hang, which says nothing of the others: another one is probed where it is on the same server.
    const probe = (failed: string) => {
      const probed = driver.serverOf === undefined ? SECRET_KEY : failed;
      return this.probe(() => driver.load(probed), 'load', probed);
    };
    const outage = new ServerAvailability({ shown: server, log, back, probe });
    this.#outages.set(server, outage);
    return outage;
  }

  close(): void {
    for (const outage of this.#outages.values()) outage.close();
  }

  #problemOf(error: unknown, method: string, key: string): Problem {
    const { driver } = this.#parts;
    if (error instanceof Problem) return error;
    if (!(error instanceof TimedOut)) return driver.problemOf(error, method);
    driver.onTimeout?.(key);
    return new Problem('session-store-unavailable', { params: { reason: error.message }, cause: error });
  }
}
