// The promises that save() and update() give to a page: they run in order, and one that fails without anybody looking at
// it fails the request, so that no page pretends that something was stored.

import type { MaybePromise } from '../session-store.ts';

/** One call of save() or update(). */
export interface Call {
  /** Settles when it has run; never rejects. */
  readonly done: Promise<void>;
  failed: boolean;
  error: unknown;
  /** Whether the page awaited it or chained to it. */
  seen: boolean;
}

/** Whoever keeps the list of the calls. */
export interface Caller {
  calls: readonly Call[];
  /** How many of them have not ended yet. */
  running: number;
}

/** Runs after the calls before it; the first one at once. */
export function inOrder<T>(caller: Caller, run: () => MaybePromise<T>): Promise<T> {
  const before = caller.calls.at(-1);
  const result = before === undefined ? immediately(run) : before.done.then(run);
  const given = result.then((value) => value);
  caller.running++;
  const call: Call = {
    done: given.then(
      () => {
        caller.running--;
      },
      (error: unknown) => {
        caller.running--;
        call.failed = true;
        call.error = error;
      },
    ),
    failed: false,
    error: undefined,
    seen: false,
  };
  caller.calls = [...caller.calls, call];
  // Whoever awaits a promise or chains to it reads its constructor first (ECMA-262, PromiseResolve).
  return Object.defineProperty(given, 'constructor', {
    get() {
      call.seen = true;
      return Promise;
    },
  });
}

/** Waits until all calls have run, also those that the page did not await. */
export async function endOfCalls(caller: Caller): Promise<void> {
  await caller.calls.at(-1)?.done;
}

async function immediately<T>(run: () => MaybePromise<T>): Promise<T> {
  return run();
}
