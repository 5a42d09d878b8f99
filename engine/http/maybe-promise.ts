// Going on with a value that is there or will be. A page without await must be answered without a promise,
// so the pipeline cannot be written with async functions; these two say the same for both cases.

import { asThrown } from '../diagnostics/thrown.ts';

/** Goes on with a value: at once, or when its promise is kept. */
export function chain<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Runs something and turns its failure, now or later, into a value. `failed` gets something that it can look at. */
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
