// A time limit for calls. All calls have the same limit and so reach it in the order in which they began: one timer serves them all.

/** The error of a call without an answer in time. */
export class TimedOut extends Error {
  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds / 1000} s`);
  }
}

interface LimitedCall {
  readonly until: number;
  readonly reject: (error: TimedOut) => void;
}

export class TimeLimit {
  readonly #milliseconds: number;
  /** The calls under way, the oldest first. */
  readonly #calls = new Set<LimitedCall>();
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** The result of the promise; rejects with TimedOut after the time limit. The call itself goes on. */
  apply<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const call: LimitedCall = { until: performance.now() + this.#milliseconds, reject };
      this.#begin(call);
      promise.then(
        (value) => {
          this.#end(call);
          resolve(value);
        },
        (error) => {
          this.#end(call);
          reject(error);
        },
      );
    });
  }

  /** A call under way keeps the process alive; the timer alone does not. */
  #begin(call: LimitedCall): void {
    this.#calls.add(call);
    this.#timer ??= this.#start(this.#milliseconds);
    if (this.#calls.size === 1) this.#timer.ref();
  }

  #end(call: LimitedCall): void {
    if (this.#calls.delete(call) && this.#calls.size === 0) this.#timer?.unref();
  }

  /**
   * If a page has kept the process busy, an answer may have arrived in time and not been read. Reading it takes one turn of the
   * event loop, and what a driver does with it another.
   */
  #start(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => setImmediate(() => setImmediate(() => this.#rejectLate())), milliseconds);
  }

  #rejectLate(): void {
    const now = performance.now();
    this.#timer = undefined;
    for (const call of this.#calls) {
      if (call.until > now) {
        this.#timer = this.#start(call.until - now);
        return;
      }
      this.#calls.delete(call);
      call.reject(new TimedOut(this.#milliseconds));
    }
  }
}
