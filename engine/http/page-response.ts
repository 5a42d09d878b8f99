// From what a page did to what will be written: its output, what it sent instead, or its redirect.

import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { Problem } from '../diagnostics/problem.ts';
import type { LoadedPage } from '../pages/index.ts';
import { HttpError, type Redirect } from '../runtime/page-result.ts';
import { siteReference } from '../runtime/site-reference.ts';
import { chain, recover } from './maybe-promise.ts';
import type { HttpResponse, RequestContext, ResponseStream } from './request-context.ts';
import { RequestScope } from './request-scope.ts';
import { isPiece, type ResponseDraft } from './response-draft.ts';
import { RunningRequestPage } from './running-request-page.ts';
import { StreamedResponse } from './streamed-response.ts';

const HTML = 'text/html; charset=utf-8';
const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';

/** Runs a page, an asynchronous one for as long as `limits.page_timeout` allows. */
export function renderedResponse(
  context: RequestContext,
  page: LoadedPage,
  draft: ResponseDraft,
): HttpResponse | Promise<HttpResponse> {
  const response = responseOf(context, page, draft);
  if (!(response instanceof Promise)) return response;
  return context.site.running.within(response, new RunningRequestPage(context, page, draft));
}

/** A redirect that the page called is the reply, whatever it did after it. */
function responseOf(
  context: RequestContext,
  page: LoadedPage,
  draft: ResponseDraft,
): HttpResponse | Promise<HttpResponse> {
  const scope = new RequestScope(context, draft);
  return recover(
    () =>
      chain(page.render(scope), (output) => {
        const response = () => pageResponse(context, output, draft, scope.redirected);
        // What the page flushed without awaiting it.
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

/** Whether the response has begun, and its error can only cut it off, is known when nothing is on its way any more. */
function afterStream(stream: ResponseStream, error: unknown): Promise<never> {
  const fail = () => {
    throw error;
  };
  return stream.idle().then(fail, fail);
}

/** The reply of a page that has come to its end. */
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
  // Text of an unnamed kind is not shown as HTML: it may hold what a visitor has typed.
  return { status, body: sent, type: typeof sent === 'string' ? TEXT : BYTES, draft };
}

/** Sends a stream's pieces; what is left for the reply is to end it. An error before the first piece is an ordinary one. */
async function streamedResponse(
  context: RequestContext,
  pieces: AsyncIterable<unknown>,
  draft: ResponseDraft,
): Promise<HttpResponse> {
  const { request } = context;
  const { signal } = request;
  // A web stream is cancelled at once; a generator ends where it stands when it goes on.
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

/** The reply of `redirect()`: the page's headers and cookies go with it. */
function redirectResponse({ status, location }: Redirect, draft: ResponseDraft): HttpResponse {
  draft.headers.set('Location', location);
  draft.headers.delete('Content-Type');
  return { status, body: '', type: TEXT, draft };
}

/** The reply to OPTIONS where no page asks for the method. */
export function optionsResponse(allow: string): HttpResponse {
  return { status: 204, body: '', type: TEXT, headers: ['Allow', allow] };
}

/**
 * The reply that sends a visitor from a folder's name to its slash, with the query kept.
 * @throws HttpError 404 where the path that the visitor wrote would lead to another site
 */
export function folderRedirect(context: RequestContext, path: string): HttpResponse {
  const { mount, search } = context.target;
  const location = siteReference(mount + path + search, () => context.request.url);
  if (location === undefined) throw HttpError(404);
  return { status: 308, body: '', type: TEXT, headers: ['Location', location] };
}
