// The response of a page: its output, the body that it sent instead, or its redirect.

import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { Problem } from '../diagnostics/problem.ts';
import type { LoadedPage } from '../pages/index.ts';
import { HttpError } from '../runtime/page-result.ts';
import type { PageScope } from '../runtime/page-types.ts';
import { siteReference } from '../runtime/site-reference.ts';
import { continueWith } from '../session/maybe-promise.ts';
import { GUARDED_HEADERS } from './guarded-headers.ts';
import { PAGE_CONTENT_TYPES } from './page-content-type.ts';
import { recover } from './recover.ts';
import { redirectResponse } from './redirect-response.ts';
import type { HttpResponse, RequestContext, ResponseStream } from './request-context.ts';
import { RequestScope } from './request-scope.ts';
import { isPiece, type ResponseDraft } from './response-draft.ts';
import { RunningRequestPage } from './running-request-page.ts';
import { StreamedResponse } from './streamed-response.ts';

const TEXT = PAGE_CONTENT_TYPES.text;
const BYTES = 'application/octet-stream';

/** Runs a page. An asynchronous page is interrupted after `limits.page_timeout`. */
export function renderedResponse(
  context: RequestContext,
  page: LoadedPage,
  draft: ResponseDraft,
): HttpResponse | Promise<HttpResponse> {
  const response = pageResponse(context, page, draft);
  if (!(response instanceof Promise)) return response;
  return context.site.running.within(response, new RunningRequestPage(context, page, draft));
}

/** Runs a page without a time limit. */
export function pageResponse(
  context: RequestContext,
  page: LoadedPage,
  draft: ResponseDraft,
): HttpResponse | Promise<HttpResponse> {
  const run = { context, page, draft, scope: new RequestScope(context, draft) };
  return recover<CodeRun, HttpResponse>(run, runPage, failRun);
}

/**
 * Runs a guard, without a time limit. It answers by `redirect()`, `RESPONSE.send()` or an error; otherwise the result is
 * undefined.
 */
export function guardResponse(
  context: RequestContext,
  guard: LoadedPage,
  scope: PageScope,
): HttpResponse | undefined | Promise<HttpResponse | undefined> {
  const run = { context, page: guard, draft: context.draft, scope };
  return recover<CodeRun, HttpResponse | undefined>(run, runGuard, failRun);
}

/** One run of a page or a guard. */
interface CodeRun {
  readonly context: RequestContext;
  readonly page: LoadedPage;
  readonly draft: ResponseDraft;
  readonly scope: PageScope;
}

function runPage(run: CodeRun): HttpResponse | Promise<HttpResponse> {
  return continueWith(run.page.render(run.scope), run, endPage);
}

function endPage(run: CodeRun, output: string): HttpResponse | Promise<HttpResponse> {
  const { stream } = run.context;
  // Waits for pieces that the page has flushed without awaiting them.
  return stream === undefined ? outputResponse(run, output) : endStream(stream, run, output);
}

async function endStream(stream: ResponseStream, run: CodeRun, output: string): Promise<HttpResponse> {
  await stream.idle();
  return outputResponse(run, output);
}

function runGuard(run: CodeRun): HttpResponse | undefined | Promise<HttpResponse | undefined> {
  return continueWith(run.page.render(run.scope), run, endGuard);
}

function endGuard(run: CodeRun): HttpResponse | undefined | Promise<HttpResponse> {
  const hasAnswered = run.scope.redirected !== undefined || run.draft.sent !== undefined;
  return hasAnswered ? outputResponse(run, '') : undefined;
}

/** If the page has called `redirect()`, the response is that redirect, also if the page fails afterwards. */
function failRun({ context, page, draft, scope }: CodeRun, error: unknown): HttpResponse | Promise<never> {
  if (context.stream !== undefined) return afterStream(context.stream, error);
  if (scope.redirected === undefined) throw error;
  if (error !== scope.redirected) {
    context.site.options.log('error', `${page.name} failed after it had called redirect()`, error);
  }
  return redirectResponse(scope.redirected, draft);
}

/** Rejects with the error when no piece is on its way: only then it is known whether the response has begun. */
function afterStream(stream: ResponseStream, error: unknown): Promise<never> {
  const fail = () => {
    throw error;
  };
  return stream.idle().then(fail, fail);
}

/** The response of a run that has ended. */
function outputResponse(
  { context, page, draft, scope: { redirected } }: CodeRun,
  output: string,
): HttpResponse | Promise<HttpResponse> {
  if (redirected !== undefined) return redirectResponse(redirected, draft);
  const { status, sent } = draft;
  if (sent === undefined) return { status, body: output, type: PAGE_CONTENT_TYPES[page.kind], draft };
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
  const headers = ['Location', location];
  if (context.guards.length === 0) return { status: 308, body: '', type: TEXT, headers };
  return {
    status: 308,
    body: '',
    type: TEXT,
    draft: context.draft,
    headers: [...headers, ...GUARDED_HEADERS],
  };
}
