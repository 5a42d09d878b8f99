// A page that runs for a request, as its time limit sees it. When the time is over the page itself goes on (JavaScript cannot
// stop it), so everything by which it could still change something is closed to it: its session, its response.

import type { Problem } from '../diagnostics/problem.ts';
import type { LoadedPage } from '../pages/index.ts';
import type { Exchange } from './exchange.ts';
import { interruption, logLate, timeoutReason } from './interruption.ts';
import type { ResponseDraft } from './response.ts';
import type { RunningPage } from './running-pages.ts';

/** A page, or a page of error_pages, of one request. */
export class PageOfRequest implements RunningPage {
  readonly #exchange: Exchange;
  readonly #page: LoadedPage;
  readonly #draft: ResponseDraft;

  constructor(exchange: Exchange, page: LoadedPage, draft: ResponseDraft) {
    this.#exchange = exchange;
    this.#page = page;
    this.#draft = draft;
  }

  get seconds(): number {
    return this.#exchange.settings.config.limits.page_timeout;
  }

  get sent(): number {
    return this.#exchange.stream?.sent ?? 0;
  }

  get waits(): boolean {
    const { session, stream } = this.#exchange;
    return session?.busy === true || stream?.sending === true;
  }

  problem(code: 'page-timeout' | 'page-interrupted'): Problem {
    return interruption(code, this.#page.name, this.seconds);
  }

  /** First the session, since the signal would take the request out of the queue for its lock. */
  async interrupt(problem: Problem): Promise<void> {
    const exchange = this.#exchange;
    exchange.session_error ??= problem;
    exchange.stream?.refuse(problem);
    this.#draft.close(problem);
    try {
      await exchange.session?.interrupt(problem);
    } finally {
      exchange.request.interrupt(timeoutReason(problem));
    }
  }

  failedLate(error: unknown): void {
    logLate(this.#exchange.site.options.log, this.#page.name, error);
  }
}
