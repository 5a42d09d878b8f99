// REQUEST: the request as a page sees it (README.md, *Names of a page*). Expensive parts are computed on first use,
// because most pages read none of them.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie } from 'cookie';
import { HttpError } from '../runtime/page-result.ts';
import type { PageRequest } from '../runtime/page-types.ts';
import { clientLeft } from './client-left.ts';
import { isEncrypted, type Peer, type ProxyTrust, peerOf } from './proxy-trust.ts';
import type { RequestTarget } from './request-target.ts';

const NO_BODY = Object.freeze(new Uint8Array(0));
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** REQUEST of one request. `body` is set when the body has been read. */
export class HttpPageRequest implements PageRequest {
  readonly method: string;
  body: Uint8Array = NO_BODY;
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  readonly #target: RequestTarget;
  readonly #trust: ProxyTrust;
  #peer: Peer | undefined = undefined;
  #url: URL | undefined = undefined;
  #headers: Headers | undefined = undefined;
  #cookies: Readonly<Record<string, string>> | undefined = undefined;
  #aborting: AbortController | undefined = undefined;
  #interrupted: DOMException | undefined = undefined;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse, target: RequestTarget, trust: ProxyTrust) {
    this.method = incoming.method ?? 'GET';
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#target = target;
    this.#trust = trust;
  }

  /** The client: its address, scheme and host, as trusted proxies report them. */
  get peer(): Peer {
    this.#peer ??= peerOf(this.#incoming, this.#trust, this.#ownHost);
    return this.#peer;
  }

  /** Whether the client uses https. */
  get secure(): boolean {
    return this.#trust.none ? isEncrypted(this.#incoming.socket) : this.peer.secure;
  }

  /** The host that the client asked for. */
  get host(): string | undefined {
    return this.#trust.none ? this.#ownHost : this.peer.host;
  }

  /** The host that the request itself names, without the headers of proxies. */
  get #ownHost(): string | undefined {
    return this.#target.authority ?? hostLine(this.#incoming);
  }

  get path(): string {
    return this.#target.mount + this.#target.path;
  }

  get url(): URL {
    this.#url ??= urlOf(this.peer, this.path + this.#target.search);
    return this.#url;
  }

  get headers(): Headers {
    this.#headers ??= requestHeaders(this.#incoming);
    return this.#headers;
  }

  get cookies(): Readonly<Record<string, string>> {
    this.#cookies ??= requestCookies(this.#incoming.headers.cookie);
    return this.#cookies;
  }

  get ip(): string {
    return this.peer.ip;
  }

  get signal(): AbortSignal {
    this.#aborting ??= abortController(this.#outgoing, this.#interrupted);
    return this.#aborting.signal;
  }

  /** Aborts the signal, also if a page reads it later. */
  interrupt(reason: DOMException): void {
    this.#interrupted = reason;
    this.#aborting?.abort(reason);
  }

  json(): unknown {
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(this.body));
    } catch {
      throw HttpError(400, 'The request body is not JSON.');
    }
  }
}

/** The Host line, or the pseudo-header of HTTP/2 that replaces it. */
export function hostLine(incoming: IncomingMessage): string | undefined {
  const host = incoming.headers.host ?? incoming.headers[':authority'];
  return typeof host === 'string' ? host : undefined;
}

function urlOf(peer: Peer, rest: string): URL {
  const scheme = peer.secure ? 'https' : 'http';
  const origin = `${scheme}://${peer.host ?? 'localhost'}`;
  // The path is set separately, so that '//evil.example' in it does not become a host.
  const url = new URL(URL.canParse(origin) ? origin : `${scheme}://localhost`);
  const cut = rest.indexOf('?');
  url.pathname = cut === -1 ? rest : rest.slice(0, cut);
  url.search = cut === -1 ? '' : rest.slice(cut);
  url.username = '';
  url.password = '';
  return url;
}

function requestHeaders(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  const raw = incoming.rawHeaders;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    // Pseudo-headers of HTTP/2, such as ':path', are not headers.
    if (!name.startsWith(':')) headers.append(name, raw[index + 1] ?? '');
  }
  return headers;
}

function requestCookies(header: string | undefined): Readonly<Record<string, string>> {
  const cookies: Record<string, string> = Object.create(null);
  if (header !== undefined) Object.assign(cookies, parseCookie(asUtf8(header)));
  return Object.freeze(cookies);
}

/** Scripts write cookies as UTF-8, and Node decodes headers as Latin-1. A cookie that is not valid UTF-8 stays Latin-1. */
function asUtf8(header: string): string {
  if (!/[\x80-\xff]/.test(header)) return header;
  return header.split(';').map(utf8OrLatin1).join(';');
}

function utf8OrLatin1(text: string): string {
  try {
    return UTF8.decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}

function abortController(outgoing: ServerResponse, reason: DOMException | undefined): AbortController {
  const controller = new AbortController();
  const abort = () => controller.abort(new DOMException('The client has left.', 'AbortError'));
  if (reason !== undefined) controller.abort(reason);
  else if (clientLeft(outgoing)) abort();
  else {
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) abort();
    });
  }
  return controller;
}
