// What of a visitor's cookies can be opened. A browser sends several of a name when their paths or domains differ: of one
// session the cookie that was sealed last holds, even if it is over; of several sessions the one that was sealed last.

import { cookieValues, MOST_COOKIES, termCookieName } from '../../cookies/cookie-values.ts';
import { ID_LENGTH, sessionKey } from '../../request/session-id.ts';
import { isOver, laterTerm, sealedAt, type Term, termOf } from './cookie-term.ts';
import type { Seal } from './seal.ts';

/** The cookies, and what opens them. */
export interface Arrival {
  readonly header: string | undefined;
  /** The name of the session cookie. */
  readonly name: string;
  readonly seal: Seal;
  readonly now: number;
}

/** An entry as the visitor has it. */
export interface Carried {
  readonly key: string;
  readonly content: string;
  readonly term: Term;
  /** When the content was sealed; its term may be older or newer. */
  readonly sealed: number;
}

/** What came. */
export interface Arrived {
  /** The keys of all that were sealed, or say so. */
  readonly keys: ReadonlySet<string>;
  /** The one that counts. */
  readonly carried: Carried | undefined;
}

/** The label under which a text of one session is sealed. */
export function labelOf(what: 'entry' | 'term', name: string, key: string): string {
  return `${what} ${name} ${key}`;
}

/** Opens what a request carries. */
export async function arrivedWith(arrival: Arrival): Promise<Arrived> {
  const { header, name, now } = arrival;
  const values = cookieValues(header, name).filter((value) => value.charAt(ID_LENGTH) === '.');
  const terms = cookieValues(header, termCookieName(name)).slice(0, MOST_COOKIES);
  const latest = new Map<string, Carried>();
  const keys = new Set<string>();
  for (const value of values.slice(0, MOST_COOKIES)) {
    const key = sessionKey(value.slice(0, ID_LENGTH));
    keys.add(key);
    const opened = await openedAs(arrival, key, value.slice(ID_LENGTH + 1), terms);
    if (opened !== undefined) latest.set(key, laterOf(latest.get(key), opened));
  }
  const lasting = [...latest.values()].filter(({ term }) => !isOver(term, now));
  return { keys, carried: lasting.reduce<Carried | undefined>(laterOf, undefined) };
}

function laterOf(one: Carried | undefined, other: Carried): Carried {
  if (one === undefined) return other;
  const later = lastSealed(other) - lastSealed(one) || other.sealed - one.sealed;
  return later > 0 ? other : one;
}

function lastSealed({ term, sealed }: Carried): number {
  return Math.max(term.since, sealed);
}

async function openedAs(
  { name, seal }: Arrival,
  key: string,
  sealed: string,
  terms: readonly string[],
): Promise<Carried | undefined> {
  const entry = await seal.open(labelOf('entry', name, key), sealed);
  if (entry === undefined) return undefined;
  const cut = entry.indexOf('\n');
  const head = entry.slice(0, cut);
  let term = termOf(head);
  for (const value of terms) {
    const beside = await seal.open(labelOf('term', name, key), value);
    if (beside !== undefined) term = laterTerm(term, termOf(beside));
  }
  return { key, content: entry.slice(cut + 1), term, sealed: sealedAt(head) };
}
