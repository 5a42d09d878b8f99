// The scope of a page: the values of its names for one request. QUERY and FILES are computed on first use.

import { Problem } from '../diagnostics/problem.ts';
import type { Html } from '../escaping/trusted-text.ts';
import { fieldRecord } from '../runtime/field-record.ts';
import type { FlashValues, Redirect } from '../runtime/page-result.ts';
import type {
  Files,
  FormServices,
  OnceOptions,
  OnceResult,
  PageRequest,
  PageScope,
  Query,
  RequestResponse,
  SessionNeed,
  SessionOptions,
} from '../runtime/page-types.ts';
import type { RequestSession } from '../session/index.ts';
import { parsedFields, queryRecord } from './form-fields.ts';
import { beginOnce } from './once/form-steps.ts';
import { newTokenField } from './once/form-token.ts';
import { needsToken } from './once/printed-form.ts';
import { PAGE_CONTENT_TYPES } from './page-content-type.ts';
import type { RequestContext } from './request-context.ts';
import { RequestForms } from './request-forms.ts';
import type { ResponseDraft } from './response-draft.ts';
import { StreamedResponse } from './streamed-response.ts';

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze(Object.create(null));
const NO_QUERY: Query = queryRecord(new Map(), undefined);
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
  #forms: RequestForms | undefined = undefined;

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

  /** The page of the request itself has no error to answer. */
  get SEND_AGAIN(): Html | undefined {
    return this.#response === this.#context.draft ? undefined : this.#context.send_again;
  }

  get forms(): FormServices {
    this.#forms ??= new RequestForms(this.#context, () => this.openedSession());
    return this.#forms;
  }

  redirect(to: Redirect, flash?: FlashValues): void {
    if (this.#context.stream !== undefined)
      throw new Problem('response-begun', { params: { what: 'redirect()' } });
    if (flash !== undefined) this.openedSession().flash(flash);
    this.redirected = to;
  }

  assertMayFlush(): void {
    if (this.#response.closed !== undefined) throw this.#response.closed;
    if (this.redirected !== undefined) throw this.redirected;
    const where = this.#sentAsWhole();
    if (where !== undefined) throw new Problem('flush-not-here', { params: { where } });
  }

  flush(printed: string): Promise<void> {
    const context = this.#context;
    const type = PAGE_CONTENT_TYPES[context.page?.kind ?? 'html'];
    context.stream ??= new StreamedResponse(context, this.#response, type);
    return context.stream.send(printed);
  }

  #sentAsWhole(): string | undefined {
    if (this.#response !== this.#context.draft) return 'in an error page';
    return this.#response.sent === undefined ? undefined : 'after RESPONSE.send()';
  }

  get LOCALS(): object {
    return this.#context.locals;
  }

  included(file: string): void {
    this.#context.shown_files?.include(file);
  }

  once(options?: OnceOptions): Promise<OnceResult> {
    return beginOnce(this.#context, this.#response, options);
  }

  get printsTokens(): boolean {
    return this.#context.pages.once.exist;
  }

  formToken(tag: string): string {
    const context = this.#context;
    const { target, request, pages, stream } = context;
    const address = `${request.secure} ${request.host} ${target.mount} ${request.path}`;
    const decide = () => needsToken(tag, { url: request.url, mount: target.mount, pages });
    if (!pages.once.remembered(`${address}\n${tag}`, decide)) return '';
    // A cache that may keep the response would give one token to several visitors.
    if (stream?.begun === true && !context.no_store) return '';
    context.no_store = true;
    return newTokenField();
  }

  session(options?: SessionOptions): unknown {
    return this.openedSession().open(options);
  }

  /** The session of the page. */
  protected openedSession(): RequestSession {
    return this.#context.openedSession();
  }

  begin(need: SessionNeed): void | Promise<void> {
    return this.#context.begin(need);
  }
}

function queryOf({ target, settings, body }: RequestContext): Query {
  if (target.search === '' && body?.fields === undefined) return NO_QUERY;
  return queryRecord(parsedFields(target.search, settings.config.limits), body?.fields);
}
