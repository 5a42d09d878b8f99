// What a request's Cookie header has under one name. Browsers send several cookies of a name whose paths or domains differ,
// those of the longest path first (RFC 6265, section 5.4). Which of them counts is not decided here.

import { parseCookie } from 'cookie';
import { ID_LENGTH, isIdShaped } from '../request/session-id.ts';

/** So many cookies of one name are looked at. */
export const MOST_COOKIES = 5;

/** The session cookies of a request. */
export interface PresentedCookies {
  /** How many there are. */
  readonly count: number;
  /** The ids in them, each once, as many as are looked at. */
  readonly ids: readonly string[];
}

const NONE: PresentedCookies = { count: 0, ids: [] };

/** The values of the cookies of a name, in their order. */
export function cookieValues(header: string | undefined, name: string): readonly string[] {
  const values: string[] = [];
  if (header === undefined) return values;
  // Only the pairs in which the name stands are taken apart: usually there is one.
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
export function presentedCookies(header: string | undefined, name: string): PresentedCookies {
  const values = cookieValues(header, name);
  if (values.length === 0) return NONE;
  const ids: string[] = [];
  for (const value of values) {
    // Behind the id stands the session itself, if its store keeps it there.
    const id = value.charAt(ID_LENGTH) === '.' ? value.slice(0, ID_LENGTH) : value;
    if (ids.length < MOST_COOKIES && isIdShaped(id) && !ids.includes(id)) ids.push(id);
  }
  return { count: values.length, ids };
}

/** The name of the second cookie of a session that is kept in cookies: it has the deadlines when they moved alone. */
export function termCookieName(name: string): string {
  return `${name}_t`;
}
