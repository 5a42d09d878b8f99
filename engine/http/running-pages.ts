// The asynchronous pages that run, each with the time that it has left (contract section 3, limits.page_timeout).
// A synchronous page is never here: nothing can be done against one that does not end (process/stuck-worker.ts).

import type { Problem } from '../diagnostics/problem.ts';
import { Ticker } from './ticker.ts';

/** How often idle() looks. */
const IDLE_LOOK_MS = 10;

/** What is known of a page that runs. */
export interface RunningPage {
  /** Seconds that it has. */
  readonly seconds: number;
  /** Grows with everything that it sends: the time begins anew. */
  readonly sent: number;
  /** Whether it waits for something that has a limit of its own: the lock of its session, a client that is slow to read. */
  readonly waits: boolean;
  /** What is wrong when the time is over. */
  problem(code: 'page-timeout' | 'page-interrupted'): Problem;
  /** Takes everything from the page by which it could still change something; `problem` is what it meets from now on. */
  interrupt(problem: Problem): void | Promise<void>;
  /** It failed after it was interrupted. */
  failedLate(error: unknown): void;
}

interface TimedPage {
  readonly page: RunningPage;
  readonly fail: (error: unknown) => void;
  left_ms: number;
  /** What it had sent when the clock was last looked at; -1: it has just begun. */
  sent: number;
}

/** The pages of one site that run. */
export class RunningPages {
  readonly #runs = new Set<TimedPage>();
  readonly #ticker = new Ticker((elapsed) => this.#tick(elapsed), true);

  /** What a page gives, or a rejection with 'page-timeout' once it has been interrupted. */
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

  /** Waits until no page runs; those that still do after `patience_ms` are interrupted. */
  async end(patience_ms: number): Promise<void> {
    const until = performance.now() + patience_ms;
    while (this.#runs.size > 0 && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, IDLE_LOOK_MS));
    await this.interrupt();
  }

  /** Interrupts all that run. */
  async interrupt(): Promise<void> {
    await Promise.all([...this.#runs].map((run) => this.#interrupt(run, 'page-interrupted')));
  }

  #tick(elapsed: number): boolean {
    for (const run of this.#runs) {
      const { page } = run;
      if (page.sent !== run.sent) {
        run.sent = page.sent;
        run.left_ms = page.seconds * 1000;
        // What has passed since the clock was last looked at is not all its own.
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
