// A request, as (req, res, next) that any server can mount:
// URL → file → guards → fields → session turn → render → session written → response.
// A page without await is answered without a promise: each step gives one only if it must wait.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../diagnostics/problem.ts';
import { HttpError } from '../runtime/result.ts';
import { hasBody, readBody } from './body.ts';
import { ClientLeft, clientLeft } from './client-left.ts';
import { comesFromOtherSite, isHarmless } from './cross-site.ts';
import { errorReply } from './error-reply.ts';
import { Exchange, type Next, type Reply } from './exchange.ts';
import { afterwards, attempt } from './in-turn.ts';
import { CLIENT_LEFT } from './log.ts';
import { folderReply, renderedReply } from './page-reply.ts';
import { respond } from './respond.ts';
import { type HandlerOptions, Site } from './site.ts';
import { sendFile } from './static/send.ts';

/** One part of the way. It may answer by setting `exchange.reply`, which ends the way. */
type Step = (exchange: Exchange) => void | Promise<void>;

const WAY: readonly Step[] = [
  serveLiveReload,
  findFile,
  serveFile,
  refuseOtherSites,
  loadPage,
  readFields,
  takeTurn,
  render,
];

/** What a server mounts. */
export interface Handler {
  /** Answers a request; what is not found goes to `next` when there is one. */
  handle(incoming: IncomingMessage, outgoing: ServerResponse, next?: Next): void;
  /** Ends what stays open between requests. */
  close(): void;
}

/** The handler of one site. */
export function createHandler(options: HandlerOptions): Handler {
  const site = new Site(options);
  return {
    handle: (incoming, outgoing, next) => answer(new Exchange(site, incoming, outgoing, next)),
    close: () => site.close(),
  };
}

function answer(exchange: Exchange): void {
  const answered = attempt(
    () => afterwards(replied(exchange), () => finish(exchange)),
    (error) => giveUp(exchange, error),
  );
  // Awaited by nobody: giveUp has caught whatever there was.
  void answered;
}

function replied(exchange: Exchange): void | Promise<void> {
  return attempt(
    () => walk(exchange, 0),
    (error) => fail(exchange, error),
  );
}

function walk(exchange: Exchange, from: number): void | Promise<void> {
  for (let index = from; index < WAY.length; index++) {
    if (exchange.reply !== undefined || exchange.handed_on) return undefined;
    const pending = WAY[index]?.(exchange);
    if (pending instanceof Promise) return pending.then(() => walk(exchange, index + 1));
  }
  return undefined;
}

function serveLiveReload(exchange: Exchange): void | Promise<void> {
  return exchange.site.live.answer(exchange);
}

function findFile(exchange: Exchange): void {
  const { path } = exchange.target;
  if (!path.startsWith('/')) throw new Problem('path-malformed', { holes: { target: JSON.stringify(path) } });
  const located = exchange.site.pages.locate(path);
  exchange.located = located;
  if (located.kind === 'redirect') exchange.reply = folderReply(exchange, located.path);
  if (located.kind === 'none') handOn(exchange, HttpError(404));
}

function serveFile(exchange: Exchange): void | Promise<void> {
  if (exchange.located?.kind !== 'static') return undefined;
  return sendFile(exchange, exchange.located.file).then((found) => {
    if (found) exchange.handed_on = true;
    else handOn(exchange, HttpError(404));
  });
}

function refuseOtherSites({ request, incoming, target, settings }: Exchange): void {
  if (isHarmless(request.method)) return;
  const { origin, 'sec-fetch-site': fetchSite } = incoming.headers;
  const fetch_site = typeof fetchSite === 'string' ? fetchSite : undefined;
  const provenance = { method: request.method, path: target.path, fetch_site, origin, host: request.host };
  if (!comesFromOtherSite(provenance, settings.cross_site)) return;
  const holes = { method: request.method, path: request.path, origin: origin ?? fetch_site ?? 'unknown' };
  throw new Problem('cross-site', { holes });
}

function loadPage(exchange: Exchange): void | Promise<void> {
  if (exchange.located?.kind !== 'page') return undefined;
  return afterwards(exchange.site.pages.load(exchange.located.file), (page) => {
    exchange.page = page;
  });
}

function readFields(exchange: Exchange): void | Promise<void> {
  if (!hasBody(exchange.incoming)) return undefined;
  return readBody(exchange.incoming, exchange.settings.config.limits).then(
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

function takeTurn(exchange: Exchange): void | Promise<void> {
  return exchange.begin(exchange.page?.need ?? 'none');
}

function render(exchange: Exchange): void | Promise<void> {
  const { page, response } = exchange;
  if (page === undefined) throw new TypeError('no page was loaded');
  return afterwards(renderedReply(exchange, page, response), (reply) => {
    exchange.reply = reply;
  });
}

/** Leaves the answer to what is mounted behind this handler, or answers that there is nothing. */
function handOn(exchange: Exchange, error: Error): void {
  if (exchange.next === undefined) throw error;
  exchange.handed_on = true;
  exchange.next();
}

function fail(exchange: Exchange, error: unknown): void | Promise<void> {
  exchange.error = error;
  if (clientLeft(exchange.outgoing) && isDeparture(error)) {
    exchange.reply = UNHEARD;
    return undefined;
  }
  return afterwards(errorReply(exchange, error), (reply) => {
    exchange.reply = reply;
  });
}

const UNHEARD: Reply = { status: CLIENT_LEFT, body: '', type: 'text/plain' };

/** An error that only says that the client has gone; a waiter for a turn is dropped with an AbortError. */
function isDeparture(error: unknown): boolean {
  return error instanceof ClientLeft || (error instanceof Error && error.name === 'AbortError');
}

/** The session is written before the response: a page whose session is lost must not pretend (contract section 7). */
function finish(exchange: Exchange): void | Promise<void> {
  const ended = attempt(
    () => exchange.session?.end(),
    (error) => {
      exchange.session_error = error;
      return fail(exchange, error);
    },
  );
  return afterwards(ended, () => write(exchange));
}

function write(exchange: Exchange): void | Promise<void> {
  exchange.body?.dispose();
  const { reply } = exchange;
  if (reply === undefined || exchange.handed_on) return undefined;
  return attempt(
    () => respond(exchange, exchange.site.live.injected(exchange, reply)),
    (error) => afterwards(errorReply(exchange, error), (other) => respond(exchange, other)),
  );
}

/** The engine's own mistake: there is no reply to make any more, but the visitor must not wait for one. */
function giveUp(exchange: Exchange, error: unknown): void {
  exchange.site.options.log(
    'error',
    `${exchange.request.method} ${exchange.request.path} could not be answered`,
    error,
  );
  if (!exchange.outgoing.headersSent)
    exchange.outgoing.writeHead(500, ['Connection', 'close', 'Content-Length', '0']);
  exchange.outgoing.end();
}
