// The ways in which a page ends before its last line: a redirect or an HTTP error (README.md, *Names of a page*).

import { refuseUnknownOptions } from '../diagnostics/known-options.ts';
import { Problem } from '../diagnostics/problem.ts';
import { describeValue } from '../diagnostics/thrown.ts';
import { externalReference, siteReference, trimmedTarget } from './site-reference.ts';

/** `throw HttpError(404)`: ends the page with that status and its error page. */
export class HttpErrorResult extends Error {
  override readonly name = 'HttpError';
  readonly status: number;

  /**
   * @param status 400 to 599
   * @param message the text for the visitor; default: the phrase of the status
   * @throws Problem `http-error-status` if the status is another one
   */
  constructor(status: number, message = '') {
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new Problem('http-error-status', { params: { status: String(status) }, value: status });
    }
    super(message);
    this.status = status;
  }
}

/** The error that ends a page with a status, for calls with and without `new`. Parameters and errors: HttpErrorResult. */
export function HttpError(status: number, message = ''): HttpErrorResult {
  return new HttpErrorResult(status, message);
}

// `instanceof HttpError` holds in a page's catch.
HttpError.prototype = HttpErrorResult.prototype;

/** The error that `redirect()` throws. The response is the redirect even if the page catches it. */
export class Redirect extends Error {
  override readonly name = 'Redirect';
  readonly status: number;
  /** The value of the Location header. */
  readonly location: string;

  constructor(status: number, location: string) {
    super(`redirect to ${location}`);
    this.status = status;
    this.location = location;
  }
}

/** Options of `redirect()`. */
export interface RedirectOptions {
  /** 301, 302, 303 (the default), 307 or 308. */
  readonly status?: number;
  /** true: the target may be another site. Default: false. */
  readonly external?: boolean;
  /** The target in place of one that is missing or not of this site, as a visitor may give it. */
  readonly fallback?: string;
  /** Values that are kept in the session until a page reads them once: `Session().flash('notice')`. */
  readonly flash?: FlashValues;
  /**
   * Keeps the form that was sent until its page shows it again: true for the page that it was sent to, or the path of the page that
   * has the form. For guards: a visitor whose session has ended finds the form as it was typed after the login.
   */
  readonly keep_form?: boolean | string;
}

/** Flash values by name. */
export type FlashValues = Readonly<Record<string, unknown>>;

const OPTIONS: readonly string[] = ['status', 'external', 'fallback', 'flash', 'keep_form'];
const STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * The redirect to a path of this site, or with `external` to any http(s) URL.
 * @param url the target that the page gave; a visitor may have chosen it
 * @param ownUrl gives the URL of the request, whose origin is this site's
 * @throws Problem `redirect-status`, `redirect-external`, `redirect-url`, `redirect-flash`, `unknown-option`
 */
export function redirectTo(url: unknown, options: RedirectOptions, ownUrl: () => URL): Redirect {
  refuseUnknownOptions('redirect', options, OPTIONS);
  refuseOtherFlash(options.flash);
  const { status = 303, fallback } = options;
  if (!STATUSES.has(status)) {
    throw new Problem('redirect-status', { params: { status: String(status) }, value: status });
  }
  const location = locationOf(url, options, ownUrl) ?? locationOf(fallback, options, ownUrl);
  if (location === undefined) throw refused(fallback ?? url, options);
  return new Redirect(status, location);
}

/** @throws Problem `redirect-flash` */
function refuseOtherFlash(flash: unknown): void {
  if (flash === undefined || (typeof flash === 'object' && flash !== null && !Array.isArray(flash))) return;
  throw new Problem('redirect-flash', { params: { what: describeValue(flash) }, value: flash });
}

/** The value of the Location header; undefined if the redirect may not lead to the target. */
function locationOf(url: unknown, { external }: RedirectOptions, ownUrl: () => URL): string | undefined {
  if (url === undefined || url === null) return undefined;
  const target = trimmedTarget(String(url));
  return siteReference(target, ownUrl) ?? (external === true ? externalReference(target) : undefined);
}

function refused(url: unknown, { external }: RedirectOptions): Problem {
  const text = url === undefined || url === null ? undefined : String(url);
  const params = { url: text === undefined ? String(url) : JSON.stringify(text) };
  const isOther =
    external !== true && text !== undefined && externalReference(trimmedTarget(text)) !== undefined;
  return new Problem(isOther ? 'redirect-external' : 'redirect-url', { params, value: url });
}
