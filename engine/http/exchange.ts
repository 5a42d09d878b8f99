// One request on its way through the pipeline: what is known of it so far. The steps are in handler.ts;
// this holds their results and decides nothing.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoadedPage, Located } from '../pages/index.ts';
import type { SessionNeed } from '../runtime/names.ts';
import type { RequestSession, SessionRequest } from '../session/index.ts';
import type { RequestBody } from './body.ts';
import { RequestView } from './request.ts';
import { ResponseDraft } from './response.ts';
import type { Settings } from './settings.ts';
import type { Site } from './site.ts';
import { type Target, targetOf } from './target.ts';

/** What will be written: made by a page, a redirect or an error. */
export interface Reply {
  readonly status: number;
  readonly body: string | Uint8Array;
  /** Content-Type, unless the draft has one. */
  readonly type: string;
  /** The page's own headers and cookies; undefined: none. */
  readonly draft?: ResponseDraft | undefined;
  /** Further headers: name, value, name, value … */
  readonly headers?: readonly string[];
  /** Leaves no line in the request log. */
  readonly quiet?: boolean;
}

/** How Express and Connect go on when this handler has nothing to say. */
export type Next = (error?: unknown) => void;

/** One request and what has become of it. */
export class Exchange {
  readonly site: Site;
  readonly settings: Settings;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly next: Next | undefined;
  readonly started: number;
  readonly target: Target;
  readonly request: RequestView;
  readonly response: ResponseDraft;
  located: Located | undefined = undefined;
  page: LoadedPage | undefined = undefined;
  /** The page of error_pages that answers instead. */
  error_page: LoadedPage | undefined = undefined;
  body: RequestBody | undefined = undefined;
  /** The body was refused before its end: the rest is still on its way. */
  body_refused = false;
  session: RequestSession | undefined = undefined;
  /** Why the session cannot be used any more. */
  session_error: unknown = undefined;
  /** What the request failed with, if it did. */
  error: unknown = undefined;
  reply: Reply | undefined = undefined;
  /** Somebody else answers: serve-handler, or what `next` leads to. */
  handed_on = false;
  bytes = 0;

  constructor(site: Site, incoming: IncomingMessage, outgoing: ServerResponse, next: Next | undefined) {
    this.site = site;
    this.settings = site.settings;
    this.incoming = incoming;
    this.outgoing = outgoing;
    this.next = next;
    this.started = site.now();
    this.target = targetOf(incoming);
    this.request = new RequestView(incoming, outgoing, this.target, this.settings.trust);
    this.response = new ResponseDraft(this.request);
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
    this.session ??= this.site.sessions.request(new Visit(this));
    return this.session;
  }
}

/** What the sessions are told of a request; address and signal are made only if they ask. */
class Visit implements SessionRequest {
  readonly cookie: string | undefined;
  readonly page: string;
  readonly #request: RequestView;

  constructor(exchange: Exchange) {
    this.cookie = exchange.incoming.headers.cookie;
    this.page = exchange.page?.name ?? exchange.target.path;
    this.#request = exchange.request;
  }

  get secure(): boolean {
    return this.#request.secure;
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }
}
