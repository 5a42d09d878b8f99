// How a page ends other than by its last line: a redirect or an HTTP error (contract section 6).

import { Problem } from '../diagnostics/problem.ts';

/** `throw HttpError(404)`: ends the page with that status and its error page. */
export class HttpErrorResult extends Error {
  override readonly name = 'HttpError';
  readonly status: number;

  /**
   * @param status 400 to 599
   * @param message shown to the visitor; the status's own phrase when left out
   * @throws Problem `http-error-status` for another status
   */
  constructor(status: number, message = '') {
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new Problem('http-error-status', { holes: { status: String(status) }, value: status });
    }
    super(message);
    this.status = status;
  }
}

/** Makes the error that ends a page with a status. Callable with and without `new`. */
export function HttpError(status: number, message = ''): HttpErrorResult {
  return new HttpErrorResult(status, message);
}

// `instanceof HttpError` holds in a page's catch.
HttpError.prototype = HttpErrorResult.prototype;

/** What `redirect()` throws; the response is the redirect even if the page catches it. */
export class Redirect extends Error {
  override readonly name = 'Redirect';
  readonly status: number;
  readonly location: string;

  constructor(status: number, location: string) {
    super(`redirect to ${location}`);
    this.status = status;
    this.location = location;
  }
}

/** Options of `redirect()`. */
export interface RedirectOptions {
  /** Allows another site as the target. */
  readonly external?: boolean;
}

const STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const NOWHERE = 'http://karrigell.invalid';

/**
 * The redirect to a path of this site, or with `external` to any http(s) URL.
 * Whether a path stays on this site is decided by the WHATWG URL parser, as the browser will.
 * @throws Problem `redirect-status`, `redirect-external`, `redirect-url`
 */
export function redirectTo(url: string, status: number, options: RedirectOptions): Redirect {
  if (!STATUSES.has(status)) {
    throw new Problem('redirect-status', { holes: { status: String(status) }, value: status });
  }
  if (!URL.canParse(url, NOWHERE)) throw new Problem('redirect-url', { holes: { url }, value: url });
  const target = new URL(url, NOWHERE);
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw new Problem('redirect-url', { holes: { url }, value: url });
  }
  if (target.origin !== NOWHERE && options.external !== true) {
    throw new Problem('redirect-external', { holes: { url }, value: url });
  }
  return new Redirect(status, headerForm(url, target));
}

/** The URL as a header may carry it: relative stays relative, what is not ASCII is percent-encoded. */
function headerForm(url: string, target: URL): string {
  if (target.origin !== NOWHERE) return target.href;
  const given = url.trim();
  if (given.startsWith('/')) return target.pathname + target.search + target.hash;
  // Relative to the page: every character that the URL parser would change is encoded, none is resolved.
  return encodeURI(given.replace(/[\t\n\r\\]/g, '')).replace(/%25([0-9A-Fa-f]{2})/g, '%$1');
}
