// A request, as (req, res, next) that any server can mount:
// URL → file → guards → fields → session turn → render → session written → response.
// A page without await is answered without a promise: each step gives one only if it must wait.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOutage } from '../session/index.ts';
import { checkRequest } from './check-request.ts';
import { ClientLeft, clientLeft } from './client-left.ts';
import { errorReply } from './error-reply.ts';
import { Exchange, type Next, type Reply } from './exchange.ts';
import { afterwards, attempt } from './in-turn.ts';
import { LiveReload } from './live-reload/live-reload.ts';
import { CLIENT_LEFT } from './log.ts';
import { respond } from './respond.ts';
import { type HandlerOptions, Site } from './site.ts';
import { findFile, loadPage, readFields, refuseOtherSites, render, serveFile, takeTurn } from './steps.ts';

/** One part of the way. It may answer by setting `exchange.reply`, which ends the way. */
type Step = (exchange: Exchange) => void | Promise<void>;

/** What a server mounts. */
export interface Handler {
  /** Answers a request; what is not found goes to `next` when there is one. */
  handle(incoming: IncomingMessage, outgoing: ServerResponse, next?: Next): void;
  /** Before the server stops: ends the requests that never end by themselves; no connection of those that run is kept. */
  drain(): void;
  /** Ends what stays open between requests. */
  close(): void;
}

/** The handler of one site. */
export function createHandler(options: HandlerOptions): Handler {
  return new SiteHandler(options);
}

class SiteHandler implements Handler {
  readonly #site: Site;
  readonly #live: LiveReload;
  readonly #way: readonly Step[];

  constructor(options: HandlerOptions) {
    this.#site = new Site(options);
    this.#live = new LiveReload(options.pages);
    const reload: Step = (exchange) => this.#live.answer(exchange);
    this.#way = [
      checkRequest,
      reload,
      findFile,
      serveFile,
      refuseOtherSites,
      loadPage,
      readFields,
      takeTurn,
      render,
    ];
  }

  /** A property, so that it can be mounted without its object. */
  readonly handle = (incoming: IncomingMessage, outgoing: ServerResponse, next?: Next): void => {
    const answered = attempt(
      () => this.#answered(new Exchange(this.#site, incoming, outgoing, next)),
      (error) => this.#giveUp(incoming, outgoing, error),
    );
    // Nothing awaits it: #giveUp has caught whatever there was.
    void answered;
  };

  drain(): void {
    this.#site.clients.endKept();
    this.#live.close();
  }

  close(): void {
    this.#live.close();
  }

  #answered(exchange: Exchange): void | Promise<void> {
    this.#site.clients.watch(exchange);
    const answered = attempt(
      () => afterwards(this.#replied(exchange), () => this.#finish(exchange)),
      (error) => {
        exchange.pages.release();
        throw error;
      },
    );
    return afterwards(answered, () => exchange.pages.release());
  }

  #replied(exchange: Exchange): void | Promise<void> {
    return attempt(
      () => this.#walk(exchange, 0),
      (error) => fail(exchange, error),
    );
  }

  #walk(exchange: Exchange, from: number): void | Promise<void> {
    for (let index = from; index < this.#way.length; index++) {
      if (exchange.reply !== undefined || exchange.handed_on) return undefined;
      const pending = this.#way[index]?.(exchange);
      if (pending instanceof Promise) return pending.then(() => this.#walk(exchange, index + 1));
    }
    return undefined;
  }

  /** The session is written before the response: a page whose session is lost must not pretend (contract section 7). */
  #finish(exchange: Exchange): void | Promise<void> {
    const ended = attempt(
      () => exchange.session?.end(),
      (error) => {
        exchange.session_error = error;
        return fail(exchange, error);
      },
    );
    return afterwards(ended, () => this.#write(exchange));
  }

  #write(exchange: Exchange): void | Promise<void> {
    exchange.body?.dispose();
    const { reply, stream } = exchange;
    if (reply === undefined || exchange.handed_on) return undefined;
    if (stream?.begun === true) return stream.end(reply.body);
    return attempt(
      () => respond(exchange, this.#live.injected(exchange, reply)),
      (error) => afterwards(errorReply(exchange, error), (other) => respond(exchange, other)),
    );
  }

  /** The engine's own mistake: there is no reply to make any more, but the visitor must not wait for one. */
  #giveUp(incoming: IncomingMessage, outgoing: ServerResponse, error: unknown): void {
    const path = (incoming.url ?? '').replace(/[?#].*$/s, '');
    this.#site.options.log('error', `${incoming.method} ${path} could not be answered`, error);
    if (!outgoing.headersSent) outgoing.writeHead(500, ['Connection', 'close', 'Content-Length', '0']);
    outgoing.end();
  }
}

function fail(exchange: Exchange, error: unknown): void | Promise<void> {
  exchange.error = error;
  const departed = clientLeft(exchange.outgoing) && isDeparture(error);
  if (departed || exchange.stream?.begun === true) {
    exchange.reply = UNHEARD;
    if (!departed) cutOff(exchange, error);
    return undefined;
  }
  return afterwards(errorReply(exchange, error), (reply) => {
    exchange.reply = reply;
  });
}

/** The response has begun: its status cannot tell of the error any more. */
function cutOff({ site, request, stream }: Exchange, error: unknown): void {
  const known = isOutage(error);
  const why = known ? `because ${error.text}` : 'by an error';
  site.options.log(
    'error',
    `${request.method} ${request.path} was cut off ${why}`,
    known ? undefined : error,
  );
  stream?.cut();
}

const UNHEARD: Reply = { status: CLIENT_LEFT, body: '', type: 'text/plain' };

/** An error that only says that the client has gone; a waiter for a turn is dropped with an AbortError. */
function isDeparture(error: unknown): boolean {
  return error instanceof ClientLeft || (error instanceof Error && error.name === 'AbortError');
}
