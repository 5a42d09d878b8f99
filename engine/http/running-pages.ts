// The asynchronous pages that run, each with its remaining time (docs/configuration.md, `limits.page_timeout`). A synchronous page
// that does not end blocks the process; the watchdog ends it (process/watchdog.ts).

import type { Problem } from '../diagnostics/problem.ts';
import { Ticker } from './ticker.ts';

/** The interval at which `end()` looks for running pages. */
const IDLE_LOOK_MS = 10;

/** A running page. */
export interface RunningPage {
  /** Its time limit in seconds. */
  readonly seconds: number;
  /** The number of pieces that it has sent; each one restarts the limit. */
  readonly sent: number;
  /** Whether it waits for the lock of its session or for a slow client, which have limits of their own. */
  readonly waits: boolean;
  /** The Problem when the limit is reached, or when the page is interrupted before. */
  problem(code: 'page-timeout' | 'page-interrupted'): Problem;
  /** Closes the session and the response of the page: from now on they throw `problem`. */
  interrupt(problem: Problem): void | Promise<void>;
  /** Called if the page fails after its interruption. */
  failedLate(error: unknown): void;
}

interface TimedPage {
  readonly page: RunningPage;
  readonly fail: (error: unknown) => void;
  left_ms: number;
  /** The pieces that it had sent at the last tick; -1 before the first one. */
  sent: number;
}

/** The running pages of one site. */
export class RunningPages {
  readonly #runs = new Set<TimedPage>();
  readonly #ticker = new Ticker((elapsed) => this.#tick(elapsed), true);

  /** The result of a page. Rejects with Problem `page-timeout` or `page-interrupted` if the page was interrupted. */
  within<T>(result: Promise<T>, page: RunningPage): Promise<T> {
    return new Promise((resolve, reject) => {
      const run: TimedPage = { page, fail: reject, left_ms: page.seconds * 1000, sent: -1 };
      this.#runs.add(run);
      this.#ticker.start();
      result.then(
        (value) => {
          if (this.#runs.delete(run)) resolve(value);
        },
        (error) => {
          if (this.#runs.delete(run)) reject(error);
          else page.failedLate(error);
        },
      );
    });
  }

  /** Waits until no page runs. Pages that still run after `patience_ms` are interrupted. */
  async end(patience_ms: number): Promise<void> {
    const until = performance.now() + patience_ms;
    while (this.#runs.size > 0 && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, IDLE_LOOK_MS));
    await this.interrupt();
  }

  /** Interrupts all running pages. */
  async interrupt(): Promise<void> {
    await Promise.all([...this.#runs].map((run) => this.#interrupt(run, 'page-interrupted')));
  }

  #tick(elapsed: number): boolean {
    for (const run of this.#runs) {
      const { page } = run;
      if (page.sent !== run.sent) {
        run.sent = page.sent;
        run.left_ms = page.seconds * 1000;
        // The piece was sent some time after the last tick, so the elapsed time is not counted.
        continue;
      }
      if (page.waits) continue;
      run.left_ms -= elapsed;
      if (run.left_ms <= 0) void this.#interrupt(run, 'page-timeout');
    }
    return this.#runs.size > 0;
  }

  async #interrupt(run: TimedPage, code: 'page-timeout' | 'page-interrupted'): Promise<void> {
    this.#runs.delete(run);
    const problem = run.page.problem(code);
    try {
      await run.page.interrupt(problem);
    } catch (error) {
      run.page.failedLate(error);
    }
    run.fail(problem);
  }
}
