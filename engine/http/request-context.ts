// One request on its way through the pipeline: what is known of it so far. The steps are in handler.ts;
// this holds their results and decides nothing.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import type { Problem } from '../diagnostics/problem.ts';
import type { LoadedPage, Located, PageSet } from '../pages/index.ts';
import type { SessionNeed } from '../runtime/page-types.ts';
import type { RequestedUrl, RequestSession, SessionRequest } from '../session/index.ts';
import { browserRequest } from './browser-request.ts';
import type { HandlerSettings } from './handler-settings.ts';
import { recover } from './maybe-promise.ts';
import { LoadingPage } from './page-interruption.ts';
import { HttpPageRequest } from './page-request.ts';
import type { RequestBody } from './request-body.ts';
import { type RequestTarget, requestTarget } from './request-target.ts';
import { ResponseDraft } from './response-draft.ts';
import type { SiteState } from './site-state.ts';

/** What a response begins with. */
export interface HttpResponseHead {
  readonly status: number;
  /** Content-Type, unless the draft has one. */
  readonly type: string;
  /** The page's own headers and cookies; undefined: none. */
  readonly draft?: ResponseDraft | undefined;
  /** Further headers: name, value, name, value … */
  readonly headers?: readonly string[];
}

/** What will be written: made by a page, a redirect or an error. */
export interface HttpResponse extends HttpResponseHead {
  readonly body: string | Uint8Array;
  /** Leaves no line in the request log. */
  readonly quiet?: boolean;
}

/** A response that is sent piece by piece (streamed.ts). */
export interface ResponseStream {
  /** Whether the head has been sent: an error can only cut the response off. */
  readonly begun: boolean;
  /** Whether pieces are on their way: the client, or the session's lock, is waited for. */
  readonly sending: boolean;
  /** How many pieces have been sent. */
  readonly sent: number;
  /** Sends a piece behind those before it; the promise is kept once the client can take more. */
  send(piece: string | Uint8Array): Promise<void>;
  /** Kept when all pieces have been sent, rejected when one could not be. */
  idle(): Promise<void>;
  /** Ends a response that has begun, with its last piece. */
  end(rest: string | Uint8Array): void;
  /** Sends nothing more that has not begun: a further piece fails with this. */
  refuse(problem: Problem): void;
  /** Breaks the response off, so that the client sees that it is not complete; what was sent still arrives. */
  cut(): void;
}

/** How Express and Connect go on when this handler has nothing to say. */
export type Next = (error?: unknown) => void;

/** One request and what has become of it. */
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
  /** The page of error_pages that answers instead. */
  error_page: LoadedPage | undefined = undefined;
  /** Under debug, the pages that ran within those, by absolute path: some are named by a path that is computed. */
  readonly included: Set<string> | undefined;
  body: RequestBody | undefined = undefined;
  /** The request names no host of this site: neither its pages nor live reload take part in the answer. */
  misdirected = false;
  /** The body was refused before its end: the rest is still on its way. */
  body_refused = false;
  session: RequestSession | undefined = undefined;
  /** Why the session cannot be used (any more); what Session() throws. */
  session_error: unknown = undefined;
  /** The response, if it is sent piece by piece. */
  stream: ResponseStream | undefined = undefined;
  /** What the request failed with, if it did. */
  error: unknown = undefined;
  response: HttpResponse | undefined = undefined;
  /** The static part, or what `next` leads to, answers. */
  handed_on = false;
  bytes = 0;
  /** Whether the head that is being sent has characters beyond ASCII (respond.ts). */
  latin1_head = false;

  constructor(site: SiteState, incoming: IncomingMessage, outgoing: ServerResponse, next: Next | undefined) {
    this.site = site;
    this.settings = site.settings;
    this.included = site.settings.config.debug ? new Set() : undefined;
    this.incoming = incoming;
    this.outgoing = outgoing;
    this.next = next;
    this.started = site.now();
    this.target = requestTarget(incoming);
    this.request = new HttpPageRequest(incoming, outgoing, this.target, this.settings.trust);
    this.draft = new ResponseDraft(this.request);
    // Last: nothing that throws may keep a generation in use.
    this.pages = site.pages.begin();
  }

  /** The page of a file. Its modules may take as long as a page may run. */
  load(file: string): LoadedPage | Promise<LoadedPage> {
    const page = this.pages.load(file);
    if (!(page instanceof Promise)) return page;
    const { page_timeout } = this.settings.config.limits;
    const loading = new LoadingPage(basename(file), page_timeout, this.site.options.log);
    return this.site.running.within(page, loading);
  }

  /** Takes the turn that a page needs before it runs. When it is not to be had, this request goes without a session. */
  acquireSession(page: LoadedPage | undefined): void | Promise<void> {
    return recover(
      () => this.begin(page?.need ?? 'none'),
      (error) => {
        this.session_error = error;
        throw error;
      },
    );
  }

  /** Takes the session's turn, or a look at it, if the need asks for one. */
  begin(need: SessionNeed): void | Promise<void> {
    if (this.session_error !== undefined) throw this.session_error;
    if (need === 'none') return undefined;
    return this.openedSession().begin(need);
  }

  /** The request's session, asked for on first use. */
  openedSession(): RequestSession {
    if (this.session_error !== undefined) throw this.session_error;
    if (this.session === undefined) {
      this.session = this.site.sessions.request(new ContextOfSession(this));
      // Nothing is written as long as nothing is opened; it only gets to know that no cookie can be sent.
      if (this.stream !== undefined) void this.session.flush();
    }
    return this.session;
  }
}

/** What the sessions are told of a request; what costs is made only if they ask. */
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
