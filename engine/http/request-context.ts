// The request context: one object for each request, in which the middleware steps (handler.ts) leave their results.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import type { Problem } from '../diagnostics/problem.ts';
import type { Html } from '../escaping/trusted-text.ts';
import type { LoadedPage, Located, PageSet } from '../pages/index.ts';
import type { SessionNeed } from '../runtime/page-types.ts';
import type { RequestedUrl, RequestSession, SessionRequest } from '../session/index.ts';
import { browserRequest } from './browser-request.ts';
import type { HandlerSettings } from './handler-settings.ts';
import { ShownFiles } from './live-reload/shown-files.ts';
import { LoadingPage } from './page-interruption.ts';
import { HttpPageRequest } from './page-request.ts';
import type { ReceivedForm } from './received-form.ts';
import { recover } from './recover.ts';
import type { RequestBody } from './request-body.ts';
import { type RequestTarget, requestTarget } from './request-target.ts';
import { ResponseDraft } from './response-draft.ts';
import type { SiteState } from './site-state.ts';

/** Status and headers of a response. */
export interface HttpResponseHead {
  readonly status: number;
  /** The Content-Type, if the draft has none. */
  readonly type: string;
  /** The headers and cookies of the page; undefined if it has none. */
  readonly draft?: ResponseDraft | undefined;
  /** Further headers: name, value, name, value … */
  readonly headers?: readonly string[];
}

/** A response that is to be written: of a page, a redirect or an error. */
export interface HttpResponse extends HttpResponseHead {
  readonly body: string | Uint8Array;
  /** Whether to leave it out of the request log. */
  readonly quiet?: boolean;
}

/** A response that is sent piece by piece (streamed-response.ts). */
export interface ResponseStream {
  /** Whether the head has been sent. From then on an error can only cut the response off. */
  readonly begun: boolean;
  /** Whether a piece waits for the client or for the session's lock. */
  readonly sending: boolean;
  /** The number of pieces that have been sent. */
  readonly sent: number;
  /** Sends a piece after all earlier pieces. Resolves when the client can take more. */
  send(piece: string | Uint8Array): Promise<void>;
  /** Resolves when all pieces have been sent. Rejects if one of them could not be sent. */
  idle(): Promise<void>;
  /** Sends the last piece and ends a response that has begun. */
  end(rest: string | Uint8Array): void;
  /** Sends no further piece: `send()` rejects with this problem from now on. */
  refuse(problem: Problem): void;
  /**
   * Ends the connection without ending the response, so that the client sees that it is incomplete. Sent pieces still arrive.
   */
  cut(): void;
}

/** Passes the request to the next handler of Express or Connect. */
export type Next = (error?: unknown) => void;

const NO_PAGES: readonly LoadedPage[] = [];

/** A kept form that a page shows: it is dropped when the page is sent. */
export interface ShownForm {
  readonly place: string;
  /** Until when it is kept, which tells it from a newer one at the same place. */
  readonly until: number;
}

/** One request and the results of its steps. */
export class RequestContext {
  readonly site: SiteState;
  readonly settings: HandlerSettings;
  /** The generation of the site that this request runs on. */
  readonly pages: PageSet;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly next: Next | undefined;
  readonly started: number;
  readonly target: RequestTarget;
  readonly request: HttpPageRequest;
  readonly draft: ResponseDraft;
  located: Located | undefined = undefined;
  page: LoadedPage | undefined = undefined;
  /** The error of a page that could not be loaded. It is thrown after the guards have run, which may answer first. */
  page_error: unknown = undefined;
  /** The loaded guards, in the order of `located.guards`. */
  guards: readonly LoadedPage[] = NO_PAGES;
  /** The files that the response depends on, for live reload; undefined without `debug` and `watch`. */
  readonly shown_files: ShownFiles | undefined;
  body: RequestBody | undefined = undefined;
  /** The form in the body; undefined if the request has no body. */
  form: ReceivedForm | undefined = undefined;
  /** The form of SEND_AGAIN, if the response to an error carries the fields of the request. */
  send_again: Html | undefined = undefined;
  /** Whether the request names no host of this site. Then neither its pages nor live reload take part in the response. */
  misdirected = false;
  /** Whether the body was refused before its end, so that the client is still sending. */
  body_refused = false;
  /** Whether the response must not be stored, because it has the token of a form. */
  no_store = false;
  session: RequestSession | undefined = undefined;
  /** The kept form that the page shows. */
  shown_form: ShownForm | undefined = undefined;
  /** The error that `Session()` throws, if the session cannot be used. */
  session_error: unknown = undefined;
  /** The response, if it is sent piece by piece. */
  stream: ResponseStream | undefined = undefined;
  /** The error that ended the request, if there was one. */
  error: unknown = undefined;
  response: HttpResponse | undefined = undefined;
  /** Whether the static file handler or the next handler answers. */
  handed_on = false;
  bytes = 0;
  /** Whether the head has characters beyond ASCII (write-response.ts). */
  latin1_head = false;
  #locals: object | undefined = undefined;

  constructor(site: SiteState, incoming: IncomingMessage, outgoing: ServerResponse, next: Next | undefined) {
    this.site = site;
    this.settings = site.settings;
    const { debug, watch } = site.settings.config;
    this.shown_files = debug && watch ? new ShownFiles(site.pages) : undefined;
    this.incoming = incoming;
    this.outgoing = outgoing;
    this.next = next;
    this.started = site.now();
    this.target = requestTarget(incoming);
    this.request = new HttpPageRequest(incoming, outgoing, this.target, this.settings.trust);
    this.draft = new ResponseDraft(this.request);
    // This comes last, because an error after it would keep the generation in use.
    this.pages = site.pages.begin();
  }

  /** LOCALS of this request, created on first use. */
  get locals(): object {
    this.#locals ??= Object.create(null) as object;
    return this.#locals;
  }

  /** Loads the page of a file. The modules of the page get `limits.page_timeout` to load. */
  load(file: string): LoadedPage | Promise<LoadedPage> {
    return this.#loadedInTime(file, this.pages.load(file));
  }

  /** Loads a guard in the same way. */
  loadGuard(file: string): LoadedPage | Promise<LoadedPage> {
    return this.#loadedInTime(file, this.pages.loadGuard(file));
  }

  #loadedInTime(file: string, page: LoadedPage | Promise<LoadedPage>): LoadedPage | Promise<LoadedPage> {
    if (!(page instanceof Promise)) return page;
    const { page_timeout } = this.settings.config.limits;
    const loading = new LoadingPage(basename(file), page_timeout, this.site.options.log);
    return this.site.running.within(page, loading);
  }

  /** Whether a field is secret: by its name, or because a page of the site shows it as a password. */
  isSecret(name: string): boolean {
    return this.settings.isSecret(name) || this.pages.isPassword(name);
  }

  /** Acquires the session lock that pages need before they run. If that fails, the request has no session. */
  acquireSession(need: SessionNeed): void | Promise<void> {
    return need === 'none' ? undefined : this.#acquire(need);
  }

  #acquire(need: SessionNeed): void | Promise<void> {
    return recover(this, (context) => context.begin(need), failSession);
  }

  /** Acquires the session lock, or reads the session, as the need says. */
  begin(need: SessionNeed): void | Promise<void> {
    if (this.session_error !== undefined) throw this.session_error;
    if (need === 'none') return undefined;
    return this.openedSession().begin(need);
  }

  /** The session of the request, created on first use. */
  openedSession(): RequestSession {
    if (this.session_error !== undefined) throw this.session_error;
    if (this.session === undefined) {
      this.session = this.site.sessions.request(new ContextOfSession(this));
      // Only marks the session: the headers have been sent, so no cookie can be set.
      if (this.stream !== undefined) void this.session.flush();
    }
    return this.session;
  }
}

function failSession(context: RequestContext, error: unknown): never {
  context.session_error = error;
  throw error;
}

/** The request as the session layer sees it. Expensive parts are computed on demand. */
class ContextOfSession implements SessionRequest {
  readonly cookie: string | undefined;
  readonly arrived: number;
  readonly page: string;
  readonly #incoming: IncomingMessage;
  readonly #request: HttpPageRequest;

  constructor(context: RequestContext) {
    this.cookie = context.incoming.headers.cookie;
    this.arrived = context.started;
    this.page = context.page?.name ?? context.target.path;
    this.#incoming = context.incoming;
    this.#request = context.request;
  }

  get secure(): boolean {
    return this.#request.secure;
  }

  get url(): RequestedUrl | undefined {
    return browserRequest(this.#incoming, this.#request);
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }
}
