// The response to an error: the site's own error page, the developer page under debug, or a plain status
// page. An error of the site itself is logged here, once, with an id.

import { randomBytes } from 'node:crypto';
import { Problem } from '../diagnostics/problem.ts';
import { errorPageFile } from '../pages/error-page-files.ts';
import { HttpErrorResult } from '../runtime/page-result.ts';
import { isOutage, isUnavailable } from '../session/index.ts';
import { andThen } from '../session/maybe-promise.ts';
import { developerResponse } from './error-page/developer-response.ts';
import { errorPageResponse } from './error-page-response.ts';
import { insertedIntoBody, isHtmlDocument } from './html-tags.ts';
import type { HttpResponse, RequestContext } from './request-context.ts';
import type { ResponseDraft } from './response-draft.ts';
import { acceptsHtml } from './send-again/kept-work.ts';
import { sendAgainForm, UNSURE } from './send-again/send-again-form.ts';
import { FILE_METHODS } from './static/send-file.ts';
import { hintsHtml, type StatusPage, statusPageHtml, statusPageText } from './status-page.ts';

/** A request that ended with an error. */
interface FailedRequest {
  readonly error: unknown;
  readonly status: number;
  /** Whether the site is at fault. */
  readonly own: boolean;
  /** The id in the log; undefined if the error was not logged. */
  readonly id: string | undefined;
}

/** The response to an error. */
export function errorResponse(context: RequestContext, error: unknown): HttpResponse | Promise<HttpResponse> {
  const failure = failedRequest(context, error);
  context.send_again = sendAgainForm(context, failure.status);
  const { config } = context.settings;
  if (config.debug && failure.own) {
    return developerResponse(context, failure, wantsHtml(context), headersFor(failure.status));
  }
  const plain = plainResponse(context, failure);
  const page = context.misdirected ? undefined : config.error_pages[String(failure.status)];
  if (page === undefined) return plain;
  const own = errorPageResponse(context, failure.status, errorPageFile(context.pages.root, page), plain);
  return andThen(own, (response) =>
    response === plain ? plain : withHints(response, hintsOf(context, error)),
  );
}

/** The site's own error page with hints for the developer at its end. */
function withHints(response: HttpResponse, hints: readonly string[]): HttpResponse {
  const isHtml = response.type.startsWith('text/html') && typeof response.body === 'string';
  if (hints.length === 0 || !isHtml || !isHtmlDocument(response.body)) return response;
  return { ...response, body: insertedIntoBody(response.body, hintsHtml(hints)) };
}

/** The status of the response to an error. */
export function statusOf(error: unknown): number {
  return error instanceof HttpErrorResult || error instanceof Problem ? error.status : 500;
}

/**
 * Logs an error of the site itself with a new id. `throw HttpError(503)` is intended by the page and is not logged; an outage
 * of the session store was logged by the store.
 */
function failedRequest(context: RequestContext, error: unknown): FailedRequest {
  const status = statusOf(error);
  const own = status >= 500 && !(error instanceof HttpErrorResult) && !isUnavailable(error);
  if (!own || isOutage(error)) return { error, status, own, id: undefined };
  const { options } = context.site;
  const id = options.error_id?.() ?? randomBytes(6).toString('hex');
  const { method, path } = context.request;
  options.log('error', `${method} ${path} [${status}] error ${id}`, error);
  return { error, status, own, id };
}

function plainResponse(context: RequestContext, failure: FailedRequest): HttpResponse {
  const { status, error, id } = failure;
  const own = error instanceof HttpErrorResult;
  const page: StatusPage = {
    status,
    message: own ? error.message : sentenceFor(error, context.send_again !== undefined),
    id,
    hints: hintsOf(context, error),
    send_again: context.send_again?.toString(),
  };
  const html = wantsHtml(context);
  return {
    status,
    body: html ? statusPageHtml(page) : statusPageText(page),
    type: html ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
    // A page that throws HttpError(401) has set WWW-Authenticate for it. After any other error its headers are dropped.
    draft: own ? withoutContent(context) : undefined,
    headers: headersFor(status),
  };
}

/** The sentence for a visitor about an error that says more than its status; undefined for other errors. */
function sentenceFor(error: unknown, hasForm: boolean): string | undefined {
  if (!(error instanceof Problem)) return undefined;
  if (error.code === 'session-ended')
    return 'Your session has ended meanwhile. Please go back and try again.';
  if (error.code !== 'once-unsure') return undefined;
  // The form of SEND_AGAIN has the second sentence itself, because error pages of a site print it without the first one.
  return `This form was sent before, and that was interrupted.${hasForm ? '' : ` ${UNSURE}`}`;
}

/** Whether the client accepts HTML; curl, for example, gets plain text. */
function wantsHtml(context: RequestContext): boolean {
  return acceptsHtml(context.incoming.headers.accept);
}

/** Hints under debug: for a 404 the files that were tried, for a Problem its text and remedy. Visitors see none of them. */
function hintsOf(context: RequestContext, error: unknown): string[] {
  if (!context.settings.config.debug) return [];
  const { located, session } = context;
  const warnings = session?.lost_cookie === undefined ? [] : [session.lost_cookie];
  if (error instanceof Problem) return [error.text, error.remedy, ...warnings];
  if (located?.kind !== 'none') return warnings;
  const hints = located.tried.map((file) => `tried ${file}`);
  const nearest = located.nearest();
  if (nearest !== undefined) hints.push(`nearest page: ${nearest}`);
  return hints;
}

const CONTENT_HEADERS = [
  'Content-Type',
  'Content-Encoding',
  'Content-Disposition',
  'ETag',
  'Last-Modified',
  'Cache-Control',
];

function withoutContent(context: RequestContext): ResponseDraft {
  const headers = context.draft.touchedHeaders;
  for (const name of headers === undefined ? [] : CONTENT_HEADERS) headers?.delete(name);
  return context.draft;
}

function headersFor(status: number): readonly string[] {
  if (status === 503) return ['Retry-After', '2', 'Cache-Control', 'no-store'];
  if (status === 405) return ['Allow', FILE_METHODS, 'Cache-Control', 'no-store'];
  return ['Cache-Control', 'no-store'];
}
