// A coarse clock for limits of several seconds: one timer for all watched objects, instead of one for each request. Time during
// which the process does not run (a debugger, SIGSTOP, a sleeping computer) does not count.

/** The interval in milliseconds. A limit is exceeded by at most this time. */
const TICK_MS = 500;

/** Calls a function at intervals while it has objects to watch. */
export class Ticker {
  readonly #tick: (elapsed_ms: number) => boolean;
  readonly #holds: boolean;
  #timer: NodeJS.Timeout | undefined = undefined;
  #last = 0;

  /**
   * @param tick gets the elapsed time; returns false when no object is left to watch
   * @param holds whether the timer keeps the process running
   */
  constructor(tick: (elapsed_ms: number) => boolean, holds: boolean) {
    this.#tick = tick;
    this.#holds = holds;
  }

  /** Starts the timer, if it does not run. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#last = performance.now();
    this.#timer = setInterval(() => this.#look(), TICK_MS);
    if (!this.#holds) this.#timer.unref();
  }

  #look(): void {
    const now = performance.now();
    const elapsed = Math.min(now - this.#last, 2 * TICK_MS);
    this.#last = now;
    if (this.#tick(elapsed)) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
