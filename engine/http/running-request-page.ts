// A page that runs for a request and has a time limit. When the limit is reached, the page keeps running, because JavaScript
// cannot stop it. So its session and its response are closed.

import type { Problem } from '../diagnostics/problem.ts';
import { interruption, logLate, timeoutAbortReason } from './page-interruption.ts';
import type { RequestContext } from './request-context.ts';
import type { ResponseDraft } from './response-draft.ts';
import type { RunningPage } from './running-pages.ts';

/** A page or an error page of one request. */
export class RunningRequestPage implements RunningPage {
  readonly #context: RequestContext;
  readonly #page: { readonly name: string };
  readonly #draft: ResponseDraft;

  constructor(context: RequestContext, page: { readonly name: string }, draft: ResponseDraft) {
    this.#context = context;
    this.#page = page;
    this.#draft = draft;
  }

  get seconds(): number {
    return this.#context.settings.config.limits.page_timeout;
  }

  get sent(): number {
    return this.#context.stream?.sent ?? 0;
  }

  get waits(): boolean {
    const { session, stream } = this.#context;
    return session?.busy === true || stream?.sending === true;
  }

  problem(code: 'page-timeout' | 'page-interrupted'): Problem {
    return interruption(code, this.#page.name, this.seconds);
  }

  /** Interrupts the session first, because the signal would remove the request from the lock queue. */
  async interrupt(problem: Problem): Promise<void> {
    const context = this.#context;
    context.session_error ??= problem;
    context.stream?.refuse(problem);
    this.#draft.close(problem);
    try {
      await context.session?.interrupt(problem);
    } finally {
      context.request.interrupt(timeoutAbortReason(problem));
    }
  }

  failedLate(error: unknown): void {
    logLate(this.#context.site.options.log, this.#page.name, error);
  }
}
