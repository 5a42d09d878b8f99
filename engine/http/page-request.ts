// REQUEST: the request as a page sees it (contract section 6). Everything that costs is made on first use,
// since most pages ask for nothing of it.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie } from 'cookie';
import { HttpError } from '../runtime/page-result.ts';
import type { PageRequest } from '../runtime/page-types.ts';
import { clientLeft } from './client-left.ts';
import { isEncrypted, type Peer, type ProxyTrust, peerOf } from './proxy-trust.ts';
import type { RequestTarget } from './request-target.ts';

const NO_BODY = Object.freeze(new Uint8Array(0));
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** One request. `body` is given once it has been read. */
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

  /** The other end: address, scheme and host, as far as proxies are trusted. */
  get peer(): Peer {
    this.#peer ??= peerOf(this.#incoming, this.#trust, this.#ownHost);
    return this.#peer;
  }

  /** Whether the visitor came by https. */
  get secure(): boolean {
    return this.#trust.none ? isEncrypted(this.#incoming.socket) : this.peer.secure;
  }

  /** The Host that the visitor asked for. */
  get host(): string | undefined {
    return this.#trust.none ? this.#ownHost : this.peer.host;
  }

  /** The host that the request itself names, whatever a proxy says. */
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

  /** Aborts the signal, also one that is asked for later. */
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

/** The Host line; HTTP/2 has a pseudo-header in its place. */
export function hostLine(incoming: IncomingMessage): string | undefined {
  const host = incoming.headers.host ?? incoming.headers[':authority'];
  return typeof host === 'string' ? host : undefined;
}

function urlOf(peer: Peer, rest: string): URL {
  const scheme = peer.secure ? 'https' : 'http';
  const origin = `${scheme}://${peer.host ?? 'localhost'}`;
  // The path is set apart: '//evil.example' in it must not become a host.
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
    // HTTP/2 has ':path' and its like among them.
    if (!name.startsWith(':')) headers.append(name, raw[index + 1] ?? '');
  }
  return headers;
}

function requestCookies(header: string | undefined): Readonly<Record<string, string>> {
  const cookies: Record<string, string> = Object.create(null);
  if (header !== undefined) Object.assign(cookies, parseCookie(asUtf8(header)));
  return Object.freeze(cookies);
}

/** Scripts write cookies as UTF-8, and Node gives each byte as a character. What is not UTF-8 stays Latin-1, cookie by cookie. */
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
