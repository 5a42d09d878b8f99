// Runs a page for a program, which gets the page's output or a thrown error.

import { Problem } from '../diagnostics/problem.ts';
import type { LoadedPage } from '../pages/index.ts';
import type { PageScope, ResponseBody } from '../runtime/page-types.ts';

/**
 * The output of a page.
 * @param data the page's ARGS
 * @param limited applies the time limit to the page's promise
 * @throws (rejects with) Redirect, HttpErrorResult, or the page's own error. A redirect counts even if the page caught it, as
 * over HTTP
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
