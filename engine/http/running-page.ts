// A page that runs for a request, as its time limit sees it. When the time is over the page itself goes on (JavaScript cannot
// stop it), so everything by which it could still change something is closed to it: its session, its response.

import { Problem } from '../diagnostics/problem.ts';
import type { LoadedPage } from '../pages/index.ts';
import type { Exchange } from './exchange.ts';
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

/** What is wrong with a page that has not ended. Its stack would show the clock. */
export function interruption(
  code: 'page-timeout' | 'page-load-timeout' | 'page-interrupted',
  page: string,
  seconds: number,
): Problem {
  const problem = new Problem(code, { holes: { page, seconds } });
  problem.stack = `${problem.name}: ${problem.message}`;
  return problem;
}

/** What REQUEST.signal is aborted with; named as AbortSignal.timeout() names it. */
export function timeoutReason(problem: Problem): DOMException {
  return new DOMException(problem.text, 'TimeoutError');
}

/** Logs what an interrupted page failed with, unless it only says that it was interrupted. */
export function logLate(
  log: (level: 'error', message: string, cause: unknown) => void,
  page: string,
  error: unknown,
): void {
  const told = isInterruption(error);
  const aborted = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
  if (!told && !aborted) log('error', `page '${page}' failed after it had been interrupted`, error);
}

/** Whether an error says that a page was interrupted. */
export function isInterruption(error: unknown): boolean {
  return error instanceof Problem && INTERRUPTED.has(error.code);
}

const INTERRUPTED: ReadonlySet<string> = new Set(['page-timeout', 'page-interrupted']);

/** The loading of a page, which waits for its modules. */
export class LoadingPage implements RunningPage {
  readonly sent = 0;
  readonly waits = false;
  readonly seconds: number;
  readonly #name: string;
  readonly #log: Exchange['site']['options']['log'];

  constructor(name: string, seconds: number, log: Exchange['site']['options']['log']) {
    this.#name = name;
    this.seconds = seconds;
    this.#log = log;
  }

  problem(code: 'page-timeout' | 'page-interrupted'): Problem {
    return interruption(code === 'page-timeout' ? 'page-load-timeout' : code, this.#name, this.seconds);
  }

  interrupt(): void {}

  failedLate(error: unknown): void {
    logLate(this.#log, this.#name, error);
  }
}
