// The session that a visitor's cookies bring. A browser sends several cookies of one name if their paths or domains differ. Of
// several cookies of one session the one that was sealed last counts, even if it has expired; of several sessions, the one
// that was sealed last.

import { cookieValues, MAX_COOKIES, termCookieName } from '../../cookies/cookie-values.ts';
import { ID_LENGTH, sessionKey } from '../../request/session-id.ts';
import type { Seal } from './seal.ts';

/** How long an entry lives; all in milliseconds since 1970. It is sealed before the content, or alone in the second cookie. */
export interface CookieTerm {
  /** The session's deadline; 0: never. */
  readonly deadline: number;
  /** When the browser drops the cookies; 0: when it closes. */
  readonly until: number;
  /** When this term was set: of two terms of one entry the later one counts. */
  readonly since: number;
}

/** An entry as its visitor has it. */
export interface CarriedEntry {
  readonly key: string;
  readonly content: string;
  readonly term: CookieTerm;
  /** When the content was sealed. Its term may be older or newer. */
  readonly sealed: number;
}

/** The parts that open the cookies of one request. */
export interface CookieReader {
  readonly seal: Seal;
  /** The request's Cookie header. */
  readonly header: string | undefined;
  /** The name of the session cookie. */
  readonly name: string;
  readonly now: () => number;
}

/** The cookies of one request. */
export interface ArrivedCookies {
  /** The keys of all entries that came, whether they could be opened or not. */
  readonly keys: ReadonlySet<string>;
  /** The entry that counts. */
  readonly carried: CarriedEntry | undefined;
}

/** The label under which a text of one session is sealed. */
export function sealLabel(what: 'entry' | 'term', name: string, key: string): string {
  return `${what} ${name} ${key}`;
}

/** A term as it is sealed alone. */
export function termText({ deadline, until, since }: CookieTerm): string {
  return JSON.stringify([deadline, until, since]);
}

/** An entry as it is sealed. */
export function entryText({ term: { deadline, until, since }, sealed, content }: CarriedEntry): string {
  return `${JSON.stringify([deadline, until, since, sealed])}\n${content}`;
}

/** Opens the cookies of a request. */
export async function openCookies(reader: CookieReader): Promise<ArrivedCookies> {
  const { header, name, now } = reader;
  const values = cookieValues(header, name).filter((value) => value.charAt(ID_LENGTH) === '.');
  const terms = cookieValues(header, termCookieName(name)).slice(0, MAX_COOKIES);
  const latest = new Map<string, CarriedEntry>();
  const keys = new Set<string>();
  for (const value of values.slice(0, MAX_COOKIES)) {
    const key = sessionKey(value.slice(0, ID_LENGTH));
    keys.add(key);
    const entry = await openEntry(reader, key, value.slice(ID_LENGTH + 1), terms);
    if (entry !== undefined) latest.set(key, laterEntry(latest.get(key), entry));
  }
  const live = [...latest.values()].filter(({ term }) => !hasEnded(term, now()));
  return { keys, carried: live.reduce<CarriedEntry | undefined>(laterEntry, undefined) };
}

/** The entry in a cookie, with the latest of its terms; undefined where the cookie cannot be opened. */
async function openEntry(
  { name, seal }: CookieReader,
  key: string,
  sealedText: string,
  terms: readonly string[],
): Promise<CarriedEntry | undefined> {
  const text = await seal.open(sealLabel('entry', name, key), sealedText);
  if (text === undefined) return undefined;
  const cut = text.indexOf('\n');
  let { term, sealed } = parsedTerm(text.slice(0, cut));
  for (const value of terms) {
    const alone = await seal.open(sealLabel('term', name, key), value);
    const other = alone === undefined ? term : parsedTerm(alone).term;
    if (other.since > term.since) term = other;
  }
  return { key, content: text.slice(cut + 1), term, sealed };
}

function parsedTerm(text: string): Pick<CarriedEntry, 'term' | 'sealed'> {
  const [deadline = 0, until = 0, since = 0, sealed = since]: number[] = JSON.parse(text);
  return { term: { deadline, until, since }, sealed };
}

function laterEntry(one: CarriedEntry | undefined, other: CarriedEntry): CarriedEntry {
  if (one === undefined) return other;
  const later = lastSealed(other) - lastSealed(one) || other.sealed - one.sealed;
  return later > 0 ? other : one;
}

function lastSealed({ term, sealed }: CarriedEntry): number {
  return Math.max(term.since, sealed);
}

function hasEnded({ deadline, until }: CookieTerm, now: number): boolean {
  return [deadline, until].some((end) => end !== 0 && end <= now);
}
