// RESPONSE: what a page says about its response, kept until the response is written (contract section 6).
// Writes nothing itself. Headers are made only when a page asks for them.

import { Problem } from '../diagnostics/problem.ts';
import type { CookieOptions, RequestResponse, ResponseBody } from '../runtime/page-types.ts';
import { deletedCookieValue, setCookieValue } from './set-cookie.ts';

/** Refuses a change of what it is told. */
type ChangeRefusal = (what: string) => never;

/** The draft of one response. */
export class ResponseDraft implements RequestResponse {
  #status: number;
  #headers: Headers | undefined = undefined;
  #sent: ResponseBody | undefined = undefined;
  #sealed: ChangeRefusal | undefined = undefined;
  /** Why the page can say nothing more. */
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
      if (this.#sealed !== undefined) sealHeaders(this.#headers, this.#sealed);
    }
    return this.#headers;
  }

  /** The headers if the page has touched them. */
  get touchedHeaders(): Headers | undefined {
    return this.#headers;
  }

  /** What `send` was given; undefined when the page did not call it. */
  get sent(): ResponseBody | undefined {
    return this.#sent;
  }

  /** The head has been sent: a change from now on is an error. */
  seal(): void {
    this.#seal((what) => {
      throw new Problem('response-begun', { params: { what } });
    });
  }

  /** The page has been interrupted: whatever it says from now on fails with this. */
  close(problem: Problem): void {
    this.closed = problem;
    this.#seal(() => {
      throw problem;
    });
  }

  #seal(refuse: ChangeRefusal): void {
    this.#sealed = refuse;
    if (this.#headers !== undefined) sealHeaders(this.#headers, refuse);
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
}

/** Whether something can be sent as it is. */
export function isPiece(body: unknown): body is string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array;
}

/** Headers that can still be read, but not changed. */
function sealHeaders(headers: Headers, sealed: ChangeRefusal): void {
  const refuse = () => sealed('a change of RESPONSE.headers');
  for (const name of ['append', 'delete', 'set'])
    Object.defineProperty(headers, name, { value: refuse, configurable: true });
}
