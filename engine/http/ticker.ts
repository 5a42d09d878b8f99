// A coarse clock for what may take seconds: one timer for everything that is watched, instead of one for each request.
// Time during which the process does not run (a debugger, SIGSTOP, a laptop that sleeps) does not count.

/** How often is looked; a limit is exceeded by at most so much. */
const TICK_MS = 500;

/** Calls back while there is something to watch. */
export class Ticker {
  readonly #tick: (elapsed_ms: number) => boolean;
  readonly #holds: boolean;
  #timer: NodeJS.Timeout | undefined = undefined;
  #last = 0;

  /**
   * @param tick told how much time has passed; gives false when nothing is left to watch
   * @param holds whether the process must not exit meanwhile, since somebody waits for the outcome
   */
  constructor(tick: (elapsed_ms: number) => boolean, holds: boolean) {
    this.#tick = tick;
    this.#holds = holds;
  }

  /** To be called when something is to be watched; it costs nothing while the clock runs. */
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
