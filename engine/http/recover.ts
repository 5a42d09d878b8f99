// The errors of a function that may return a promise. A page without await must be answered without a promise, so the pipeline
// cannot consist of async functions.

import { asThrown } from '../diagnostics/thrown.ts';

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
