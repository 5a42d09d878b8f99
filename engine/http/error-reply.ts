// From an error to what will be written (contract section 9): the page that error_pages names, the developer's page
// under debug, or a plain one. An error that is the site's own fault is logged here, once, under an id.

import { randomBytes } from 'node:crypto';
import { Problem } from '../diagnostics/problem.ts';
import { errorPageFile } from '../pages/error-page-files.ts';
import { HttpErrorResult } from '../runtime/page-result.ts';
import { isOutage, isUnavailable } from '../session/index.ts';
import { isDocument, withinBody } from './document.ts';
import { developerReply } from './error-page/index.ts';
import { errorPageReply } from './error-pages.ts';
import type { Exchange, Reply } from './exchange.ts';
import { afterwards } from './in-turn.ts';
import type { ResponseDraft } from './response.ts';
import { FILE_METHODS } from './static/methods.ts';
import { hintsHtml, type StatusPage, statusPageHtml, statusPageText } from './status-page.ts';

/** What is known of a failure when its reply is made. */
interface Failure {
  readonly error: unknown;
  readonly status: number;
  /** Whether the site is at fault. */
  readonly own: boolean;
  /** The id under which it was logged; undefined when it was not. */
  readonly id: string | undefined;
}

/** The reply to an error. */
export function errorReply(exchange: Exchange, error: unknown): Reply | Promise<Reply> {
  const failure = failureOf(exchange, error);
  const { config } = exchange.settings;
  if (config.debug && failure.own) {
    return developerReply(exchange, failure, wantsHtml(exchange), headersFor(failure.status));
  }
  const plain = plainReply(exchange, failure);
  const page = exchange.misdirected ? undefined : config.error_pages[String(failure.status)];
  if (page === undefined) return plain;
  const own = errorPageReply(exchange, failure.status, errorPageFile(exchange.pages.root, page), plain);
  return afterwards(own, (reply) => (reply === plain ? plain : withHints(reply, hintsOf(exchange, error))));
}

/** The site's own error page, with what a developer wants to know of it below. */
function withHints(reply: Reply, hints: readonly string[]): Reply {
  if (hints.length === 0 || typeof reply.body !== 'string' || !isDocument(reply.body)) return reply;
  return { ...reply, body: withinBody(reply.body, hintsHtml(hints)) };
}

/** The status that an error answers with. */
function statusOf(error: unknown): number {
  return error instanceof HttpErrorResult || error instanceof Problem ? error.status : 500;
}

/**
 * Logs an error that is the site's own and gives it an id. `throw HttpError(503)` is the page's word, not a fault; that the
 * store of the sessions cannot be used was logged once already.
 */
function failureOf(exchange: Exchange, error: unknown): Failure {
  const status = statusOf(error);
  const own = status >= 500 && !(error instanceof HttpErrorResult) && !isUnavailable(error);
  if (!own || isOutage(error)) return { error, status, own, id: undefined };
  const { options } = exchange.site;
  const id = options.error_id?.() ?? randomBytes(6).toString('hex');
  const { method, path } = exchange.request;
  options.log('error', `${method} ${path} [${status}] error ${id}`, error);
  return { error, status, own, id };
}

function plainReply(exchange: Exchange, failure: Failure): Reply {
  const { status, error, id } = failure;
  const own = error instanceof HttpErrorResult;
  const page: StatusPage = {
    status,
    message: own ? error.message : undefined,
    id,
    hints: hintsOf(exchange, error),
  };
  const html = wantsHtml(exchange);
  return {
    status,
    body: html ? statusPageHtml(page) : statusPageText(page),
    type: html ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
    // A page that throws HttpError(401) has set WWW-Authenticate for it; after a crash nothing it said counts.
    draft: own ? withoutContent(exchange) : undefined,
    headers: headersFor(status),
  };
}

/** Plain text unless the client says that it reads HTML (curl does not). */
function wantsHtml(exchange: Exchange): boolean {
  return /\btext\/html\b/i.test(exchange.incoming.headers.accept ?? '');
}

/** Under debug a 404 tells what was looked for, and a refusal tells its remedy; visitors are told neither. */
function hintsOf(exchange: Exchange, error: unknown): string[] {
  if (!exchange.settings.config.debug) return [];
  const { located, session } = exchange;
  const warnings = session?.lost_cookie === undefined ? [] : [session.lost_cookie];
  if (error instanceof Problem) return [error.text, error.remedy, ...warnings];
  if (located?.kind !== 'none') return warnings;
  const hints = located.tried.map((file) => `tried ${file}`);
  if (located.nearest !== undefined) hints.push(`nearest page: ${located.nearest}`);
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

function withoutContent(exchange: Exchange): ResponseDraft {
  const headers = exchange.response.touchedHeaders;
  for (const name of headers === undefined ? [] : CONTENT_HEADERS) headers?.delete(name);
  return exchange.response;
}

function headersFor(status: number): readonly string[] {
  if (status === 503) return ['Retry-After', '2', 'Cache-Control', 'no-store'];
  if (status === 405) return ['Allow', FILE_METHODS, 'Cache-Control', 'no-store'];
  return ['Cache-Control', 'no-store'];
}
