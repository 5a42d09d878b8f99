// The pages that the configuration names for a status (error_pages). They run in the same request, with a scope of their
// own; one that fails itself is logged and replaced by the plain page. A session that the request could not have, the error
// page has not either: its Session() throws what was the matter, of which it may say what it likes, or the plain page does.

import { isUtf8 } from 'node:buffer';
import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { errorPageKind } from '../../config/error-page-kind.ts';
import { Problem } from '../diagnostics/problem.ts';
import { isThere } from '../pages/error-page-files.ts';
import type { LoadedPage } from '../pages/index.ts';
import { isInside } from '../pages/inside.ts';
import { isOutage } from '../session/index.ts';
import { chain, recover } from './maybe-promise.ts';
import { isInterruption } from './page-interruption.ts';
import { renderedResponse } from './page-response.ts';
import type { HttpResponse, RequestContext } from './request-context.ts';
import { ResponseDraft } from './response-draft.ts';

/**
 * The reply that a site's own error page makes.
 * @param file absolute path of a page, or of a file that is sent as it is
 * @param plain the reply when it fails
 */
export function errorPageResponse(
  context: RequestContext,
  status: number,
  file: string,
  plain: HttpResponse,
): HttpResponse | Promise<HttpResponse> {
  return recover(
    () => answer(context, status, file, plain),
    (cause) => {
      if (isLoggedAlready(context, cause)) return plain;
      logFailure(context, status, file, cause);
      return plain;
    },
  );
}

/** The configuration has judged the name; here it is the file that the name leads to. */
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

/** A page that was deleted while the site runs is told once; no request is the first to find out what is wrong with it. */
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
  return chain(context.load(file), (page: LoadedPage) => {
    context.error_page = page;
    const begun = recover(
      () => context.acquireSession(page),
      () => undefined,
    );
    return chain(begun, () =>
      chain(renderedResponse(context, page, draft), (response) => withHeadersOf(response, plain)),
    );
  });
}

/** What keeps the session from being used was logged before, when it did or by the store that cannot be used. */
function isLoggedAlready({ session_error, error }: RequestContext, cause: unknown): boolean {
  if (isOutage(cause)) return true;
  // An error page that was itself interrupted is not told yet.
  return (
    session_error !== undefined && cause === session_error && (cause === error || !isInterruption(cause))
  );
}

async function fromFile(file: string, plain: HttpResponse): Promise<HttpResponse> {
  const bytes = await readFile(file);
  // Another encoding, which the file itself may declare, must not be read as UTF-8.
  if (!isUtf8(bytes)) return { ...plain, body: bytes, type: 'text/html' };
  return { ...plain, body: bytes.toString('utf8'), type: 'text/html; charset=utf-8' };
}

/** What the failed page may still say: its cookies and a challenge, below what the error page says itself. */
function withHeadersOf(response: HttpResponse, plain: HttpResponse): HttpResponse {
  const given = plain.draft?.touchedHeaders;
  if (given !== undefined && response.draft !== undefined) {
    for (const [name, value] of given) {
      if (name === 'set-cookie' || !response.draft.headers.has(name))
        response.draft.headers.append(name, value);
    }
  }
  return { ...response, headers: plain.headers ?? [] };
}
