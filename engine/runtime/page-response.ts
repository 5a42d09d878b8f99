// RESPONSE of one run of a page that calls flush(): the request's response, and flush() for the output of this run. Other pages
// have the request's response itself.

import type { PageRun } from './layout.ts';
import type { CookieOptions, JsonValue, PageResponse, PageScope, ResponseBody } from './page-types.ts';

/** The response of a page that sends its output so far. */
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

  json<T>(value: JsonValue<T>): void {
    this.#scope.RESPONSE.json(value);
  }

  flush(): Promise<void> {
    this.#scope.assertMayFlush();
    return this.#scope.flush(this.#run.takePrinted());
  }
}
