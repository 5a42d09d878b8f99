// The handler of a site, as (req, res, next) that any server can mount:
// URL → file → checks → fields → session lock → guards → page, file or redirect → session written → response.
// A page without await is answered without a promise: a step returns a promise only if it must wait.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { asThrown } from '../diagnostics/thrown.ts';
import { isOutage } from '../session/index.ts';
import { continueWith } from '../session/maybe-promise.ts';
import { checkRequest } from './check-request.ts';
import { ClientLeft, clientLeft } from './client-left.ts';
import { errorResponse, statusOf } from './error-response.ts';
import { LiveReload } from './live-reload/live-reload.ts';
import { acceptForm, endArrival } from './once/form-steps.ts';
import { recover } from './recover.ts';
import { type HttpResponse, type Next, RequestContext, type ShownForm } from './request-context.ts';
import { CLIENT_LEFT } from './request-log.ts';
import {
  acquireSession,
  findFile,
  loadPages,
  readFieldsOfRun,
  refuseOtherSites,
  respond,
  setResponse,
} from './request-steps.ts';
import { readUnreadForm } from './send-again/unread-form.ts';
import { showSite } from './site-page/site-page.ts';
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
    const noteFiles: MiddlewareStep = (context) => this.#live.noteFiles(context);
    this.#steps = [
      checkRequest,
      reload,
      showSite,
      findFile,
      noteFiles,
      refuseOtherSites,
      loadPages,
      readFieldsOfRun,
      acceptForm,
      acquireSession,
      respond,
    ];
  }

  /** A property, so that it can be passed without its object. */
  readonly handle = (incoming: IncomingMessage, outgoing: ServerResponse, next?: Next): void => {
    try {
      const answered = this.#answered(new RequestContext(this.#site, incoming, outgoing, next));
      if (answered instanceof Promise) this.#giveUpIfRejected(answered, incoming, outgoing);
    } catch (error) {
      this.#giveUp(incoming, outgoing, asThrown(error));
    }
  };

  drain(): void {
    this.#site.clients.endKept();
    this.#live.close();
  }

  close(): void {
    this.#live.close();
  }

  #answered(context: RequestContext): void | Promise<void> {
    let answered: void | Promise<void>;
    try {
      this.#site.clients.watch(context);
      answered = continueWith(recover(context, this.#runSteps, fail), context, this.#finish);
    } catch (error) {
      context.pages.release();
      throw error;
    }
    if (answered instanceof Promise) return releasedAfter(answered, context);
    context.pages.release();
  }

  readonly #runSteps = (context: RequestContext): void | Promise<void> => this.#runStepsFrom(0, context);

  #runStepsFrom(first: number, context: RequestContext): void | Promise<void> {
    for (let index = first; index < this.#steps.length; index++) {
      if (context.response !== undefined || context.handed_on) return undefined;
      const pending = this.#steps[index]?.(context);
      if (pending instanceof Promise) return this.#runStepsAfter(pending, index + 1, context);
    }
    return undefined;
  }

  async #runStepsAfter(pending: Promise<void>, first: number, context: RequestContext): Promise<void> {
    await pending;
    return this.#runStepsFrom(first, context);
  }

  /** The session is written before the response, because the response must not report a change that was lost. */
  readonly #finish = (context: RequestContext): void | Promise<void> => {
    if (context.shown_form !== undefined) dropShownForm(context, context.shown_form);
    const ended = recover(context, endSession, failWithSession);
    const noted = context.form?.arrival === undefined ? ended : continueWith(ended, context, endArrival);
    return continueWith(noted, context, this.#write);
  };

  readonly #write = (context: RequestContext): void | Promise<void> => {
    context.body?.dispose();
    const { response, stream } = context;
    if (response === undefined || context.handed_on) return undefined;
    if (stream?.begun === true) return stream.end(response.body);
    try {
      return writeResponse(context, this.#live.injected(context, response));
    } catch (error) {
      return continueWith(errorResponse(context, asThrown(error)), context, writeResponse);
    }
  };

  async #giveUpIfRejected(
    answered: Promise<void>,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    try {
      await answered;
    } catch (error) {
      this.#giveUp(incoming, outgoing, asThrown(error));
    }
  }

  /** Last resort for internal errors: ends the response so that the client does not wait. */
  #giveUp(incoming: IncomingMessage, outgoing: ServerResponse, error: unknown): void {
    const path = (incoming.url ?? '').replace(/[?#].*$/s, '');
    this.#site.options.log('error', `${incoming.method} ${path} could not be answered`, error);
    if (!outgoing.headersSent) outgoing.writeHead(500, ['Connection', 'close', 'Content-Length', '0']);
    outgoing.end();
  }
}

async function releasedAfter(answered: Promise<void>, { pages }: RequestContext): Promise<void> {
  try {
    await answered;
  } finally {
    pages.release();
  }
}

function endSession({ session }: RequestContext): void | Promise<void> {
  return session?.end();
}

function failWithSession(context: RequestContext, error: unknown): void | Promise<void> {
  context.session_error = error;
  return fail(context, error);
}

/** A kept form is shown once. A page that failed or redirected has not shown it, nor has one whose client has left. */
function dropShownForm({ response, session, error, outgoing }: RequestContext, shown: ShownForm): void {
  if (error !== undefined || response === undefined || response.status >= 300 || clientLeft(outgoing)) return;
  session?.dropForm(shown.place, shown.until);
}

function fail(context: RequestContext, error: unknown): void | Promise<void> {
  context.error = error;
  const departed = clientLeft(context.outgoing) && isDeparture(error);
  if (departed || context.stream?.begun === true) {
    context.response = UNHEARD;
    if (!departed) cutOff(context, error);
    return undefined;
  }
  return continueWith(readUnreadForm(context, statusOf(error)), context, respondToError);
}

function respondToError(context: RequestContext): void | Promise<void> {
  return continueWith(errorResponse(context, context.error), context, setResponse);
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
