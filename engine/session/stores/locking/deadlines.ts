// The time limit of calls of a driver. All have the same, so they end in the order in which they began: one timer for all
// that are under way, instead of one for each.

/** There was no answer in time. */
export class Late extends Error {
  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds / 1000} s`);
  }
}

interface Pending {
  readonly until: number;
  /** Undefined once the call has ended. */
  reject: ((error: Late) => void) | undefined;
}

/** Limits the time of calls. */
export class Deadlines {
  readonly #milliseconds: number;
  #pending: Pending[] = [];
  #underWay = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** The result of a call, or Late. */
  limit<T>(call: Promise<T>): Promise<T> {
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
    this.#pending.push(pending);
    this.#timer ??= this.#wait();
    if (this.#underWay++ === 0) this.#timer.ref();
  }

  #end(pending: Pending): void {
    if (pending.reject === undefined) return;
    pending.reject = undefined;
    if (--this.#underWay === 0) this.#timer?.unref();
  }

  /**
   * An answer that has arrived is read before its call counts as late: the time may have passed because a page kept the
   * process busy. Reading takes a turn of the event loop, and what a driver does with it another.
   */
  #wait(): NodeJS.Timeout {
    const left = Math.max(1, (this.#pending[0]?.until ?? 0) - performance.now());
    const timer = setTimeout(() => setImmediate(() => setImmediate(() => this.#endLate())), left);
    return this.#underWay === 0 ? timer.unref() : timer;
  }

  #endLate(): void {
    const now = performance.now();
    const first = this.#pending.findIndex(({ until, reject }) => reject !== undefined && until > now);
    for (const pending of this.#pending.splice(0, first === -1 ? this.#pending.length : first)) {
      const { reject } = pending;
      this.#end(pending);
      reject?.(new Late(this.#milliseconds));
    }
    this.#timer = this.#pending.length === 0 ? undefined : this.#wait();
  }
}
