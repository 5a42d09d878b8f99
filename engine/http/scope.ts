// The names that a page can use, for one request (contract section 6). QUERY and FILES are put together when first read.

import { recordOf } from '../runtime/fields.ts';
import type {
  Files,
  PageRequest,
  PageResponse,
  PageScope,
  Query,
  SessionNeed,
  SessionOptions,
} from '../runtime/names.ts';
import type { Redirect } from '../runtime/result.ts';
import type { Exchange } from './exchange.ts';
import { fieldsOf, queryFrom } from './fields.ts';
import type { ResponseDraft } from './response.ts';

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze(Object.create(null));
const NO_FILES: readonly never[] = Object.freeze([]);

/** What one page is run with. An error page gets a scope of its own, over the same request. */
export class Scope implements PageScope {
  readonly PARAMS: Readonly<Record<string, string>>;
  readonly REQUEST: PageRequest;
  readonly RESPONSE: PageResponse;
  redirected: Redirect | undefined = undefined;
  includeDepth = 0;
  readonly #exchange: Exchange;
  #query: Query | undefined = undefined;
  #files: Files | undefined = undefined;

  constructor(exchange: Exchange, response: ResponseDraft) {
    const { located } = exchange;
    this.PARAMS = located?.kind === 'page' ? located.params : NO_PARAMS;
    this.REQUEST = exchange.request;
    this.RESPONSE = response;
    this.#exchange = exchange;
  }

  get QUERY(): Query {
    this.#query ??= queryOf(this.#exchange);
    return this.#query;
  }

  get FILES(): Files {
    this.#files ??= recordOf<Files>(this.#exchange.body?.files ?? new Map(), NO_FILES);
    return this.#files;
  }

  get CONFIG(): unknown {
    return this.#exchange.site.options.public_config();
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
