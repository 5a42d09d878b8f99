// The promises of s.save() and s.update(). The calls run in order. If one fails and the page does not use its promise, the request
// fails, so that no page tells its visitor that data were stored although they were not.

import type { MaybePromise } from '../session-store.ts';

/** One call of save() or update(). */
export interface PageCall {
  /** Is fulfilled when the call has ended, even with an error. */
  readonly ended: Promise<void>;
  failed: boolean;
  error: unknown;
  /** Whether the page has awaited the promise or chained to it. */
  seen: boolean;
}

/** The list of calls of one session. */
interface CallList {
  calls: readonly PageCall[];
  /** The number of calls that have not ended. */
  runningCalls: number;
}

/** Calls `run` after the calls before it have ended: the first one at once. */
export function callInOrder<T>(list: CallList, run: () => MaybePromise<T>): Promise<T> {
  const before = list.calls.at(-1);
  const result = before === undefined ? (async () => run())() : before.ended.then(run);
  const given = result.then((value) => value);
  const end = () => void list.runningCalls--;
  const fail = (error: unknown) => {
    end();
    call.failed = true;
    call.error = error;
  };
  const call: PageCall = { ended: given.then(end, fail), failed: false, error: undefined, seen: false };
  list.runningCalls++;
  list.calls = [...list.calls, call];
  // An `await` and Promise.resolve() read the constructor of a promise first (ECMA-262, PromiseResolve); then() reads it too.
  return Object.defineProperty(given, 'constructor', {
    get() {
      call.seen = true;
      return Promise;
    },
  });
}

/** Waits until all calls have ended, also calls that the page has not awaited. No promise if there are none. */
export function endOfCalls({ calls }: CallList): MaybePromise<void> {
  return calls.at(-1)?.ended;
}

/** The first failed call whose promise the page has not used. */
export function unseenFailure({ calls }: CallList): PageCall | undefined {
  return calls.find(({ failed, seen }) => failed && !seen);
}
