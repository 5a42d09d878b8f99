// The steps of a request up to its reply, in the order in which handler.ts walks them. A step that answers sets
// `exchange.reply` or hands on; a step that refuses throws.

import { Problem } from '../diagnostics/problem.ts';
import { HttpError } from '../runtime/page-result.ts';
import { hasBody, readBody } from './body.ts';
import { ClientLeft, clientLeft } from './client-left.ts';
import { comesFromOtherSite, isHarmless } from './cross-site.ts';
import type { Exchange } from './exchange.ts';
import { leaveRequest } from './handed-on.ts';
import { afterwards } from './in-turn.ts';
import { folderReply, optionsReply, renderedReply } from './page-reply.ts';
import { FILE_METHODS } from './static/methods.ts';
import { sendFile } from './static/send.ts';

/** What a page answers; it tells by REQUEST.method which of them it means. */
const ANY_METHOD = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

export function findFile(exchange: Exchange): void {
  const { path } = exchange.target;
  if (path === '*' && exchange.request.method === 'OPTIONS') {
    exchange.reply = optionsReply(ANY_METHOD);
    return;
  }
  if (!path.startsWith('/'))
    throw new Problem('path-malformed', { params: { target: JSON.stringify(path) } });
  const located = exchange.pages.locate(path);
  exchange.located = located;
  if (located.kind === 'redirect') exchange.reply = folderReply(exchange, located.path);
  if (located.kind === 'none') handOn(exchange, HttpError(404));
}

export function serveFile(exchange: Exchange): void | Promise<void> {
  if (exchange.located?.kind !== 'static') return undefined;
  if (exchange.request.method === 'OPTIONS') {
    exchange.reply = optionsReply(FILE_METHODS);
    return undefined;
  }
  return sendFile(exchange, exchange.located.file).then((found) => {
    if (found) exchange.handed_on = true;
    else handOn(exchange, HttpError(404));
  });
}

export function refuseOtherSites({ request, incoming, target, settings }: Exchange): void {
  if (isHarmless(request.method)) return;
  const { origin, 'sec-fetch-site': fetchSite } = incoming.headers;
  const fetch_site = typeof fetchSite === 'string' ? fetchSite : undefined;
  const provenance = { method: request.method, path: target.path, fetch_site, origin, host: request.host };
  if (!comesFromOtherSite(provenance, settings.cross_site)) return;
  const params = { method: request.method, path: request.path, origin: origin ?? fetch_site ?? 'unknown' };
  throw new Problem('cross-site', { params });
}

export function loadPage(exchange: Exchange): void | Promise<void> {
  if (exchange.located?.kind !== 'page') return undefined;
  return afterwards(exchange.load(exchange.located.file), (page) => {
    exchange.page = page;
    if (exchange.request.method === 'OPTIONS' && !page.asks_method) exchange.reply = optionsReply(ANY_METHOD);
  });
}

export function readFields(exchange: Exchange): void | Promise<void> {
  if (!hasBody(exchange.incoming)) return undefined;
  const { incoming, settings, site } = exchange;
  return readBody(incoming, settings.config.limits, site.uploads).then(
    (body) => {
      exchange.body = body;
      if (body.raw !== undefined) exchange.request.body = body.raw;
    },
    (error) => {
      exchange.body_refused = true;
      throw error;
    },
  );
}

export function takeTurn(exchange: Exchange): void | Promise<void> {
  return exchange.takeTurn(exchange.page);
}

export function render(exchange: Exchange): void | Promise<void> {
  const { page, response } = exchange;
  if (page === undefined) throw new TypeError('no page was loaded');
  // What changes something runs to its end, whether its visitor waits for the answer or not.
  if (clientLeft(exchange.outgoing) && isHarmless(exchange.request.method)) throw new ClientLeft();
  return afterwards(renderedReply(exchange, page, response), (reply) => {
    exchange.reply = reply;
  });
}

/** Leaves the answer to what is mounted behind this handler, or answers that there is nothing. */
function handOn(exchange: Exchange, error: Error): void {
  if (exchange.next === undefined) throw error;
  exchange.handed_on = true;
  exchange.site.clients.forget(exchange);
  leaveRequest(exchange);
  exchange.next();
}
