// The middleware steps up to the response, in the order in which handler.ts runs them. A step answers by setting `context.response`,
// or passes the request on; it refuses a request by throwing.

import { Problem } from '../diagnostics/problem.ts';
import { HttpError } from '../runtime/page-result.ts';
import { andThen } from '../session/maybe-promise.ts';
import { ClientLeft, clientLeft } from './client-left.ts';
import { comesFromOtherSite, isHarmless } from './cross-site.ts';
import { folderRedirect, optionsResponse, renderedResponse } from './rendered-response.ts';
import { hasBody, readBody } from './request-body.ts';
import type { RequestContext } from './request-context.ts';
import { keepInLocals } from './request-in-locals.ts';
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
  const located = context.pages.locate(path);
  context.located = located;
  if (located.kind === 'redirect') context.response = folderRedirect(context, located.path);
  if (located.kind === 'none') handOn(context, HttpError(404));
}

export function serveFile(context: RequestContext): void | Promise<void> {
  if (context.located?.kind !== 'static') return undefined;
  if (context.request.method === 'OPTIONS') {
    context.response = optionsResponse(FILE_METHODS);
    return undefined;
  }
  return sendFile(context, context.located.file).then((found) => {
    if (found) context.handed_on = true;
    else handOn(context, HttpError(404));
  });
}

export function refuseOtherSites({ request, incoming, target, settings }: RequestContext): void {
  if (isHarmless(request.method)) return;
  const { origin, 'sec-fetch-site': fetchSite } = incoming.headers;
  const fetch_site = typeof fetchSite === 'string' ? fetchSite : undefined;
  const provenance = { method: request.method, path: target.path, fetch_site, origin, host: request.host };
  if (!comesFromOtherSite(provenance, settings.cross_site)) return;
  const params = { method: request.method, path: request.path, origin: origin ?? fetch_site ?? 'unknown' };
  throw new Problem('cross-site', { params });
}

export function loadPage(context: RequestContext): void | Promise<void> {
  if (context.located?.kind !== 'page') return undefined;
  return andThen(context.load(context.located.file), (page) => {
    context.page = page;
    if (context.request.method === 'OPTIONS' && !page.asks_method)
      context.response = optionsResponse(ANY_METHOD);
  });
}

export function readFields(context: RequestContext): void | Promise<void> {
  if (!hasBody(context.incoming)) return undefined;
  const { incoming, settings, site } = context;
  return readBody(incoming, settings.config.limits, site.uploads).then(
    (body) => {
      context.body = body;
      if (body.raw !== undefined) context.request.body = body.raw;
    },
    (error) => {
      context.body_refused = true;
      throw error;
    },
  );
}

export function acquireSession(context: RequestContext): void | Promise<void> {
  return context.acquireSession(context.page);
}

export function render(context: RequestContext): void | Promise<void> {
  const { page, draft } = context;
  if (page === undefined) throw new TypeError('no page was loaded');
  // A page that may change data runs even if its client has disconnected.
  if (clientLeft(context.outgoing) && isHarmless(context.request.method)) throw new ClientLeft();
  return andThen(renderedResponse(context, page, draft), (response) => {
    context.response = response;
  });
}

/** Passes the request to the next handler, or throws the error if there is none. */
function handOn(context: RequestContext, error: Error): void {
  if (context.next === undefined) throw error;
  context.handed_on = true;
  context.site.clients.forget(context);
  keepInLocals(context);
  context.next();
}
