// The request target (RFC 9112, 3.2), split as text: a URL object would be too slow for the hot path. Connect and Express store
// the original target in `originalUrl` when they mount a handler below a path.

import type { IncomingMessage } from 'node:http';

/** The parts of a request target. */
export interface RequestTarget {
  /** The undecoded path within the site. It begins with a slash unless the request is malformed. */
  readonly path: string;
  /** The query with its question mark, or ''. */
  readonly search: string;
  /** The path under which the site is mounted, without a slash at its end; usually ''. */
  readonly mount: string;
  /**
   * The host and port of an absolute target (`http://host/path`). They take precedence over the Host line (RFC 9112, 3.2.2).
   */
  readonly authority: string | undefined;
}

const QUERY_OR_FRAGMENT = /[?#]/;

/** The parts of a request's target. A target that is not a path (`OPTIONS *`) is returned as path. */
export function requestTarget(incoming: IncomingMessage): RequestTarget {
  const url = incoming.url ?? '/';
  const absolute = url.startsWith('/') ? null : /^https?:\/\/([^/?#]*)/i.exec(url);
  const given = absolute === null ? url : originForm(url.slice(absolute[0].length));
  const cut = given.search(QUERY_OR_FRAGMENT);
  const path = cut === -1 ? given : given.slice(0, cut);
  return { path, search: searchOf(given, cut), mount: mountOf(incoming, url), authority: absolute?.[1] };
}

function searchOf(given: string, cut: number): string {
  if (cut === -1 || given[cut] === '#') return '';
  const hash = given.indexOf('#', cut);
  return given.slice(cut, hash === -1 ? undefined : hash);
}

/** The path of an absolute target, from the text after its host. */
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
