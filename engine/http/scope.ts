// The names that a page can use, for one request (contract section 6). QUERY and FILES are put together when first read.

import { Problem } from '../diagnostics/problem.ts';
import { fieldRecord } from '../runtime/field-record.ts';
import type { Redirect } from '../runtime/page-result.ts';
import type {
  Files,
  PageRequest,
  PageScope,
  Query,
  RequestResponse,
  SessionNeed,
  SessionOptions,
} from '../runtime/page-types.ts';
import type { Exchange } from './exchange.ts';
import { fieldsOf, queryFrom } from './fields.ts';
import type { ResponseDraft } from './response.ts';
import { StreamedResponse } from './streamed.ts';

const HTML = 'text/html; charset=utf-8';
const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze(Object.create(null));
const NO_FILES: readonly never[] = Object.freeze([]);

/** What one page is run with. An error page gets a scope of its own, over the same request. */
export class Scope implements PageScope {
  readonly PARAMS: Readonly<Record<string, string>>;
  readonly REQUEST: PageRequest;
  readonly RESPONSE: RequestResponse;
  redirected: Redirect | undefined = undefined;
  includeDepth = 0;
  readonly #exchange: Exchange;
  readonly #response: ResponseDraft;
  #query: Query | undefined = undefined;
  #files: Files | undefined = undefined;

  constructor(exchange: Exchange, response: ResponseDraft) {
    const { located } = exchange;
    this.PARAMS = located?.kind === 'page' ? located.params : NO_PARAMS;
    this.REQUEST = exchange.request;
    this.RESPONSE = response;
    this.#response = response;
    this.#exchange = exchange;
  }

  get QUERY(): Query {
    this.#query ??= queryOf(this.#exchange);
    return this.#query;
  }

  get FILES(): Files {
    this.#files ??= fieldRecord<Files>(this.#exchange.body?.files ?? new Map(), NO_FILES);
    return this.#files;
  }

  get CONFIG(): unknown {
    return this.#exchange.settings.public_config;
  }

  get flushed(): boolean {
    return this.#exchange.stream !== undefined;
  }

  assertMayFlush(): void {
    if (this.#response.closed !== undefined) throw this.#response.closed;
    if (this.redirected !== undefined) throw this.redirected;
    const where = this.#sentAsWhole();
    if (where !== undefined) throw new Problem('flush-not-here', { params: { where } });
  }

  flush(printed: string): Promise<void> {
    this.#exchange.stream ??= new StreamedResponse(this.#exchange, this.#response, HTML);
    return this.#exchange.stream.send(printed);
  }

  #sentAsWhole(): string | undefined {
    if (this.#response !== this.#exchange.response) return 'in an error page';
    return this.#response.sent === undefined ? undefined : 'after RESPONSE.send()';
  }

  included(file: string): void {
    this.#exchange.included?.add(file);
  }

  session(options?: SessionOptions): unknown {
    return this.#exchange.openedSession().open(options);
  }

  begin(need: SessionNeed): void | Promise<void> {
    return this.#exchange.begin(need);
  }
}

function queryOf(exchange: Exchange): Query {
  return queryFrom(fieldsOf(exchange.target.search, exchange.settings.config.limits), exchange.body?.fields);
}
