// The middleware steps up to the response, in the order in which handler.ts runs them. A step answers by setting `context.response`,
// or passes the request on; it refuses a request by throwing.

import { Problem } from '../diagnostics/problem.ts';
import type { Guard, LoadedPage, LocatedFile, LocatedPage } from '../pages/index.ts';
import { strongestNeed } from '../pages/page-closure.ts';
import { HttpError } from '../runtime/page-result.ts';
import { andThen, continueWith, forEachInOrder } from '../session/maybe-promise.ts';
import { ClientLeft, clientLeft } from './client-left.ts';
import { comesFromOtherSite, isHarmless } from './cross-site.ts';
import { copyGuardHeaders } from './guarded-headers.ts';
import { guardedResponse } from './guarded-response.ts';
import { takenToken, withoutToken } from './once/form-token.ts';
import { ReceivedForm } from './received-form.ts';
import { recover } from './recover.ts';
import { RefusedFields } from './refused-fields.ts';
import { folderRedirect, optionsResponse, pageResponse, renderedResponse } from './rendered-response.ts';
import { hasBody, readBody } from './request-body.ts';
import type { HttpResponse, Next, RequestContext } from './request-context.ts';
import { keepInLocals } from './request-in-locals.ts';
import { BodyReading } from './send-again/body-reading.ts';
import { maySendAgain } from './send-again/kept-work.ts';
import { FILE_METHODS, sendFile } from './static/send-file.ts';

/** The methods of a page, which reads REQUEST.method to tell them apart. */
const ANY_METHOD = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

export function findFile(context: RequestContext): void {
  const { path } = context.target;
  if (path === '*' && context.request.method === 'OPTIONS') {
    context.response = optionsResponse(ANY_METHOD);
    return;
  }
  if (!path.startsWith('/'))
    throw new Problem('path-malformed', { params: { target: JSON.stringify(path) } });
  context.located = context.pages.locate(path);
}

/** Where no code of the site runs, nothing can change: the request gets its 404, 405 or redirect. */
export function refuseOtherSites(context: RequestContext): void {
  const { request, incoming, target, settings } = context;
  if (isHarmless(request.method) || !runsCode(context)) return;
  const { origin, 'sec-fetch-site': fetchSite } = incoming.headers;
  const fetch_site = typeof fetchSite === 'string' ? fetchSite : undefined;
  const provenance = { method: request.method, path: target.path, fetch_site, origin, host: request.host };
  if (!comesFromOtherSite(provenance, settings.cross_site)) return;
  const params = { method: request.method, path: request.path, origin: origin ?? fetch_site ?? 'unknown' };
  throw new Problem('cross-site', { params });
}

/**
 * Loads the guards and the page. If a guard cannot be loaded, nothing below it is answered. If the page cannot, the guards still
 * run before its error is thrown.
 */
export function loadPages(context: RequestContext): void | Promise<void> {
  const { located } = context;
  if (located === undefined) return undefined;
  if (located.guards.length === 0) return located.kind === 'page' ? loadPage(context, located) : undefined;
  return andThen(loadGuards(context, located.guards), () => {
    if (located.kind !== 'page') return undefined;
    return recover(
      context,
      () => loadPage(context, located),
      (_, error) => {
        context.page_error = error;
      },
    );
  });
}

function loadPage(context: RequestContext, { file }: LocatedPage): void | Promise<void> {
  return continueWith(context.load(file), context, setPage);
}

function setPage(context: RequestContext, page: LoadedPage): void {
  context.page = page;
  if (context.located?.guards.length === 0 && ignoresOptions(context, page))
    context.response = optionsResponse(ANY_METHOD);
}

function loadGuards(context: RequestContext, guards: readonly Guard[]): void | Promise<void> {
  const loaded: LoadedPage[] = [];
  const all = forEachInOrder(guards, ({ file }) =>
    andThen(context.loadGuard(file), (guard) => void loaded.push(guard)),
  );
  return andThen(all, () => {
    context.guards = loaded;
  });
}

function ignoresOptions({ request }: RequestContext, page: LoadedPage): boolean {
  return request.method === 'OPTIONS' && !page.asks_method;
}

/** Whether code of the site runs for the request: a page, or guards. */
function runsCode({ located }: RequestContext): boolean {
  return located !== undefined && (located.kind === 'page' || located.guards.length > 0);
}

/**
 * Reads the fields before the guards run, because guards and page share one lock, which no upload may hold, and because a guard
 * may keep the form. The body of a request that may be passed on is left to the next handler.
 */
export function readFieldsOfRun(context: RequestContext): void | Promise<void> {
  const isPassedOn = context.located?.kind === 'none' && context.next !== undefined;
  return runsCode(context) && !isPassedOn ? readFields(context) : undefined;
}

export function readFields(context: RequestContext): void | Promise<void> {
  if (!hasBody(context.incoming)) return undefined;
  const { incoming, settings, site } = context;
  const reading = maySendAgain(context) ? new BodyReading() : undefined;
  const refused = context.page?.has_form === true ? new RefusedFields() : undefined;
  const form = new ReceivedForm(reading, refused);
  context.form = form;
  const reader = { limits: settings.config.limits, folders: site.uploads, refused, reading };
  return readBody(incoming, reader).then(
    (body) => {
      context.body = body;
      if (body.fields !== undefined) form.token = takenToken(body.fields);
      if (body.raw !== undefined)
        context.request.body = form.token === undefined ? body.raw : withoutToken(body.raw);
    },
    (error) => {
      context.body_refused = true;
      throw error;
    },
  );
}

/** Acquires the lock that the page or one of its guards needs. */
export function acquireSession(context: RequestContext): void | Promise<void> {
  const { guards, page } = context;
  const need = page?.need ?? 'none';
  return context.acquireSession(
    guards.length === 0 ? need : strongestNeed([need, ...guards.map((guard) => guard.need)]),
  );
}

/** Answers the request: by its guards, then by its page, file or redirect. */
export function respond(context: RequestContext): void | Promise<void> {
  if (context.guards.length === 0) return answer(context);
  const page = context.located?.kind === 'page' ? () => guardedPageResponse(context) : undefined;
  return andThen(guardedResponse(context, page), (response) => {
    context.response = response;
    // Without a page nothing more is done with the session, so no other request waits for a download.
    return response === undefined ? andThen(context.session?.release(), () => answer(context)) : undefined;
  });
}

function answer(context: RequestContext): void | Promise<void> {
  const { located } = context;
  switch (located?.kind) {
    case 'page':
      return render(context);
    case 'static':
      return serveFile(context, located);
    case 'redirect':
      context.response = folderRedirect(context, located.path);
      return undefined;
    default:
      return handOn(context, HttpError(404));
  }
}

function render(context: RequestContext): void | Promise<void> {
  return continueWith(renderedResponse(context, runnablePage(context), context.draft), context, setResponse);
}

/** Answers the request. */
export function setResponse(context: RequestContext, response: HttpResponse): void {
  context.response = response;
}

/** The response of a page whose guards have let the request pass. */
function guardedPageResponse(context: RequestContext): HttpResponse | Promise<HttpResponse> {
  if (context.page_error !== undefined) throw context.page_error;
  const page = runnablePage(context);
  if (ignoresOptions(context, page)) return optionsResponse(ANY_METHOD);
  return pageResponse(context, page, context.draft);
}

/** @throws ClientLeft if the client has disconnected; a page that may change data runs all the same */
function runnablePage({ page, outgoing, request }: RequestContext): LoadedPage {
  if (page === undefined) throw new TypeError('no page was loaded');
  if (clientLeft(outgoing) && isHarmless(request.method)) throw new ClientLeft();
  return page;
}

function serveFile(context: RequestContext, located: LocatedFile): void | Promise<void> {
  if (context.request.method === 'OPTIONS') {
    context.response = optionsResponse(FILE_METHODS);
    return undefined;
  }
  return sendFile(context, located).then((found) => {
    if (found) context.handed_on = true;
    else return handOn(context, HttpError(404));
  });
}

/** Passes the request to the next handler, or throws the error if there is none. */
function handOn(context: RequestContext, error: Error): void | Promise<void> {
  if (context.next === undefined) throw error;
  if (context.guards.length === 0) return passOn(context, context.next);
  const { next } = context;
  return andThen(context.session?.end(), () => {
    copyGuardHeaders(context);
    passOn(context, next);
  });
}

function passOn(context: RequestContext, next: Next): void {
  context.handed_on = true;
  context.site.clients.forget(context);
  keepInLocals(context);
  next();
}
