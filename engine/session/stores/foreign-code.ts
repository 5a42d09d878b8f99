// Calls of code that is not the engine's: a site's own store, or a package. Each call fails with a Problem only. The engine
// limits the time of calls (locking/driver-calls.ts), except of calls that no request waits for: these are limited here.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '../../diagnostics/problem.ts';
import { causesOf, describeValue, errorProperty, isError, messageOf } from '../../diagnostics/thrown.ts';
import { TimedOut, withinTime } from './locking/time-limit.ts';

/** The longest time of one step of a list or a sweep, which no visitor waits for. */
const STEP_MS = 5000;

/** Entries of a list that are read without a pause for other requests. A list in memory gives all entries at once. */
const LISTED_AT_ONCE = 200;

/** How many errors are read: hosts have several addresses, and errors have causes. */
const MOST_ERRORS = 30;

/** Codes of Node, PostgreSQL, MySQL and MongoDB for a server that cannot be reached or cannot work now. */
const UNAVAILABLE_CODE =
  /^(session-store-unavailable|ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|UND_ERR_SOCKET|08[0-9A-Z]{3}|57P0[1-5]|53300|PROTOCOL_CONNECTION_LOST|ER_CON_COUNT_ERROR|ER_SERVER_SHUTDOWN)$/;

/** Messages and names of errors of pg, redis and mongodb that have no code. */
const UNAVAILABLE_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|The client is closed|Socket closed unexpectedly)|^Mongo(Network|ServerSelection)/;

/** The code of one store. */
export class ForeignCode {
  readonly #store: string;

  /** @param store its name in the configuration */
  constructor(store: string) {
    this.#store = store;
  }

  /**
   * Calls a method. The engine limits its time.
   * @throws (rejects with) Problem `session-store-unavailable`, `session-store-threw`
   */
  async ask<T>(method: string, call: () => T | PromiseLike<T>): Promise<Awaited<T>> {
    try {
      return await call();
    } catch (error) {
      throw this.problemOf(error, method);
    }
  }

  /** Calls a method as `ask` does, within STEP_MS. */
  askInTime<T>(method: string, call: () => T | PromiseLike<T>): Promise<Awaited<T>> {
    return this.ask(method, () => withinTime(STEP_MS, (async () => call())()));
  }

  /** The items of a list. Neither a long list nor one without an end keeps other work waiting. */
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
        if (given % LISTED_AT_ONCE === 0) await nextTurn();
      }
    } finally {
      if (isLeft) await this.askInTime('list', () => iterator.return?.());
    }
  }

  /** The Problem for an error of the store: the store is unavailable, or it failed. */
  problemOf(cause: unknown, method: string): Problem {
    if (cause instanceof Problem) return cause;
    const reason = failureReason(cause);
    if (saysUnavailable(cause))
      return new Problem('session-store-unavailable', { params: { reason }, cause });
    return new Problem('session-store-threw', { params: { store: this.#store, method, reason }, cause });
  }

  /** The Problem for a result that the store's interface does not allow. */
  refused(method: string, reason: string): Problem {
    return new Problem('session-store-threw', { params: { store: this.#store, method, reason } });
  }
}

/** Whether an error, or one of its causes, says that the store cannot be reached. */
export function saysUnavailable(error: unknown): boolean {
  return causesOf(error, MOST_ERRORS).some((cause) => {
    if (cause instanceof TimedOut) return true;
    if (!(cause instanceof Error)) return false;
    const words = [errorProperty(cause, 'message'), errorProperty(cause, 'name')];
    return (
      UNAVAILABLE_CODE.test(errorProperty(cause, 'code')) ||
      words.some((text) => UNAVAILABLE_WORDS.test(text))
    );
  });
}

/** An error's message. Where it is empty, as in errors of several addresses of a host, the error's code or name. */
export function failureReason(error: unknown): string {
  if (!isError(error)) return describeValue(error);
  return messageOf(error) || errorProperty(error, 'code') || errorProperty(error, 'name');
}

/** The iterator of a list, whose type says nothing: the store may be JavaScript. */
function iteratorOf(list: unknown): Iterator<unknown> | AsyncIterator<unknown> | undefined {
  if (typeof list !== 'object' || list === null) return undefined;
  for (const name of [Symbol.asyncIterator, Symbol.iterator]) {
    const iterate: unknown = Reflect.get(list, name);
    if (typeof iterate === 'function') return Reflect.apply(iterate, list, []);
  }
  return undefined;
}
