// Code that is not the engine's (a site's own store, a package) as a driver calls it: each call fails with a Problem only. The
// engine limits the time of calls (locking/driver-calls.ts), except of those that have no end of their own: they are limited here.

import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { Problem } from '../../../diagnostics/problem.ts';
import { reasonOf, saysUnavailable } from '../foreign-failure.ts';
import { TimeLimit } from '../locking/time-limit.ts';

/** No visitor waits for a step of a list or a sweep. */
const STEP_MS = 5000;

/** After so many entries of a list that is in memory other work has its turn. */
const LISTED_AT_ONCE = 200;

/** The code of one store. */
export class ForeignCode {
  readonly #store: string;
  readonly #deadlines = new TimeLimit(STEP_MS);

  /** @param store its name in the configuration */
  constructor(store: string) {
    this.#store = store;
  }

  /** Makes a call. Its time is limited by the engine. */
  async ask<T>(method: string, call: () => T | PromiseLike<T>): Promise<Awaited<T>> {
    try {
      return await call();
    } catch (error) {
      throw this.problemOf(error, method);
    }
  }

  /** Makes a call, and limits its time. */
  askInTime<T>(method: string, call: () => T | PromiseLike<T>): Promise<Awaited<T>> {
    return this.ask(method, () => this.#deadlines.apply((async () => call())()));
  }

  /** Goes over a list, so that neither a long one nor one without an end keeps other work waiting. */
  async *list(list: () => unknown): AsyncGenerator<unknown> {
    const iterator = iteratorOf(await this.askInTime('list', list));
    if (iterator === undefined) throw this.refused('list', 'it must give what can be iterated over');
    let isLeft = false;
    try {
      for (let given = 1; ; given++) {
        const next = await this.askInTime('list', () => iterator.next());
        if (next.done) return;
        isLeft = true;
        yield next.value;
        isLeft = false;
        if (given % LISTED_AT_ONCE === 0) await turnOfLoop();
      }
    } finally {
      if (isLeft) await this.askInTime('list', () => iterator.return?.());
    }
  }

  /** What an error of the store means: it is unavailable, or it failed. */
  problemOf(cause: unknown, method: string): Problem {
    if (cause instanceof Problem) return cause;
    const reason = reasonOf(cause);
    if (saysUnavailable(cause))
      return new Problem('session-store-unavailable', { params: { reason }, cause });
    return new Problem('session-store-threw', { params: { store: this.#store, method, reason }, cause });
  }

  /** The store gave something that its interface does not allow. */
  refused(method: string, reason: string): Problem {
    return new Problem('session-store-threw', { params: { store: this.#store, method, reason } });
  }
}

/** Types of foreign code are not to be relied on: it may be JavaScript. */
function iteratorOf(entries: unknown): Iterator<unknown> | AsyncIterator<unknown> | undefined {
  if (typeof entries !== 'object' || entries === null) return undefined;
  for (const name of [Symbol.asyncIterator, Symbol.iterator]) {
    const iterate: unknown = Reflect.get(entries, name);
    if (typeof iterate === 'function') return Reflect.apply(iterate, entries, []);
  }
  return undefined;
}
