// A time limit for one call.

/** The error of a call without an answer in time. */
export class TimedOut extends Error {
  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds / 1000} s`);
  }
}

/**
 * The result of a promise; rejects with TimedOut after these milliseconds. The call itself continues. If a page has kept the process
 * busy, the answer may have arrived in time: reading it takes one turn of the event loop, and what a driver does with it another.
 * Node's timers count whole milliseconds and fire up to one too early, so the timer has one more: then the age of the call, by
 * performance.now(), is never below the limit.
 */
export function withinTime<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new TimedOut(milliseconds));
    const timer = setTimeout(() => setImmediate(() => setImmediate(late)), milliseconds + 1);
    const settle =
      <Result>(end: (result: Result) => void) =>
      (result: Result) => {
        clearTimeout(timer);
        end(result);
      };
    promise.then(settle(resolve), settle(reject));
  });
}
