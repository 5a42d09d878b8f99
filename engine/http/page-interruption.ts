// The interruption of a page: its Problem, the reason of the page's abort signal, and the log of errors that follow it.

import { Problem } from '../diagnostics/problem.ts';
import type { RunningPage } from './running-pages.ts';

type Log = (level: 'warn' | 'error', message: string, cause?: unknown) => void;

/** The Problem of a page that has not ended. It has no frames, because they would be those of the timer. */
export function interruption(
  code: 'page-timeout' | 'page-load-timeout' | 'page-interrupted',
  page: string,
  seconds: number,
): Problem {
  const problem = new Problem(code, { params: { page, seconds } });
  problem.stack = `${problem.name}: ${problem.message}`;
  return problem;
}

/** The reason with which REQUEST.signal is aborted; its name is that of AbortSignal.timeout(). */
export function timeoutAbortReason(problem: Problem): DOMException {
  return new DOMException(problem.text, 'TimeoutError');
}

/** Logs an error of a page that was interrupted before, unless the error only reports the interruption. */
export function logLate(log: Log, page: string, error: unknown): void {
  const told = isInterruption(error);
  const aborted = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
  if (!told && !aborted) log('error', `page '${page}' failed after it had been interrupted`, error);
}

/** Whether an error reports the interruption of a page. */
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
  readonly #log: Log;

  constructor(name: string, seconds: number, log: Log) {
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
