// A view for a request that a site has handed on: it has the names of the site's pages, its session too. What it says
// about the response is put on that of the program, which sends it.

import type { ServerResponse } from 'node:http';
import { Problem } from '../diagnostics/problem.ts';
import { browserRequest } from '../http/browser-request.ts';
import { timeoutAbortReason } from '../http/page-interruption.ts';
import { isReadAlready } from '../http/parsed-body.ts';
import type { RequestContext } from '../http/request-context.ts';
import { RequestScope } from '../http/request-scope.ts';
import { readFields } from '../http/request-steps.ts';
import { ResponseDraft } from '../http/response-draft.ts';
import type { LoadedPage } from '../pages/index.ts';
import type { SessionNeed, SessionOptions } from '../runtime/page-types.ts';
import type { RequestSession } from '../session/index.ts';
import { ProgramPage } from './program-page.ts';
import { renderedText, runPage } from './run-page.ts';

/** What a view prints for a request. The session is written before the program gets the text to send. */
export async function requestView(
  exchange: RequestContext,
  page: LoadedPage,
  data: unknown,
): Promise<string> {
  const { outgoing, request } = exchange;
  await bodyOf(exchange);
  const draft = new ResponseDraft(request, outgoing.statusCode);
  const session = exchange.site.sessions.request({
    cookie: cookieOf(exchange),
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
      await runPage(page, scope, data, (printed) => exchange.site.running.within(printed, limit)),
    );
  } finally {
    await session.end();
    if (session.used) announce(exchange, session);
  }
  putOn(outgoing, draft);
  return text;
}

/** Each rendering has a session of its own, since its session is over when it has been written. */
class RequestViewScope extends RequestScope {
  readonly #session: RequestSession;

  constructor(exchange: RequestContext, draft: ResponseDraft, session: RequestSession) {
    super(exchange, draft);
    this.#session = session;
  }

  override assertMayFlush(): never {
    throw new Problem('flush-not-here', { params: { where: 'in a view' } });
  }

  override session(options?: SessionOptions): unknown {
    return this.#session.open(options);
  }

  override begin(need: SessionNeed): void | Promise<void> {
    return this.#session.begin(need);
  }
}

/** Bodies that are being read, or have been, for a view: several views of a request share one. */
const read = new WeakMap<RequestContext, Promise<void>>();

function bodyOf(exchange: RequestContext): Promise<void> {
  const known = read.get(exchange);
  if (known !== undefined) return known;
  const reading = readBody(exchange);
  read.set(exchange, reading);
  return reading;
}

/** Nothing is read beside other middleware that has begun to and is not done. */
async function readBody(exchange: RequestContext): Promise<void> {
  const { incoming, outgoing } = exchange;
  if (incoming.readableDidRead && !isReadAlready(incoming)) return;
  await readFields(exchange);
  const dispose = () => exchange.body?.dispose();
  if (outgoing.destroyed) dispose();
  else outgoing.once('close', dispose);
}

/** The pairs `name=value` that sessions of views before this one have set, by name; other cookies are the program's own. */
const announced = new WeakMap<ServerResponse, Map<string, string>>();

/** What the visitor would send now: a view before this one may have begun the session. */
function cookieOf({ incoming, outgoing }: RequestContext): string | undefined {
  const { cookie } = incoming.headers;
  const set = announced.get(outgoing);
  if (set === undefined) return cookie;
  const kept = (cookie ?? '').split(';').filter((pair) => pair.trim() !== '' && !set.has(nameOf(pair)));
  return [...kept.map((pair) => pair.trim()), ...set.values()].join('; ');
}

function nameOf(pair: string): string {
  return pair.split('=', 1)[0]?.trim() ?? '';
}

/** A cookie that is removed is remembered with an empty value, which is no id. */
function remember(outgoing: ServerResponse, cookies: readonly string[]): void {
  const set = announced.get(outgoing) ?? new Map<string, string>();
  for (const cookie of cookies) {
    const [pair = ''] = cookie.split(';', 1);
    set.set(nameOf(pair), pair);
  }
  announced.set(outgoing, set);
}

function putOn(outgoing: ServerResponse, draft: ResponseDraft): void {
  outgoing.statusCode = draft.status;
  for (const [name, value] of draft.touchedHeaders ?? []) {
    if (name === 'set-cookie') outgoing.appendHeader(name, value);
    else outgoing.setHeader(name, value);
  }
}

/** The session's cookie, and that no cache may keep what was made of it. */
function announce({ outgoing }: RequestContext, session: RequestSession): void {
  for (const cookie of session.cookies) outgoing.appendHeader('Set-Cookie', cookie);
  if (session.cookies.length > 0) remember(outgoing, session.cookies);
  if (!outgoing.hasHeader('Cache-Control')) outgoing.setHeader('Cache-Control', 'private, no-store');
  const vary = String(outgoing.getHeader('Vary') ?? '');
  if (!/(?:^|[\s,])(?:cookie|\*)(?:$|[\s,])/i.test(vary)) {
    outgoing.setHeader('Vary', vary === '' ? 'Cookie' : `${vary}, Cookie`);
  }
}
