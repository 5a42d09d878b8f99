// The request's target taken apart as text: what the locator needs, without a URL object on the hot path.
// Knows nothing of files. `originalUrl` is what Connect and Express keep when they mount a handler below a path.

import type { IncomingMessage } from 'node:http';

/** Where a request wants to go. */
export interface RequestTarget {
  /** Undecoded path within the site; begins with a slash unless the request is malformed. */
  readonly path: string;
  /** The query with its question mark, or ''. */
  readonly search: string;
  /** The path under which the site is mounted, without a slash at its end; usually ''. */
  readonly mount: string;
  /** The host and port that an absolute target names (`http://host/path`); they go before the Host line (RFC 9112 3.2.2). */
  readonly authority: string | undefined;
}

/** The target of a request. What is no path (`OPTIONS *`) is given as it is. */
export function requestTarget(incoming: IncomingMessage): RequestTarget {
  const url = incoming.url ?? '/';
  const absolute = url.startsWith('/') ? null : /^https?:\/\/([^/?#]*)/i.exec(url);
  const given = absolute === null ? url : originForm(url.slice(absolute[0].length));
  const cut = given.search(/[?#]/);
  const path = cut === -1 ? given : given.slice(0, cut);
  return { path, search: searchOf(given, cut), mount: mountOf(incoming, url), authority: absolute?.[1] };
}

function searchOf(given: string, cut: number): string {
  if (cut === -1 || given[cut] === '#') return '';
  const hash = given.indexOf('#', cut);
  return given.slice(cut, hash === -1 ? undefined : hash);
}

/** A proxy may ask for `http://host/path`; this is what stands behind the host. */
function originForm(rest: string): string {
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function mountOf(incoming: IncomingMessage, url: string): string {
  if (!('originalUrl' in incoming) || typeof incoming.originalUrl !== 'string') return '';
  const original = incoming.originalUrl;
  if (original === url) return '';
  if (original.endsWith(url)) return original.slice(0, -url.length);
  // Express turns '/shop?a=b' below '/shop' into '/?a=b'.
  const bare = url.replace(/^\//, '');
  return original.endsWith(bare) ? original.slice(0, original.length - bare.length).replace(/\/$/, '') : '';
}
