// The site's own error pages (`error_pages` in the configuration). An error page runs in the same request with its own scope.
// If it fails, the error is logged and the plain status page is sent. If the request could not get its session, `Session()` of
// the error page throws the same error.

import { isUtf8 } from 'node:buffer';
import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { errorPageKind } from '../../config/error-page-kind.ts';
import { Problem } from '../diagnostics/problem.ts';
import { isThere } from '../pages/error-page-files.ts';
import type { LoadedPage } from '../pages/index.ts';
import { isInside } from '../pages/site-paths.ts';
import { isOutage } from '../session/index.ts';
import { andThen } from '../session/maybe-promise.ts';
import { isInterruption } from './page-interruption.ts';
import { recover } from './recover.ts';
import { renderedResponse } from './rendered-response.ts';
import type { HttpResponse, RequestContext } from './request-context.ts';
import { ResponseDraft } from './response-draft.ts';

/**
 * The response of a site's own error page.
 * @param file absolute path of a page, or of a file that is sent unchanged
 * @param plain the response if the error page fails
 */
export function errorPageResponse(
  context: RequestContext,
  status: number,
  file: string,
  plain: HttpResponse,
): HttpResponse | Promise<HttpResponse> {
  return recover(
    context,
    () => answer(context, status, file, plain),
    (_, cause) => {
      if (isLoggedAlready(context, cause)) return plain;
      logFailure(context, status, file, cause);
      return plain;
    },
  );
}

/** The configuration has checked the name. The file that it leads to is checked here, because it may be a link. */
function answer(
  context: RequestContext,
  status: number,
  file: string,
  plain: HttpResponse,
): HttpResponse | Promise<HttpResponse> {
  const { root } = context.pages;
  const real = realpathSync.native(file);
  const kind = isInside(root, real) ? errorPageKind(real) : undefined;
  if (kind === undefined) {
    const page = relative(root, file);
    throw new Problem('error-page-file', { file: page, params: { page, real: relative(root, real) } });
  }
  return kind === 'page' ? fromPage(context, status, file, plain) : fromFile(real, plain);
}

/** An error page that was deleted while the site runs is logged once; all other errors are logged each time. */
function logFailure({ site, pages }: RequestContext, status: number, file: string, cause: unknown): void {
  const params = { page: relative(pages.root, file), status };
  if (isThere(file)) {
    site.missing_error_pages.delete(file);
    site.options.log('error', new Problem('error-page-failed', { params }).message, cause);
  } else if (!site.missing_error_pages.has(file)) {
    site.missing_error_pages.add(file);
    const { text, remedy } = new Problem('error-page-missing', { params });
    site.options.log('error', `${text}; a plain page is sent. ${remedy}`);
  }
}

function fromPage(
  context: RequestContext,
  status: number,
  file: string,
  plain: HttpResponse,
): HttpResponse | Promise<HttpResponse> {
  const draft = new ResponseDraft(context.request, status);
  context.shown_files?.include(file);
  return andThen(context.load(file), (page: LoadedPage) => {
    const begun = recover(
      context,
      () => context.acquireSession(page.need),
      () => undefined,
    );
    return andThen(begun, () =>
      andThen(renderedResponse(context, page, draft), (response) => withHeadersOf(response, plain, context)),
    );
  });
}

/** Whether the error was logged before: an outage by the store, any other session error when it occurred. */
function isLoggedAlready({ session_error, error }: RequestContext, cause: unknown): boolean {
  if (isOutage(cause)) return true;
  // The interruption of the error page itself is not logged yet.
  return (
    session_error !== undefined && cause === session_error && (cause === error || !isInterruption(cause))
  );
}

async function fromFile(file: string, plain: HttpResponse): Promise<HttpResponse> {
  const bytes = await readFile(file);
  // The file may declare another encoding itself.
  if (!isUtf8(bytes)) return { ...plain, body: bytes, type: 'text/html' };
  return { ...plain, body: bytes.toString('utf8'), type: 'text/html; charset=utf-8' };
}

/** Adds the headers of the failed page, such as cookies and WWW-Authenticate. Headers of the error page take precedence. */
function withHeadersOf(
  response: HttpResponse,
  plain: HttpResponse,
  { send_again }: RequestContext,
): HttpResponse {
  // The page may show the fields of the request, so no cache may keep it.
  if (send_again !== undefined) response.draft?.headers.set('Cache-Control', 'no-store');
  const given = plain.draft?.touchedHeaders;
  if (given !== undefined && response.draft !== undefined) {
    for (const [name, value] of given) {
      if (name === 'set-cookie' || !response.draft.headers.has(name))
        response.draft.headers.append(name, value);
    }
  }
  return { ...response, headers: plain.headers ?? [] };
}
