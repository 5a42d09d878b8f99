// RESPONSE as one run of a page has it: the request's response, and flush() for what this page has printed. Only pages
// that may flush get one; all others have the request's own.

import type { PageRun } from './layout.ts';
import type { CookieOptions, PageResponse, PageScope, ResponseBody } from './page-types.ts';

/** The response of a page that may send what it has printed so far. */
export class RunResponse implements PageResponse {
  readonly #scope: PageScope;
  readonly #run: PageRun;

  constructor(scope: PageScope, run: PageRun) {
    this.#scope = scope;
    this.#run = run;
  }

  get status(): number {
    return this.#scope.RESPONSE.status;
  }

  set status(status: number) {
    this.#scope.RESPONSE.status = status;
  }

  get headers(): Headers {
    return this.#scope.RESPONSE.headers;
  }

  setCookie(name: string, value: string, options?: CookieOptions): void {
    this.#scope.RESPONSE.setCookie(name, value, options);
  }

  deleteCookie(name: string, options?: CookieOptions): void {
    this.#scope.RESPONSE.deleteCookie(name, options);
  }

  send(body: ResponseBody): void {
    this.#scope.RESPONSE.send(body);
  }

  flush(): Promise<void> {
    this.#scope.assertMayFlush();
    return this.#scope.flush(this.#run.takePrinted());
  }
}
