// RESPONSE: what a page says about its response, kept until the response is written (contract section 6).
// Writes nothing itself. Headers are made only when a page asks for them.

import { Problem } from '../diagnostics/problem.ts';
import type { CookieOptions, PageResponse } from '../runtime/names.ts';
import { deletedCookieValue, setCookieValue } from './cookie.ts';

/** The draft of one response. */
export class ResponseDraft implements PageResponse {
  #status: number;
  #headers: Headers | undefined = undefined;
  #sent: string | Uint8Array | undefined = undefined;
  readonly #peer: { readonly secure: boolean };

  constructor(peer: { readonly secure: boolean }, status = 200) {
    this.#peer = peer;
    this.#status = status;
  }

  get status(): number {
    return this.#status;
  }

  set status(status: number) {
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new Problem('response-status', { holes: { status: String(status) }, value: status });
    }
    this.#status = status;
  }

  get headers(): Headers {
    this.#headers ??= new Headers();
    return this.#headers;
  }

  /** The headers if the page has touched them. */
  get touchedHeaders(): Headers | undefined {
    return this.#headers;
  }

  /** What `send` was given; undefined when the page did not call it. */
  get sent(): string | Uint8Array | undefined {
    return this.#sent;
  }

  setCookie(name: string, value: string, options: CookieOptions = {}): void {
    this.headers.append('Set-Cookie', setCookieValue(name, value, options, this.#peer.secure));
  }

  deleteCookie(name: string, options: CookieOptions = {}): void {
    this.headers.append('Set-Cookie', deletedCookieValue(name, options, this.#peer.secure));
  }

  send(body: string | Uint8Array): void {
    if (typeof body !== 'string' && !(body instanceof Uint8Array)) {
      throw new Problem('response-body', { holes: { type: typeof body } });
    }
    this.#sent = body;
  }
}
