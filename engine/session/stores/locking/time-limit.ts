// The time limit of calls of a driver. All have the same, so they end in the order in which they began: one timer for all
// that are under way, instead of one for each.

/** There was no answer in time. */
export class TimedOut extends Error {
  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds / 1000} s`);
  }
}

interface Pending {
  readonly until: number;
  readonly reject: (error: TimedOut) => void;
}

/** Limits the time of calls. */
export class TimeLimit {
  readonly #milliseconds: number;
  /** Those that are under way, the oldest first. A call that has ended leaves nothing behind for the garbage collector. */
  readonly #pending = new Set<Pending>();
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** The result of a call, or Late. */
  apply<T>(call: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const pending: Pending = { until: performance.now() + this.#milliseconds, reject };
      this.#begin(pending);
      call.then(
        (value) => {
          this.#end(pending);
          resolve(value);
        },
        (error) => {
          this.#end(pending);
          reject(error);
        },
      );
    });
  }

  /** The process does not exit while a call is under way, and may exit when none is. */
  #begin(pending: Pending): void {
    this.#pending.add(pending);
    this.#timer ??= this.#wait(this.#milliseconds);
    if (this.#pending.size === 1) this.#timer.ref();
  }

  #end(pending: Pending): void {
    if (this.#pending.delete(pending) && this.#pending.size === 0) this.#timer?.unref();
  }

  /**
   * An answer that has arrived is read before its call counts as late: the time may have passed because a page kept the
   * process busy. Reading takes a turn of the event loop, and what a driver does with it another.
   */
  #wait(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => setImmediate(() => setImmediate(() => this.#endLate())), milliseconds);
  }

  #endLate(): void {
    const now = performance.now();
    this.#timer = undefined;
    for (const pending of this.#pending) {
      if (pending.until > now) {
        this.#timer = this.#wait(pending.until - now);
        return;
      }
      this.#pending.delete(pending);
      pending.reject(new TimedOut(this.#milliseconds));
    }
  }
}
