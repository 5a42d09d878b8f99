// RESPONSE: the status, headers and body that a page sets (README.md, *Names of a page*), until the response is written.
// The Headers object is created only if a page uses it.

import { Problem } from '../diagnostics/problem.ts';
import { jsonText } from '../runtime/json-text.ts';
import type { CookieOptions, RequestResponse, ResponseBody } from '../runtime/page-types.ts';
import { sealHeaders } from '../runtime/sealed-headers.ts';
import { deletedCookieValue, setCookieValue } from './set-cookie.ts';

/** Throws, because the named part of the response cannot be changed any more. */
type ChangeRefusal = (what: string) => never;

/** A type of JSON that a page has set itself, such as `application/problem+json`. */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;

/** The draft of one response. */
export class ResponseDraft implements RequestResponse {
  #status: number;
  #headers: Headers | undefined = undefined;
  #sent: ResponseBody | undefined = undefined;
  #sealed: ChangeRefusal | undefined = undefined;
  /** The Problem that each change throws, if the page was interrupted. */
  closed: Problem | undefined = undefined;
  readonly #peer: { readonly secure: boolean };

  constructor(peer: { readonly secure: boolean }, status = 200) {
    this.#peer = peer;
    this.#status = status;
  }

  get status(): number {
    return this.#status;
  }

  set status(status: number) {
    this.#sealed?.('RESPONSE.status');
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new Problem('response-status', { params: { status: String(status) }, value: status });
    }
    this.#status = status;
  }

  get headers(): Headers {
    if (this.#headers === undefined) {
      this.#headers = new Headers();
      if (this.#sealed !== undefined) sealHeaders(this.#headers, headersRefusal(this.#sealed));
    }
    return this.#headers;
  }

  /** The headers, if the page has used them. */
  get touchedHeaders(): Headers | undefined {
    return this.#headers;
  }

  /** The argument of `send()`, or the text of that of `json()`; undefined if the page has called neither. */
  get sent(): ResponseBody | undefined {
    return this.#sent;
  }

  /** Makes each further change an error, because the head has been sent. */
  seal(): void {
    this.#seal((what) => {
      throw new Problem('response-begun', { params: { what } });
    });
  }

  /** Makes each further change throw this Problem, because the page was interrupted. */
  close(problem: Problem): void {
    this.closed = problem;
    this.#seal(() => {
      throw problem;
    });
  }

  #seal(refuse: ChangeRefusal): void {
    this.#sealed = refuse;
    if (this.#headers !== undefined) sealHeaders(this.#headers, headersRefusal(refuse));
  }

  setCookie(name: string, value: string, options: CookieOptions = {}): void {
    this.headers.append(
      'Set-Cookie',
      setCookieValue({ name, value, call: 'RESPONSE.setCookie' }, options, this.#peer.secure),
    );
  }

  deleteCookie(name: string, options: CookieOptions = {}): void {
    this.headers.append('Set-Cookie', deletedCookieValue(name, options, this.#peer.secure));
  }

  send(body: ResponseBody): void {
    this.#sealed?.('RESPONSE.send()');
    if (!isPiece(body) && !(typeof body === 'object' && body !== null && Symbol.asyncIterator in body)) {
      throw new Problem('response-body', { params: { type: typeof body } });
    }
    this.#sent = body;
  }

  json(value: unknown): void {
    this.#sealed?.('RESPONSE.json()');
    this.#sent = jsonText(value);
    if (!JSON_TYPE.test(this.headers.get('Content-Type') ?? ''))
      this.headers.set('Content-Type', 'application/json');
  }
}

/** Whether a value can be sent unchanged. */
export function isPiece(body: unknown): body is string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array;
}

function headersRefusal(refuse: ChangeRefusal): () => never {
  return () => refuse('a change of RESPONSE.headers');
}
