// Recognizes requests that may change data and that a page of another site made the browser send (cross-site request forgery;
// README.md, *From URL to file*). test/http/cross-site.test.ts is the table of attacks.

/** The parts of a request that tell its origin. */
export interface Provenance {
  readonly method: string;
  /** Undecoded path within the site. */
  readonly path: string;
  /** Sec-Fetch-Site. */
  readonly fetch_site: string | undefined;
  readonly origin: string | undefined;
  /** The host that the visitor's browser sent. */
  readonly host: string | undefined;
}

const HARMLESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a method must not change data (RFC 9110, 9.2.1: safe methods). */
export function isHarmless(method: string): boolean {
  return HARMLESS.has(method);
}

/**
 * Whether a request must be refused because it comes from another site.
 * @param allowed paths that accept requests of any site, and origins whose requests are accepted at any path
 */
export function comesFromOtherSite(request: Provenance, allowed: ReadonlySet<string>): boolean {
  if (isHarmless(request.method)) return false;
  if (isOwnRequest(request)) return false;
  // The path is compared as it was sent, so an encoded or dotted variant is a different text and is refused.
  if (request.path.startsWith('/') && allowed.has(request.path)) return false;
  return request.origin === undefined || !allowed.has(request.origin);
}

/**
 * Whether a request comes from a page of this site, or from no page. A page cannot forge Sec-Fetch-Site. Browsers that do not send
 * it are judged by Origin.
 */
export function isOwnRequest({
  fetch_site,
  origin,
  host,
}: Pick<Provenance, 'fetch_site' | 'origin' | 'host'>): boolean {
  if (fetch_site !== undefined) return fetch_site === 'same-origin' || fetch_site === 'none';
  if (origin === undefined) return true;
  return isSameHost(origin, host);
}

function isSameHost(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false;
  const from = new URL(origin);
  if (from.protocol !== 'http:' && from.protocol !== 'https:') return false;
  const own = `${from.protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === from.host;
}
