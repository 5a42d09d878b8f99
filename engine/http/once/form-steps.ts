// The arrival of a form at a page with Once (docs/exactly-once.md): a step before the session's lock, the call of the page, and the
// end before the response is sent. An arrival whose work an earlier one has done gets the answer of that one; no page runs for it.

import { refuseUnknownOptions } from '../../diagnostics/known-options.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { HttpErrorResult, redirectTo } from '../../runtime/page-result.ts';
import type { OnceOptions, OnceResult } from '../../runtime/page-types.ts';
import type { ArrivedForm, EarlierArrivals, FormEntries, FormOutcome } from '../../session/index.ts';
import type { ReceivedForm } from '../received-form.ts';
import { redirectResponse } from '../redirect-response.ts';
import type { RequestContext } from '../request-context.ts';
import type { ResponseDraft } from '../response-draft.ts';
import { formDigest } from './form-digest.ts';

const RUNS: OnceResult = Object.freeze({ done: false });
const DONE: OnceResult = Object.freeze({ done: true });

/** Waits for earlier arrivals of the same form. A request without a token passes. */
export function acceptForm(context: RequestContext): void | Promise<void> {
  const { form, page, site } = context;
  const { forms } = site.sessions;
  if (form?.token === undefined || page?.once !== true || forms === undefined) return undefined;
  return arrive(context, forms, form, { token: form.token, page: page.name });
}

async function arrive(
  context: RequestContext,
  forms: FormEntries,
  received: ReceivedForm,
  form: Pick<ArrivedForm, 'token' | 'page'>,
): Promise<void> {
  const { signal } = context.request;
  const timeoutSeconds = context.settings.config.limits.page_timeout;
  const arrival = await forms.arrive({ ...form, digest: await formDigest(context), timeoutSeconds, signal });
  if (arrival.earlier.kind === 'none') {
    received.arrival = arrival;
    return;
  }
  await arrival.end('unsure');
  received.work_done = arrival.earlier.kind === 'done';
  answerAsBefore(context, arrival.earlier);
}

/** @throws Problem `once-unsure` */
function answerAsBefore(context: RequestContext, earlier: EarlierArrivals): void {
  const { draft } = context;
  if (earlier.kind === 'unsure') {
    if (earlier.target === undefined) throw new Problem('once-unsure');
    context.response = redirectResponse({ status: 303, location: earlier.target }, draft);
  }
  if (earlier.kind !== 'done' || earlier.outcome.location === undefined) return;
  const { status, location, cookies } = earlier.outcome;
  for (const cookie of cookies) draft.headers.append('Set-Cookie', cookie);
  draft.headers.set('Cache-Control', 'no-store');
  context.response = redirectResponse({ status, location }, draft);
}

/**
 * Once(): notes that the work of this arrival begins.
 * @throws (rejects with) Problem `once-not-here`, `once-store`, `once-unsure`, what `redirect()` says of a wrong path, the Problems of the store
 */
export async function beginOnce(
  context: RequestContext,
  draft: ResponseDraft,
  options: OnceOptions | undefined,
): Promise<OnceResult> {
  refuseUnknownOptions('Once', options, ['unsure']);
  const { form, request, site } = context;
  if (draft !== context.draft) throw notHere('this is an error page');
  if (context.page?.once !== true) throw notHere('the page that answers names this part by a computed path');
  if (site.sessions.forms_refusal !== undefined)
    throw new Problem('once-store', { params: { reason: site.sessions.forms_refusal } });
  assertRuns(context);
  const target =
    options?.unsure === undefined ? undefined : redirectTo(options.unsure, {}, () => request.url);
  if (form?.work_done === true) return DONE;
  if (form?.arrival === undefined) return RUNS;
  form.work ??= form.arrival.begin(target?.location);
  await form.work;
  form.has_begun = true;
  assertRuns(context);
  return RUNS;
}

/** A page that was interrupted, or whose response has ended, must not begin its work: another arrival may run by now. */
function assertRuns({ draft, response }: RequestContext): void {
  if (draft.closed !== undefined) throw draft.closed;
  if (response !== undefined) throw notHere('the page has ended');
}

function notHere(reason: string): Problem {
  return new Problem('once-not-here', { params: { reason } });
}

/**
 * Notes what became of the form, after the session was written and before the response is sent. An error of the store is logged:
 * the work is done, and its visitor gets the answer.
 */
export async function endArrival(context: RequestContext): Promise<void> {
  const { form, request, site } = context;
  try {
    const hasBegun = await form?.work?.then(
      () => true,
      () => false,
    );
    await form?.arrival?.end(hasBegun === true ? endOf(context) : 'unsure');
  } catch (error) {
    const line = `${request.method} ${request.path}: the outcome of its form could not be kept`;
    site.options.log('error', line, error);
  }
}

/** The page's HttpError with 4xx says that nothing was done; any other error leaves open how far the work came. */
function endOf({ error, response, session }: RequestContext): FormOutcome | 'refused' | 'unsure' {
  if (error instanceof HttpErrorResult && error.status < 500) return 'refused';
  if (error !== undefined || response === undefined) return 'unsure';
  const headers = response.draft?.touchedHeaders;
  const isRedirect = response.status >= 300 && response.status < 400;
  return {
    status: response.status,
    location: isRedirect ? (headers?.get('Location') ?? undefined) : undefined,
    cookies: [...(headers?.getSetCookie() ?? []), ...(session?.cookies ?? [])],
  };
}
