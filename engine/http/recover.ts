// The errors of a function that may return a promise. A page without await must be answered without a promise, so the pipeline
// cannot consist of async functions.

import { asThrown } from '../diagnostics/thrown.ts';
import type { MaybePromise } from '../session/session-store.ts';

/**
 * Runs `work` with a subject; if it throws or rejects, the result is that of `failed`. Each thrown value is turned into one that
 * can be inspected. Both are made once, not for each request, as in `continueWith()`.
 */
export function recover<Subject, T>(
  subject: Subject,
  work: (subject: Subject) => MaybePromise<T>,
  failed: (subject: Subject, error: unknown) => MaybePromise<T>,
): MaybePromise<T> {
  let value: MaybePromise<T>;
  try {
    value = work(subject);
  } catch (error) {
    return failed(subject, asThrown(error));
  }
  return value instanceof Promise ? recoverLater(subject, value, failed) : value;
}

function recoverLater<Subject, T>(
  subject: Subject,
  value: Promise<T>,
  failed: (subject: Subject, error: unknown) => MaybePromise<T>,
): Promise<T> {
  return value.catch((error) => failed(subject, asThrown(error)));
}
