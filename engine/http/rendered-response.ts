// The response of a page: its output, the body that it sent instead, or its redirect.

import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { Problem } from '../diagnostics/problem.ts';
import type { LoadedPage } from '../pages/index.ts';
import { HttpError, type Redirect } from '../runtime/page-result.ts';
import { siteReference } from '../runtime/site-reference.ts';
import { andThen } from '../session/maybe-promise.ts';
import { recover } from './recover.ts';
import type { HttpResponse, RequestContext, ResponseStream } from './request-context.ts';
import { RequestScope } from './request-scope.ts';
import { isPiece, type ResponseDraft } from './response-draft.ts';
import { RunningRequestPage } from './running-request-page.ts';
import { StreamedResponse } from './streamed-response.ts';

const HTML = 'text/html; charset=utf-8';
const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';

/** Runs a page. An asynchronous page is interrupted after `limits.page_timeout`. */
export function renderedResponse(
  context: RequestContext,
  page: LoadedPage,
  draft: ResponseDraft,
): HttpResponse | Promise<HttpResponse> {
  const response = responseOf(context, page, draft);
  if (!(response instanceof Promise)) return response;
  return context.site.running.within(response, new RunningRequestPage(context, page, draft));
}

/** If the page has called `redirect()`, the response is that redirect, also if the page fails afterwards. */
function responseOf(
  context: RequestContext,
  page: LoadedPage,
  draft: ResponseDraft,
): HttpResponse | Promise<HttpResponse> {
  const scope = new RequestScope(context, draft);
  return recover(
    () =>
      andThen(page.render(scope), (output) => {
        const response = () => pageResponse(context, output, draft, scope.redirected);
        // Waits for pieces that the page has flushed without awaiting them.
        return context.stream === undefined ? response() : context.stream.idle().then(response);
      }),
    (error) => {
      if (context.stream !== undefined) return afterStream(context.stream, error);
      if (scope.redirected === undefined) throw error;
      if (error !== scope.redirected) {
        context.site.options.log('error', `${page.name} failed after it had called redirect()`, error);
      }
      return redirectResponse(scope.redirected, draft);
    },
  );
}

/** Rejects with the error when no piece is on its way: only then it is known whether the response has begun. */
function afterStream(stream: ResponseStream, error: unknown): Promise<never> {
  const fail = () => {
    throw error;
  };
  return stream.idle().then(fail, fail);
}

/** The response of a page that has ended. */
function pageResponse(
  context: RequestContext,
  output: string,
  draft: ResponseDraft,
  redirected?: Redirect,
): HttpResponse | Promise<HttpResponse> {
  if (redirected !== undefined) return redirectResponse(redirected, draft);
  const { status, sent } = draft;
  if (sent === undefined) return { status, body: output, type: HTML, draft };
  if (!isPiece(sent)) return streamedResponse(context, sent, draft);
  // Text without a Content-Type is not sent as HTML, because it may contain a visitor's input.
  return { status, body: sent, type: typeof sent === 'string' ? TEXT : BYTES, draft };
}

/**
 * Sends the pieces of a stream; the returned response only ends it. An error before the first piece is answered as any other.
 */
async function streamedResponse(
  context: RequestContext,
  pieces: AsyncIterable<unknown>,
  draft: ResponseDraft,
): Promise<HttpResponse> {
  const { request } = context;
  const { signal } = request;
  // A web stream is cancelled at once; a generator ends at its current `yield`.
  const source =
    pieces instanceof ReadableStream
      ? Readable.fromWeb(pieces, { signal, objectMode: true })
      : Readable.from(pieces, { signal });
  if (request.method === 'HEAD') source.destroy();
  else {
    for await (const piece of source) {
      if (!isPiece(piece))
        throw new Problem('response-body', { params: { type: `a stream of ${typeof piece}` } });
      context.stream ??= new StreamedResponse(context, draft, typeof piece === 'string' ? TEXT : BYTES);
      await context.stream.send(piece);
    }
  }
  context.stream ??= new StreamedResponse(context, draft, BYTES);
  await context.stream.send('');
  return { status: draft.status, body: '', type: BYTES, draft };
}

/** The response of `redirect()`, with the page's headers and cookies. */
function redirectResponse({ status, location }: Redirect, draft: ResponseDraft): HttpResponse {
  draft.headers.set('Location', location);
  draft.headers.delete('Content-Type');
  return { status, body: '', type: TEXT, draft };
}

/** The response to OPTIONS if no page reads the method. */
export function optionsResponse(allow: string): HttpResponse {
  return { status: 204, body: '', type: TEXT, headers: ['Allow', allow] };
}

/**
 * The redirect from a folder's name to the same name with a slash. The query is kept.
 * @throws HttpError 404 if the path would lead to another site
 */
export function folderRedirect(context: RequestContext, path: string): HttpResponse {
  const { mount, search } = context.target;
  const location = siteReference(mount + path + search, () => context.request.url);
  if (location === undefined) throw HttpError(404);
  return { status: 308, body: '', type: TEXT, headers: ['Location', location] };
}
