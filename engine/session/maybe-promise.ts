// Steps after a value that may be a promise. A page over the memory store runs without a promise from its first to its last
// line, since each turn of the microtask queue would let other requests run in between.

import type { MaybePromise } from './session-store.ts';

/** Calls `next` with the value: at once, or when the promise is fulfilled. */
export function andThen<T, Result>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<Result>,
): MaybePromise<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/**
 * Calls `next` with a subject and the value, as `andThen()`. `next` is made once, not for each request: a closure and the variables
 * that it captures cost memory on each call, also if it is called at once.
 */
export function continueWith<Subject, T, Result>(
  value: MaybePromise<T>,
  subject: Subject,
  next: (subject: Subject, value: T) => MaybePromise<Result>,
): MaybePromise<Result> {
  return value instanceof Promise ? later(value, subject, next) : next(subject, value);
}

function later<Subject, T, Result>(
  value: Promise<T>,
  subject: Subject,
  next: (subject: Subject, value: T) => MaybePromise<Result>,
): Promise<Result> {
  return value.then((result) => next(subject, result));
}

/** Calls `run`. If it throws, or its promise is rejected, `recover` gets the error, and its result counts. */
export function orRecover<T>(
  run: () => MaybePromise<T>,
  recover: (error: unknown) => MaybePromise<T>,
): MaybePromise<T> {
  try {
    const result = run();
    return result instanceof Promise ? result.catch(recover) : result;
  } catch (error) {
    return recover(error);
  }
}

/** Calls `step` for each item, one after the other. */
export function forEachInOrder<Item>(
  items: readonly Item[],
  step: (item: Item) => MaybePromise<void>,
): MaybePromise<void> {
  let count = 0;
  for (const item of items) {
    count++;
    const done = step(item);
    if (done instanceof Promise) return done.then(() => forEachInOrder(items.slice(count), step));
  }
  return undefined;
}
