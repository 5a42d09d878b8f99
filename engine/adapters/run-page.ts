// Runs a page for a program: its output, or what it ended with instead as a thrown error.

import { Problem } from '../diagnostics/problem.ts';
import type { LoadedPage } from '../pages/index.ts';
import type { PageScope, ResponseBody } from '../runtime/page-types.ts';

/**
 * What a page prints.
 * @param data its ARGS
 * @param limited what its promise is held to
 * @throws (rejects with) Redirect, HttpErrorResult, or the page's own error; a redirect wins, as it does over HTTP
 */
export async function runPage(
  page: LoadedPage,
  scope: PageScope,
  data: unknown,
  limited: (printed: Promise<string>) => Promise<string>,
): Promise<string> {
  try {
    await scope.begin(page.need);
    const printed = page.render(scope, data);
    const output = typeof printed === 'string' ? printed : await limited(printed);
    if (scope.redirected === undefined) return output;
  } catch (error) {
    if (scope.redirected === undefined) throw error;
  }
  throw scope.redirected;
}

/**
 * A page's text: what it has printed to its end, or sent instead.
 * @throws Problem `page-sends-bytes`
 */
export function renderedText({ sent }: { readonly sent: ResponseBody | undefined }, printed: string): string {
  if (sent === undefined) return printed;
  if (typeof sent === 'string') return sent;
  throw new Problem('page-sends-bytes', {
    params: { what: sent instanceof Uint8Array ? 'bytes' : 'a stream' },
  });
}
