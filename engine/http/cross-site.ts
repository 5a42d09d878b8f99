// Refuses requests that could change something and that another site's page made the browser send
// (contract section 4, end). A pure function; test/http/cross-site.test.ts is its table of attacks.

/** What a request says about where it comes from. */
export interface Provenance {
  readonly method: string;
  /** Undecoded path within the site. */
  readonly path: string;
  /** Sec-Fetch-Site. */
  readonly fetch_site: string | undefined;
  readonly origin: string | undefined;
  /** Host, as the visitor's browser sent it. */
  readonly host: string | undefined;
}

const HARMLESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a method is one that changes nothing. */
export function isHarmless(method: string): boolean {
  return HARMLESS.has(method);
}

/**
 * Whether a request must be refused because it comes from another site.
 * @param allowed paths that any site may post to, and origins that may post anywhere
 */
export function comesFromOtherSite(request: Provenance, allowed: ReadonlySet<string>): boolean {
  if (isHarmless(request.method)) return false;
  if (isOwn(request)) return false;
  // The path is compared as it was sent: an encoded or dotted way around is another text, and refused.
  if (request.path.startsWith('/') && allowed.has(request.path)) return false;
  return request.origin === undefined || !allowed.has(request.origin);
}

/** A browser that sends Sec-Fetch-Site cannot be lied to by a page; only older ones are judged by Origin. */
function isOwn({ fetch_site, origin, host }: Provenance): boolean {
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
