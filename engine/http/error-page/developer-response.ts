// The response to an error under debug: an HTML page for browsers, and its text for other clients.

import type { HttpResponse, RequestContext } from '../request-context.ts';
import { ResponseDraft } from '../response-draft.ts';
import { errorPageHtml } from './developer-page-html.ts';
import { errorReports } from './error-report.ts';
import { errorPageText } from './error-text.ts';
import { requestLine, requestSections } from './request-report.ts';

/** No script of an error message can run. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; frame-ancestors 'self'";

/** The response with all details, for debug only. */
export function developerResponse(
  context: RequestContext,
  failure: { readonly error: unknown; readonly status: number; readonly id: string | undefined },
  html: boolean,
  headers: readonly string[],
): HttpResponse {
  const { status, id } = failure;
  const { root } = context.site.pages;
  const reports = errorReports(failure.error, root, (name) => context.isSecret(name));
  const line = requestLine(context);
  const sections = requestSections(context);
  if (!html) {
    const body = errorPageText(status, line, reports, sections);
    return { status, body, type: 'text/plain; charset=utf-8', headers };
  }
  const { editor } = context.settings.config;
  const draft = new ResponseDraft(context.request);
  draft.headers.set('Content-Security-Policy', POLICY);
  const send_again = context.send_again?.toString() ?? '';
  const body = errorPageHtml({ send_again, status, line, id, reports, sections, editor, root });
  return { status, body, type: 'text/html; charset=utf-8', draft, headers };
}
