// The time limit (docs/configuration.md, `limits.page_timeout`) of a page that runs for a program: in app.render() or as a view.
// After it the program gets a Problem. The page goes on, but can change nothing any more.

import type { Problem } from '../diagnostics/problem.ts';
import { interruption, logLate } from '../http/page-interruption.ts';
import type { ResponseDraft } from '../http/response-draft.ts';
import type { RunningPage } from '../http/running-pages.ts';
import type { RequestSession } from '../session/index.ts';

/** A page that runs, with the parts that the time limit closes. */
export interface ProgramPageParts {
  readonly name: string;
  /** The time limit. */
  readonly seconds: number;
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
  readonly draft?: ResponseDraft;
  readonly session?: RequestSession;
  /** Aborts the page's REQUEST.signal. */
  readonly abort?: (problem: Problem) => void;
}

/** A page that runs for a program. */
export class ProgramPage implements RunningPage {
  readonly sent = 0;
  readonly #page: ProgramPageParts;

  constructor(page: ProgramPageParts) {
    this.#page = page;
  }

  get seconds(): number {
    return this.#page.seconds;
  }

  get waits(): boolean {
    return this.#page.session?.busy === true;
  }

  problem(code: 'page-timeout' | 'page-interrupted'): Problem {
    return interruption(code, this.#page.name, this.seconds);
  }

  async interrupt(problem: Problem): Promise<void> {
    const { draft, session, abort } = this.#page;
    draft?.close(problem);
    try {
      await session?.interrupt(problem);
    } finally {
      abort?.(problem);
    }
  }

  failedLate(error: unknown): void {
    logLate(this.#page.log, this.#page.name, error);
  }
}
