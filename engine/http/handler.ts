// The handler of a site, as (req, res, next) that any server can mount:
// URL → file → guards → fields → session lock → render → session written → response.
// A page without await is answered without a promise: a step returns a promise only if it must wait.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOutage } from '../session/index.ts';
import { andThen } from '../session/maybe-promise.ts';
import { checkRequest } from './check-request.ts';
import { ClientLeft, clientLeft } from './client-left.ts';
import { errorResponse } from './error-response.ts';
import { LiveReload } from './live-reload/live-reload.ts';
import { recover } from './recover.ts';
import { type HttpResponse, type Next, RequestContext } from './request-context.ts';
import { CLIENT_LEFT } from './request-log.ts';
import {
  acquireSession,
  findFile,
  loadPage,
  readFields,
  refuseOtherSites,
  render,
  serveFile,
} from './request-steps.ts';
import { type HandlerOptions, SiteState } from './site-state.ts';
import { writeResponse } from './write-response.ts';

/** A middleware step. If it sets `context.response`, the remaining steps are skipped. */
type MiddlewareStep = (context: RequestContext) => void | Promise<void>;

/** A handler that a server mounts. */
export interface Handler {
  /** Answers a request. If nothing is found at its path and `next` is given, it is passed on. */
  handle(incoming: IncomingMessage, outgoing: ServerResponse, next?: Next): void;
  /**
   * Prepares a stop: ends the requests of live reload, and closes the connection of each running request after its response.
   */
  drain(): void;
  /** Ends live reload. */
  close(): void;
}

/** The handler of one site. */
export function createHandler(options: HandlerOptions): Handler {
  return new SiteHandler(options);
}

class SiteHandler implements Handler {
  readonly #site: SiteState;
  readonly #live: LiveReload;
  readonly #steps: readonly MiddlewareStep[];

  constructor(options: HandlerOptions) {
    this.#site = new SiteState(options);
    this.#live = new LiveReload(options.pages);
    const reload: MiddlewareStep = (context) => this.#live.answer(context);
    this.#steps = [
      checkRequest,
      reload,
      findFile,
      serveFile,
      refuseOtherSites,
      loadPage,
      readFields,
      acquireSession,
      render,
    ];
  }

  /** A property, so that it can be passed without its object. */
  readonly handle = (incoming: IncomingMessage, outgoing: ServerResponse, next?: Next): void => {
    const answered = recover(
      () => this.#answered(new RequestContext(this.#site, incoming, outgoing, next)),
      (error) => this.#giveUp(incoming, outgoing, error),
    );
    // This cannot reject, because #giveUp handles all errors.
    void answered;
  };

  drain(): void {
    this.#site.clients.endKept();
    this.#live.close();
  }

  close(): void {
    this.#live.close();
  }

  #answered(context: RequestContext): void | Promise<void> {
    this.#site.clients.watch(context);
    const answered = recover(
      () => andThen(this.#responded(context), () => this.#finish(context)),
      (error) => {
        context.pages.release();
        throw error;
      },
    );
    return andThen(answered, () => context.pages.release());
  }

  #responded(context: RequestContext): void | Promise<void> {
    return recover(
      () => this.#runSteps(context, 0),
      (error) => fail(context, error),
    );
  }

  #runSteps(context: RequestContext, from: number): void | Promise<void> {
    for (let index = from; index < this.#steps.length; index++) {
      if (context.response !== undefined || context.handed_on) return undefined;
      const pending = this.#steps[index]?.(context);
      if (pending instanceof Promise) return pending.then(() => this.#runSteps(context, index + 1));
    }
    return undefined;
  }

  /**
   * The session is written before the response, because the response must not report a change that was lost (contract section
   * 7).
   */
  #finish(context: RequestContext): void | Promise<void> {
    const ended = recover(
      () => context.session?.end(),
      (error) => {
        context.session_error = error;
        return fail(context, error);
      },
    );
    return andThen(ended, () => this.#write(context));
  }

  #write(context: RequestContext): void | Promise<void> {
    context.body?.dispose();
    const { response, stream } = context;
    if (response === undefined || context.handed_on) return undefined;
    if (stream?.begun === true) return stream.end(response.body);
    return recover(
      () => writeResponse(context, this.#live.injected(context, response)),
      (error) => andThen(errorResponse(context, error), (other) => writeResponse(context, other)),
    );
  }

  /** Last resort for internal errors: ends the response so that the client does not wait. */
  #giveUp(incoming: IncomingMessage, outgoing: ServerResponse, error: unknown): void {
    const path = (incoming.url ?? '').replace(/[?#].*$/s, '');
    this.#site.options.log('error', `${incoming.method} ${path} could not be answered`, error);
    if (!outgoing.headersSent) outgoing.writeHead(500, ['Connection', 'close', 'Content-Length', '0']);
    outgoing.end();
  }
}

function fail(context: RequestContext, error: unknown): void | Promise<void> {
  context.error = error;
  const departed = clientLeft(context.outgoing) && isDeparture(error);
  if (departed || context.stream?.begun === true) {
    context.response = UNHEARD;
    if (!departed) cutOff(context, error);
    return undefined;
  }
  return andThen(errorResponse(context, error), (response) => {
    context.response = response;
  });
}

/** Cuts off a response that has begun, because its status cannot report the error any more. */
function cutOff({ site, request, stream }: RequestContext, error: unknown): void {
  const known = isOutage(error);
  const why = known ? `because ${error.text}` : 'by an error';
  site.options.log(
    'error',
    `${request.method} ${request.path} was cut off ${why}`,
    known ? undefined : error,
  );
  stream?.cut();
}

const UNHEARD: HttpResponse = { status: CLIENT_LEFT, body: '', type: 'text/plain' };

/** Whether an error only says that the client has disconnected. A lock request ends with an AbortError then. */
function isDeparture(error: unknown): boolean {
  return error instanceof ClientLeft || (error instanceof Error && error.name === 'AbortError');
}
