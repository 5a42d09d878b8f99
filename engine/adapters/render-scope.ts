// The names of a page that app.render() runs without a request (docs/programs.md). The page sees a GET of this machine by a
// visitor with the given session. Nothing is sent: flushed output is the beginning of the page's text.

import { Problem } from '../diagnostics/problem.ts';
import { addValue, type FieldValues, queryRecord } from '../http/form-fields.ts';
import { timeoutAbortReason } from '../http/page-interruption.ts';
import { ResponseDraft } from '../http/response-draft.ts';
import { fieldRecord } from '../runtime/field-record.ts';
import { type FlashValues, HttpError, type Redirect } from '../runtime/page-result.ts';
import type {
  Files,
  FormServices,
  OnceResult,
  PageRequest,
  PageScope,
  Query,
  SessionNeed,
  SessionOptions,
} from '../runtime/page-types.ts';
import type { RequestSession } from '../session/index.ts';

/** The simulated request that the page sees. */
interface RenderFacts {
  /** The path, and the fields as its query. */
  readonly url: URL;
  /** The path as the program gave it. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly config: unknown;
  readonly forms: FormServices;
  readonly session: RequestSession;
}

/** The scope of one rendering. */
export class RenderScope implements PageScope {
  readonly QUERY: Query;
  readonly FILES = fieldRecord<Files>(new Map(), Object.freeze([]));
  readonly PARAMS: Readonly<Record<string, string>>;
  readonly REQUEST: PageRequest;
  readonly RESPONSE = new ResponseDraft({ secure: false });
  readonly CONFIG: unknown;
  readonly SEND_AGAIN = undefined;
  readonly forms: FormServices;
  readonly LOCALS: object = Object.create(null);
  redirected: Redirect | undefined = undefined;
  includeDepth = 0;
  readonly #session: RequestSession;
  readonly #aborting = new AbortController();
  #sent: string | undefined = undefined;

  constructor({ url, path, params, config, forms, session }: RenderFacts) {
    this.QUERY = queryRecord(fieldsIn(url.searchParams), undefined);
    this.PARAMS = params;
    this.REQUEST = requestFor(url, path, this.#aborting.signal);
    this.CONFIG = config;
    this.forms = forms;
    this.#session = session;
  }

  /** The output that the page has flushed. */
  get before(): string {
    return this.#sent ?? '';
  }

  redirect(to: Redirect, flash?: FlashValues): void {
    if (this.#sent !== undefined) throw new Problem('response-begun', { params: { what: 'redirect()' } });
    if (flash !== undefined) this.#session.flash(flash);
    this.redirected = to;
  }

  /** Aborts REQUEST.signal, because the page has not ended in time. */
  interrupt(problem: Problem): void {
    this.#aborting.abort(timeoutAbortReason(problem));
  }

  assertMayFlush(): void {
    if (this.RESPONSE.closed !== undefined) throw this.RESPONSE.closed;
    if (this.redirected !== undefined) throw this.redirected;
    if (this.RESPONSE.sent === undefined) return;
    throw new Problem('flush-not-here', { params: { where: 'after RESPONSE.send()' } });
  }

  async flush(printed: string): Promise<void> {
    this.#sent = (this.#sent ?? '') + printed;
    this.RESPONSE.seal();
    await this.#session.flush();
  }

  /** The program runs the page itself, so it has arrived once. */
  async once(): Promise<OnceResult> {
    return { done: false };
  }

  readonly printsTokens = false;

  formToken(): string {
    return '';
  }

  session(options?: SessionOptions): unknown {
    return this.#session.open(options);
  }

  begin(need: SessionNeed): void | Promise<void> {
    return this.#session.begin(need);
  }
}

function fieldsIn(params: URLSearchParams): FieldValues {
  const fields: FieldValues = new Map();
  for (const [name, value] of params) addValue(fields, name, value);
  return fields;
}

function requestFor(url: URL, path: string, signal: AbortSignal): PageRequest {
  return {
    method: 'GET',
    url,
    path,
    headers: new Headers(),
    cookies: Object.freeze(Object.create(null)),
    ip: '127.0.0.1',
    body: new Uint8Array(0),
    json: () => {
      throw HttpError(400, 'The request body is not JSON.');
    },
    signal,
  };
}
