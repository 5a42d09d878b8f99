// Functions over a value that may be a promise. A page without await must be answered without a promise, so the pipeline cannot
// consist of async functions.

import { asThrown } from '../diagnostics/thrown.ts';

/** Calls `next` with a value: at once, or when its promise has resolved. */
export function chain<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/**
 * Runs `work`; if it throws or rejects, the result is that of `failed`. Each thrown value is turned into one that can be
 * inspected.
 */
export function recover<T>(
  work: () => T | Promise<T>,
  failed: (error: unknown) => T | Promise<T>,
): T | Promise<T> {
  let value: T | Promise<T>;
  try {
    value = work();
  } catch (error) {
    return failed(asThrown(error));
  }
  return value instanceof Promise ? value.catch((error) => failed(asThrown(error))) : value;
}
