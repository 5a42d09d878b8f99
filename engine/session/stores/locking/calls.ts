// Calls of a driver: each ends in time, fails with a Problem only, and tells the outage what came of it.

import { Problem } from '../../../diagnostics/problem.ts';
import { isAway } from '../../away.ts';
import type { MaybePromise } from '../../store.ts';
import { pauseBeforeRetry } from '../poll.ts';
import { Deadlines, Late } from './deadlines.ts';
import type { Driver } from './driver.ts';
import type { Outage, Shown } from './outage.ts';

/** A call may take so long: a request has at most two seconds for all of them. */
export const CALL_MS = 1500;

/** How a call is made. */
interface CallOptions {
  /** The driver's method. */
  readonly method: string;
  /** The call may be made again where its answer was lost. */
  readonly isRepeatable?: boolean;
  readonly shows?: Shown;
}

/** Calls the driver of one store. */
export class Calls {
  readonly #driver: Driver;
  readonly #outage: Outage;
  readonly #deadlines = new Deadlines(CALL_MS);

  constructor(driver: Driver, outage: Outage) {
    this.#driver = driver;
    this.#outage = outage;
  }

  async make<T>(call: () => MaybePromise<T>, options: CallOptions): Promise<T> {
    const { method, isRepeatable = false, shows = 'reads' } = options;
    const until = performance.now() + CALL_MS;
    for (let tries = 0; ; tries++) {
      await this.#outage.whenUsable();
      try {
        const answer = call();
        const result = answer instanceof Promise ? await this.#deadlines.limit(answer) : answer;
        this.#outage.worked(shows);
        return result;
      } catch (error) {
        const problem = this.failed(error, method);
        if (!isRepeatable || !isAway(problem) || performance.now() >= until) throw problem;
        await pauseBeforeRetry(tries, undefined);
      }
    }
  }

  /** Makes a call of which the outage learns nothing. */
  async probe<T>(call: () => Promise<T>, method: string): Promise<T> {
    try {
      return await this.#deadlines.limit(call());
    } catch (error) {
      throw this.#problemOf(error, method);
    }
  }

  /** What a failure means; the outage has been told. */
  failed(error: unknown, method: string): Problem {
    const problem = this.#problemOf(error, method);
    this.#outage.failed(problem);
    return problem;
  }

  #problemOf(error: unknown, method: string): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof Late)
      return new Problem('session-store-away', { holes: { reason: error.message }, cause: error });
    return this.#driver.problemOf(error, method);
  }
}
