// The scope of a page: the values of its names for one request (contract section 6). QUERY and FILES are computed on first use.

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
import { parsedFields, queryRecord } from './form-fields.ts';
import type { RequestContext } from './request-context.ts';
import type { ResponseDraft } from './response-draft.ts';
import { StreamedResponse } from './streamed-response.ts';

const HTML = 'text/html; charset=utf-8';
const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze(Object.create(null));
const NO_FILES: readonly never[] = Object.freeze([]);

/** The scope of one page. An error page has its own scope in the same request. */
export class RequestScope implements PageScope {
  readonly PARAMS: Readonly<Record<string, string>>;
  readonly REQUEST: PageRequest;
  readonly RESPONSE: RequestResponse;
  redirected: Redirect | undefined = undefined;
  includeDepth = 0;
  readonly #context: RequestContext;
  readonly #response: ResponseDraft;
  #query: Query | undefined = undefined;
  #files: Files | undefined = undefined;

  constructor(context: RequestContext, response: ResponseDraft) {
    const { located } = context;
    this.PARAMS = located?.kind === 'page' ? located.params : NO_PARAMS;
    this.REQUEST = context.request;
    this.RESPONSE = response;
    this.#response = response;
    this.#context = context;
  }

  get QUERY(): Query {
    this.#query ??= queryOf(this.#context);
    return this.#query;
  }

  get FILES(): Files {
    this.#files ??= fieldRecord<Files>(this.#context.body?.files ?? new Map(), NO_FILES);
    return this.#files;
  }

  get CONFIG(): unknown {
    return this.#context.settings.public_config;
  }

  get flushed(): boolean {
    return this.#context.stream !== undefined;
  }

  assertMayFlush(): void {
    if (this.#response.closed !== undefined) throw this.#response.closed;
    if (this.redirected !== undefined) throw this.redirected;
    const where = this.#sentAsWhole();
    if (where !== undefined) throw new Problem('flush-not-here', { params: { where } });
  }

  flush(printed: string): Promise<void> {
    this.#context.stream ??= new StreamedResponse(this.#context, this.#response, HTML);
    return this.#context.stream.send(printed);
  }

  #sentAsWhole(): string | undefined {
    if (this.#response !== this.#context.draft) return 'in an error page';
    return this.#response.sent === undefined ? undefined : 'after RESPONSE.send()';
  }

  included(file: string): void {
    this.#context.included?.add(file);
  }

  session(options?: SessionOptions): unknown {
    return this.#context.openedSession().open(options);
  }

  begin(need: SessionNeed): void | Promise<void> {
    return this.#context.begin(need);
  }
}

function queryOf(context: RequestContext): Query {
  return queryRecord(
    parsedFields(context.target.search, context.settings.config.limits),
    context.body?.fields,
  );
}
