// A view for a request that a site has handed on to the program. It has the names of the site's pages, the session included.
// Its status and headers are copied to the program's response, which the program sends.

import type { ServerResponse } from 'node:http';
import { Problem } from '../diagnostics/problem.ts';
import { browserRequest } from '../http/browser-request.ts';
import { timeoutAbortReason } from '../http/page-interruption.ts';
import { isReadAlready } from '../http/parsed-body.ts';
import type { RequestContext } from '../http/request-context.ts';
import { RequestScope } from '../http/request-scope.ts';
import { readFields } from '../http/request-steps.ts';
import { ResponseDraft } from '../http/response-draft.ts';
import type { SessionNeed } from '../runtime/page-types.ts';
import type { RequestSession } from '../session/index.ts';
import { ProgramPage } from './program-page.ts';
import { type RunnablePage, renderedText, runPage } from './run-page.ts';

/** The output of a view for a request. The session is written before the program gets the output. */
export async function requestView(
  exchange: RequestContext,
  runnable: RunnablePage,
  data: unknown,
): Promise<string> {
  const { outgoing, request } = exchange;
  const { page } = runnable;
  await bodyRead(exchange);
  const draft = new ResponseDraft(request, outgoing.statusCode);
  const session = exchange.site.sessions.request({
    cookie: cookieHeader(exchange),
    secure: request.secure,
    arrived: exchange.started,
    url: browserRequest(exchange.incoming, request),
    page: page.name,
    signal: request.signal,
  });
  const scope = new RequestViewScope(exchange, draft, session);
  const limit = new ProgramPage({
    name: page.name,
    seconds: exchange.settings.config.limits.page_timeout,
    log: exchange.site.options.log,
    draft,
    session,
    abort: (problem) => request.interrupt(timeoutAbortReason(problem)),
  });
  let text: string;
  try {
    text = renderedText(
      draft,
      await runPage(runnable, {
        scope,
        data,
        isAnswered: () => draft.sent !== undefined,
        limited: (printed) => exchange.site.running.within(printed, limit),
      }),
    );
    const { shown_form } = exchange;
    if (shown_form !== undefined) session.dropForm(shown_form.place, shown_form.until);
  } finally {
    await session.end();
    if (session.used) addSessionHeaders(exchange, session);
  }
  copyDraft(outgoing, draft);
  if (exchange.no_store) outgoing.setHeader('Cache-Control', 'no-store');
  return text;
}

/** Each rendering opens the session anew, because a session that has been written is closed. */
class RequestViewScope extends RequestScope {
  readonly #session: RequestSession;

  constructor(exchange: RequestContext, draft: ResponseDraft, session: RequestSession) {
    super(exchange, draft);
    this.#session = session;
  }

  override assertMayFlush(): never {
    throw new Problem('flush-not-here', { params: { where: 'in a view' } });
  }

  override once(): never {
    throw new Problem('once-not-here', { params: { reason: 'a view answers no form of its own' } });
  }

  protected override openedSession(): RequestSession {
    return this.#session;
  }

  override begin(need: SessionNeed): void | Promise<void> {
    return this.#session.begin(need);
  }
}

/** The reading of a request's body, which all views of the request share. */
const readings = new WeakMap<RequestContext, Promise<void>>();

function bodyRead(exchange: RequestContext): Promise<void> {
  const known = readings.get(exchange);
  if (known !== undefined) return known;
  const reading = readBody(exchange);
  readings.set(exchange, reading);
  return reading;
}

/** Reads the body, unless other middleware has begun to read it and has not finished. */
async function readBody(exchange: RequestContext): Promise<void> {
  const { incoming, outgoing } = exchange;
  if (incoming.readableDidRead && !isReadAlready(incoming)) return;
  await readFields(exchange);
  const dispose = () => exchange.body?.dispose();
  if (outgoing.destroyed) dispose();
  else outgoing.once('close', dispose);
}

/** The pairs `name=value` of session cookies that earlier views of a response have set, by name. */
const setCookies = new WeakMap<ServerResponse, Map<string, string>>();

/** The Cookie header that the visitor would send now: an earlier view may have begun the session. */
function cookieHeader({ incoming, outgoing }: RequestContext): string | undefined {
  const { cookie } = incoming.headers;
  const set = setCookies.get(outgoing);
  if (set === undefined) return cookie;
  const kept = (cookie ?? '').split(';').filter((pair) => pair.trim() !== '' && !set.has(cookieName(pair)));
  return [...kept.map((pair) => pair.trim()), ...set.values()].join('; ');
}

function cookieName(pair: string): string {
  return pair.split('=', 1)[0]?.trim() ?? '';
}

/** Notes session cookies. A removed cookie has an empty value, which is no id. */
function noteCookies(outgoing: ServerResponse, cookies: readonly string[]): void {
  const set = setCookies.get(outgoing) ?? new Map<string, string>();
  for (const cookie of cookies) {
    const [pair = ''] = cookie.split(';', 1);
    set.set(cookieName(pair), pair);
  }
  setCookies.set(outgoing, set);
}

function copyDraft(outgoing: ServerResponse, draft: ResponseDraft): void {
  outgoing.statusCode = draft.status;
  for (const [name, value] of draft.touchedHeaders ?? []) {
    if (name === 'set-cookie') outgoing.appendHeader(name, value);
    else outgoing.setHeader(name, value);
  }
}

/** Adds the session's cookies, and the headers that keep the response out of shared caches. */
function addSessionHeaders({ outgoing }: RequestContext, session: RequestSession): void {
  for (const cookie of session.cookies) outgoing.appendHeader('Set-Cookie', cookie);
  if (session.cookies.length > 0) noteCookies(outgoing, session.cookies);
  if (!outgoing.hasHeader('Cache-Control')) outgoing.setHeader('Cache-Control', 'private, no-store');
  const vary = String(outgoing.getHeader('Vary') ?? '');
  if (!/(?:^|[\s,])(?:cookie|\*)(?:$|[\s,])/i.test(vary)) {
    outgoing.setHeader('Vary', vary === '' ? 'Cookie' : `${vary}, Cookie`);
  }
}
