// Runs a page, and the guards before it, for a program, which gets the page's output or a thrown error.

import { Problem } from '../diagnostics/problem.ts';
import type { Guard, LoadedPage, Pages } from '../pages/index.ts';
import { strongestNeed } from '../pages/page-closure.ts';
import { GuardScope } from '../runtime/guard-scope.ts';
import type { PageScope, ResponseBody } from '../runtime/page-types.ts';

/** A guard, loaded. */
interface LoadedGuard {
  readonly page: LoadedPage;
  readonly params: Guard['params'];
}

/** A page with the guards that run before it, the outermost first. */
export interface RunnablePage {
  readonly page: LoadedPage;
  readonly guards: readonly LoadedGuard[];
}

/** One run of a page for a program. */
interface PageRun {
  readonly scope: PageScope;
  /** The page's ARGS. */
  readonly data: unknown;
  /** Whether a guard has ended the run by RESPONSE.send(). */
  readonly isAnswered: () => boolean;
  /** Applies the time limit to the promise of the run. */
  readonly limited: (printed: Promise<string>) => Promise<string>;
}

/** Loads a page and its guards. */
export async function loadRunnable(
  pages: Pick<Pages, 'load' | 'loadGuard'>,
  file: string,
  guards: readonly Guard[],
): Promise<RunnablePage> {
  const loaded: LoadedGuard[] = [];
  for (const guard of guards) loaded.push({ page: await pages.loadGuard(guard.file), params: guard.params });
  return { page: await pages.load(file), guards: loaded };
}

/**
 * The output of a page.
 * @throws (rejects with) Redirect, HttpErrorResult, or the page's own error. A redirect counts even if the page caught it, as
 * over HTTP
 */
export async function runPage({ page, guards }: RunnablePage, run: PageRun): Promise<string> {
  const { scope, limited } = run;
  try {
    await scope.begin(strongestNeed([page.need, ...guards.map((guard) => guard.page.need)]));
    if (guards.length > 0) await limited(runGuards(guards, run));
    if (scope.redirected === undefined && run.isAnswered()) return '';
    if (scope.redirected === undefined) {
      const printed = page.render(scope, run.data);
      const output = typeof printed === 'string' ? printed : await limited(printed);
      if (scope.redirected === undefined) return output;
    }
  } catch (error) {
    if (scope.redirected === undefined) throw error;
  }
  throw scope.redirected;
}

/** Runs the guards until one of them redirects or answers. */
async function runGuards(guards: readonly LoadedGuard[], { scope, isAnswered }: PageRun): Promise<string> {
  for (const { page, params } of guards) {
    await page.render(new GuardScope(scope, params));
    if (scope.redirected !== undefined || isAnswered()) break;
  }
  return '';
}

/**
 * The text of a page: its printed output, or the text that it gave to RESPONSE.send() instead.
 * @throws Problem `page-sends-bytes` if the page has sent bytes or a stream
 */
export function renderedText({ sent }: { readonly sent: ResponseBody | undefined }, printed: string): string {
  if (sent === undefined) return printed;
  if (typeof sent === 'string') return sent;
  throw new Problem('page-sends-bytes', {
    params: { what: sent instanceof Uint8Array ? 'bytes' : 'a stream' },
  });
}
