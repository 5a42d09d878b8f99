// The types of the objects that a page can name (README.md, *Names of a page*). Types only: http/ and session/ implement them.

import type { Html } from '../escaping/trusted-text.ts';
import type { KeptFields, KeptForm } from '../forms/kept-form.ts';
import type { FlashValues, Redirect } from './page-result.ts';

/**
 * The fields of the request, from the query string and the body. If both have a field, that of the body counts. `name` gives
 * the first value, undefined without such a field; `name[]` gives all values, an empty array without such a field. The record is
 * read-only and has no prototype.
 */
export type Query = { readonly [name: `${string}[]`]: readonly string[] } & {
  readonly [name: string]: string | undefined;
};

/** An uploaded file. It is removed after the request, so a page that keeps it saves it elsewhere. */
export interface UploadedFile {
  /** The name that the visitor's browser has sent. */
  readonly name: string;
  /** The media type that the browser has sent, such as `image/png`. */
  readonly type: string;
  /** The size in bytes. */
  readonly size: number;
  /** The contents, decoded as UTF-8. */
  text(): Promise<string>;
  /** The contents as bytes. */
  arrayBuffer(): Promise<ArrayBuffer>;
  /** The contents piece by piece. */
  stream(): ReadableStream<Uint8Array>;
  /** Writes the contents to a file at `path`, in place of one that exists. Rejects with the error of the file system. */
  save(path: string): Promise<void>;
}

/** The uploads by field name: `FILES.photo` gives the first file, `FILES['photos[]']` always an array. */
export type Files = { readonly [name: `${string}[]`]: readonly UploadedFile[] } & {
  readonly [name: string]: UploadedFile | undefined;
};

/** The request as a page sees it. */
export interface PageRequest {
  /** The method in upper case, such as `GET`. */
  readonly method: string;
  /** The URL that the visitor's browser asked for; behind a trusted proxy that of the proxy. */
  readonly url: URL;
  /** The path of the URL. */
  readonly path: string;
  readonly headers: Headers;
  /** The cookies by name, in a record without a prototype. */
  readonly cookies: Readonly<Record<string, string>>;
  /** The visitor's IP address; behind a trusted proxy the one that the proxy tells. */
  readonly ip: string;
  /** The bytes of the body, also those of an urlencoded form; empty for multipart. */
  readonly body: Uint8Array;
  /**
   * The body parsed as JSON.
   * @throws HttpError 400 if the body is not JSON
   */
  json(): unknown;
  /** Aborted when the client leaves, or when the page runs longer than `limits.page_timeout`. */
  readonly signal: AbortSignal;
}

/** Options of a cookie, in snake_case as in the configuration (RFC 6265). */
export interface CookieOptions {
  readonly path?: string;
  /** null: the host of the request alone. */
  readonly domain?: string | null;
  /** 'auto': if the visitor came by https. */
  readonly secure?: boolean | 'auto';
  readonly http_only?: boolean;
  readonly same_site?: 'strict' | 'lax' | 'none';
  /** Max-Age in seconds; null: until the browser closes. */
  readonly timeout?: number | null;
}

/** The content of a response. A stream is sent piece by piece as the client takes it. */
export type ResponseBody = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/** The response to a request. */
export interface RequestResponse {
  /** The HTTP status: 200, unless the page sets another one. */
  status: number;
  readonly headers: Headers;
  setCookie(name: string, value: string, options?: CookieOptions): void;
  deleteCookie(name: string, options?: CookieOptions): void;
  /** Sends `body` in place of the page's output. */
  send(body: ResponseBody): void;
  /**
   * Sends a value as JSON (`application/json`) in place of the page's output.
   * @throws Problem `response-json` for a value that JSON cannot express
   */
  json<T>(value: JsonValue<T>): void;
}

/** The type itself unless no value of it can be sent as JSON. A forgotten `await` is found by it. */
export type JsonValue<T> = unknown extends T
  ? T
  : [T] extends [PromiseLike<unknown> | bigint | symbol | undefined | ((...given: never) => unknown)]
    ? never
    : T;

/** The response as one page has it. */
export interface PageResponse extends RequestResponse {
  /**
   * Sends the output so far. The session is written before, and status and headers cannot change after it. The promise is
   * resolved when the client can take more.
   * @throws Problem `flush-not-here` in a section, under a layout, in a layout and in a view
   */
  flush(): Promise<void>;
}

/** The options of `Session()`. */
export interface SessionOptions {
  /** true: the page takes no lock, writes nothing and sends no cookie, but the session's deadline moves. Default: false. */
  readonly read_only?: boolean;
  /** false: the session's deadline does not move, for pages that poll. Default: true. */
  readonly touch?: boolean;
}

/** The options of `Once()`. */
export interface OnceOptions {
  /** The path of a page where visitors see what became of their work, if an arrival was interrupted while it worked. */
  readonly unsure?: string;
}

/** The result of `Once()`. */
export interface OnceResult {
  /** Whether an earlier arrival of the form has done the work. */
  readonly done: boolean;
}

/** The need of a page: no session, a session to read without a lock, or the session's lock. */
export type SessionNeed = 'none' | 'read' | 'write';

/** A field or upload that was over a limit. */
export interface RefusedField {
  /** The limit, for the visitor. */
  readonly message: string;
  /** The typed text; undefined for an upload. */
  readonly value: string | undefined;
}

/** The services of a request for Form, beside its fields. */
export interface FormServices {
  /** Whether a field is secret: it is neither shown again nor kept. */
  isSecret(name: string): boolean;
  /** The fields of the request that were over a limit, by their names. QUERY and FILES lack them. */
  readonly refused: ReadonlyMap<string, RefusedField>;
  /** The form that is kept for the URL of the request. */
  kept(): KeptForm | undefined | Promise<KeptForm | undefined>;
  /** Notes that the page shows the kept form: it is dropped once the page is sent. */
  shown(form: KeptForm): void;
  /** Keeps a form for the page at a URL. */
  keep(url: URL, form: KeptFields): void;
  /** Drops the form that is kept for the URL of the request. */
  discard(): void;
}

/** The names and services that a compiled page is run with: one object a request, which all parts of the page share. */
export interface PageScope {
  readonly QUERY: Query;
  readonly FILES: Files;
  readonly PARAMS: Readonly<Record<string, string>>;
  readonly REQUEST: PageRequest;
  readonly RESPONSE: RequestResponse;
  readonly CONFIG: unknown;
  /** In a page of error_pages: the form that sends the fields of the request again. */
  readonly SEND_AGAIN: Html | undefined;
  /** The services for Form. */
  readonly forms: FormServices;
  /** The values that the guards of the request have left for its pages. */
  readonly LOCALS: object;
  /** The visitor's session; called by the page as `Session(options)`. */
  session(options?: SessionOptions): unknown;
  /** Called by the page as `Once(options)`. */
  once(options?: OnceOptions): Promise<OnceResult>;
  /** Whether `formToken` prints anything: some page of the site uses Once. */
  readonly printsTokens: boolean;
  /** The hidden field behind the start tag of a form; '' if the form is not sent to a page with Once by POST. */
  formToken(tag: string): string;
  /** The redirect that `redirect()` has set. It is the response even if the page catches the error that `redirect()` throws. */
  readonly redirected: Redirect | undefined;
  /** The number of includes around the part that runs now; 0: the page itself runs. */
  includeDepth: number;
  /** Notes the absolute path of each part and layout that the page asks for, whether the file exists or not. */
  included?(file: string): void;
  /** @throws Problem `flush-not-here` where nothing can be sent before the page has ended */
  assertMayFlush(): void;
  /** Sends output as the next piece of the response. */
  flush(printed: string): Promise<void>;
  /**
   * Sets the redirect as the response.
   * @param flash values that are kept in the session until they are read once
   * @throws Problem `response-begun` after a piece of the response has been sent, `render-response` in an inner page
   */
  redirect(to: Redirect, flash?: FlashValues): void;
  /** Acquires the lock that a part needs whose path is computed, unless the request has it already. */
  begin(need: SessionNeed): void | Promise<void>;
}
