// The values of one cookie name in a request's Cookie header. Browsers send several cookies of one name if their paths or domains
// differ, longer paths first (RFC 6265, section 5.4).

import { parseCookie } from 'cookie';
import { ID_LENGTH, isIdShaped } from '../request/session-id.ts';

/** Cookies of one name that are read at most. */
export const MAX_COOKIES = 5;

/** The session cookies of a request. */
export interface SessionCookies {
  /** Their number. */
  readonly count: number;
  /** The ids in the first five of them, each once. */
  readonly ids: readonly string[];
}

const NONE: SessionCookies = { count: 0, ids: [] };

/** The values of all cookies of a name, in their order. */
export function cookieValues(header: string | undefined, name: string): readonly string[] {
  const values: string[] = [];
  if (header === undefined) return values;
  // Only pairs that contain the name are parsed, which saves most of the time for a header of many cookies.
  for (let at = header.indexOf(name); at !== -1; ) {
    const end = header.indexOf(';', at);
    const pair = header.slice(header.lastIndexOf(';', at) + 1, end === -1 ? undefined : end);
    const value = parseCookie(pair)[name];
    if (value !== undefined) values.push(value);
    at = end === -1 ? -1 : header.indexOf(name, end);
  }
  return values;
}

/** The session cookies that a Cookie header carries. */
export function sessionCookies(header: string | undefined, name: string): SessionCookies {
  const values = cookieValues(header, name);
  if (values.length === 0) return NONE;
  const ids: string[] = [];
  for (const value of values) {
    // After the id and a dot comes the sealed entry, if sessions are kept in cookies.
    const id = value.charAt(ID_LENGTH) === '.' ? value.slice(0, ID_LENGTH) : value;
    if (ids.length < MAX_COOKIES && isIdShaped(id) && !ids.includes(id)) ids.push(id);
  }
  return { count: values.length, ids };
}

/** The name of the second cookie of a session that is kept in cookies: it has the deadlines when they moved alone. */
export function termCookieName(name: string): string {
  return `${name}_t`;
}
