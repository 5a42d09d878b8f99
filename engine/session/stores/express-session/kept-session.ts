// One entry as a store for express-session keeps it: an object with a cookie, from which such stores learn how long to keep
// it, and our text in one string. The deadline stands in both, because touch() of some stores replaces the cookie alone.

import type { StoreEntry } from '../entries/entry-store.ts';

/** Stores count in seconds, some of them down: they keep an entry a little longer than it lives. */
const MARGIN_MS = 2000;

/** What "never" is to stores that give everything a time. */
const NEVER_MS = 10 * 365 * 86_400_000;

const KEPT = /^(\S+) (\d+(?:\.\d+)?) /;

/** The object that a store is given. `now`: by the clock that deadlines are told from; stores have the machine's. */
export function sessionFor(key: string, { text, deadline }: StoreEntry, now: number): object {
  const left = deadline === 0 ? NEVER_MS : Math.max(0, deadline - now) + MARGIN_MS;
  const cookie = {
    originalMaxAge: left,
    maxAge: left,
    expires: new Date(Date.now() + left),
    path: '/',
    httpOnly: true,
    secure: false,
    sameSite: 'lax',
    deadline,
  };
  return { cookie, karrigell: `${key} ${deadline} ${text}` };
}

/** The entry in an object that a store gave, with its key; undefined for one that is not ours. */
export function entryIn(session: unknown): { readonly key: string; readonly entry: StoreEntry } | undefined {
  if (!isObject(session) || typeof session.karrigell !== 'string') return undefined;
  const { karrigell, cookie } = session;
  const [line, key, deadline] = KEPT.exec(karrigell) ?? [];
  if (line === undefined || key === undefined) return { key: '', entry: { text: karrigell, deadline: 0 } };
  const moved = isObject(cookie) && typeof cookie.deadline === 'number' ? cookie.deadline : Number(deadline);
  return { key, entry: { text: karrigell.slice(line.length), deadline: moved } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
