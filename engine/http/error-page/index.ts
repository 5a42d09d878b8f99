// The developer's reply to an error under debug: an HTML page for browsers, the same as text for others.

import type { Exchange, Reply } from '../exchange.ts';
import { ResponseDraft } from '../response.ts';
import { errorPageHtml } from './html.ts';
import { errorReports } from './report.ts';
import { requestLine, requestSections } from './request-report.ts';
import { errorPageText } from './text.ts';

/** Nothing that an error message smuggles in could run. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; frame-ancestors 'self'";

/** The reply that tells the developer everything; for debug only. */
export function developerReply(
  exchange: Exchange,
  failure: { readonly error: unknown; readonly status: number; readonly id: string | undefined },
  html: boolean,
  headers: readonly string[],
): Reply {
  const { status, id } = failure;
  const { root } = exchange.site.pages;
  const reports = errorReports(failure.error, root);
  const line = requestLine(exchange);
  const sections = requestSections(exchange);
  if (!html) {
    const body = errorPageText(status, line, reports, sections);
    return { status, body, type: 'text/plain; charset=utf-8', headers };
  }
  const { editor } = exchange.settings.config;
  const draft = new ResponseDraft(exchange.request);
  draft.headers.set('Content-Security-Policy', POLICY);
  const body = errorPageHtml({ status, line, id, reports, sections, editor, root });
  return { status, body, type: 'text/html; charset=utf-8', draft, headers };
}
