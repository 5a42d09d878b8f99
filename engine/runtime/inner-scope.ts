// The scope of an inner page, which Render() runs within the request of another page (docs/pages.md, *The output of another page*). It
// has the request and the session of that page. Its output is a value and not the response, so it can neither redirect nor
// change RESPONSE.

import { Problem } from '../diagnostics/problem.ts';
import { OuterScope } from './outer-scope.ts';
import type { PageScope, RequestResponse } from './page-types.ts';
import { sealHeaders } from './sealed-headers.ts';

/** The scope of one call of Render(). */
export class InnerScope extends OuterScope implements PageScope {
  readonly redirected = undefined;
  includeDepth: number;
  #response: RequestResponse | undefined = undefined;

  constructor(outer: PageScope) {
    super(outer);
    this.includeDepth = outer.includeDepth + 1;
  }

  get RESPONSE(): RequestResponse {
    this.#response ??= new InnerResponse(this.outer.RESPONSE);
    return this.#response;
  }

  redirect(): never {
    return refuse('redirect()');
  }

  assertMayFlush(): never {
    return refuse('RESPONSE.flush()');
  }

  flush(): never {
    return refuse('RESPONSE.flush()');
  }
}

/** RESPONSE of an inner page: that of the request, read-only. */
class InnerResponse implements RequestResponse {
  readonly headers: Headers;
  readonly #outer: RequestResponse;

  constructor(outer: RequestResponse) {
    this.#outer = outer;
    this.headers = new Headers(outer.headers);
    sealHeaders(this.headers, () => refuse('a change of RESPONSE.headers'));
  }

  get status(): number {
    return this.#outer.status;
  }

  set status(_status: number) {
    refuse('RESPONSE.status');
  }

  setCookie(): never {
    return refuse('RESPONSE.setCookie()');
  }

  deleteCookie(): never {
    return refuse('RESPONSE.deleteCookie()');
  }

  send(): never {
    return refuse('RESPONSE.send()');
  }

  json(): never {
    return refuse('RESPONSE.json()');
  }
}

function refuse(what: string): never {
  throw new Problem('render-response', { params: { what } });
}
