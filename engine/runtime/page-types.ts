// The types of what a page can name (contract section 6). Types only: http/ and session/ implement them.

import type { Redirect } from './page-result.ts';

/**
 * The request's fields, query string and body together (the body wins). `name` gives the first value,
 * `name[]` always an array (empty without such a field). Read-only, without a prototype.
 */
export type Query = { readonly [name: `${string}[]`]: readonly string[] } & {
  readonly [name: string]: string | undefined;
};

/** One uploaded file. */
export interface UploadedFile {
  readonly name: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
  stream(): ReadableStream<Uint8Array>;
  /** Writes the file to `path`; an existing file is replaced. */
  save(path: string): Promise<void>;
}

/** Uploads by field name: `FILES.photo` the first, `FILES['photos[]']` always an array. */
export type Files = { readonly [name: `${string}[]`]: readonly UploadedFile[] } & {
  readonly [name: string]: UploadedFile | undefined;
};

/** The request as a page sees it. */
export interface PageRequest {
  readonly method: string;
  readonly url: URL;
  readonly path: string;
  readonly headers: Headers;
  /** Cookies by name, without a prototype. */
  readonly cookies: Readonly<Record<string, string>>;
  readonly ip: string;
  /** The raw bytes of the body, of an urlencoded form too; empty for multipart. */
  readonly body: Uint8Array;
  /** The body parsed as JSON; throws HttpError 400 when it is not JSON. */
  json(): unknown;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
}

/** Settings of a cookie, snake_case as in the configuration; `timeout` in seconds. */
export interface CookieOptions {
  readonly path?: string;
  readonly domain?: string | null;
  readonly secure?: boolean | 'auto';
  readonly http_only?: boolean;
  readonly same_site?: 'strict' | 'lax' | 'none';
  readonly timeout?: number | null;
}

/** What `RESPONSE.send` takes; a stream is sent piece by piece as the client takes it. */
export type ResponseBody = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/** The response as a page shapes it. */
export interface RequestResponse {
  status: number;
  readonly headers: Headers;
  setCookie(name: string, value: string, options?: CookieOptions): void;
  deleteCookie(name: string, options?: CookieOptions): void;
  /** Sends this instead of what the page prints. */
  send(body: ResponseBody): void;
}

/** The response of one page. */
export interface PageResponse extends RequestResponse {
  /**
   * Sends what is printed so far, after the session has been written and the status fixed. The promise is kept once the
   * client can take more.
   */
  flush(): Promise<void>;
}

/** How `Session()` is called. */
export interface SessionOptions {
  /** Never waits, writes nor sends a cookie, but prolongs. */
  readonly read_only?: boolean;
  /** false: does not prolong (polling). */
  readonly touch?: boolean;
}

/** Which turn a page needs: none, a read-only look, or the session's turn. */
export type SessionNeed = 'none' | 'read' | 'write';

/** What a compiled page is run with: one object a request, shared by its includes. */
export interface PageScope {
  readonly QUERY: Query;
  readonly FILES: Files;
  readonly PARAMS: Readonly<Record<string, string>>;
  readonly REQUEST: PageRequest;
  readonly RESPONSE: RequestResponse;
  readonly CONFIG: unknown;
  /** The visitor's session; called by the page as `Session(options)`. */
  session(options?: SessionOptions): unknown;
  /** Set by redirect(): it is the outcome, even if the page catches what redirect() throws. */
  redirected: Redirect | undefined;
  /** How many includes deep the page that runs now is; 0 at first. */
  includeDepth: number;
  /** Hears of each page, there or not, that is run within this one, by absolute path. */
  included?(file: string): void;
  /** Throws where nothing can be sent before the page has ended. */
  assertMayFlush(): void;
  /** Sends this as the next piece of the response. */
  flush(printed: string): Promise<void>;
  /** Whether a piece of the response was given to be sent: it cannot become another response any more. */
  readonly flushed: boolean;
  /** Takes the turn that an include found at run time needs; nothing when it is taken already. */
  begin(need: SessionNeed): void | Promise<void>;
}
