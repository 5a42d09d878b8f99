// A lease as the first line of an entry's text. One comparison of the whole text then both acquires the lock and guards what
// is written under it.

import type { StoreEntry } from './entry-store.ts';

/** The lease of an entry. */
export interface LeaseLine {
  readonly token: string;
  readonly page: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
  /** There was no entry when the lock was acquired, and there is none yet. */
  readonly begins: boolean;
}

/** No text of a session begins like this, and JSON escapes line feeds. */
const LINE = /^\{"lease":(\{[^\n]*\})\}\n/;

/** The lease that an entry names; undefined where it names none, or a damaged one, which no request can hold. */
export function leaseIn(stored: StoreEntry | undefined): LeaseLine | undefined {
  const [, json] = (stored?.text.startsWith('{"lease":') && LINE.exec(stored.text)) || [];
  if (json === undefined) return undefined;
  try {
    const { token, page, since, until, begins } = JSON.parse(json);
    const times = { since: Number(since), until: Number(until) };
    return { token: String(token), page: String(page), ...times, begins: begins === true };
  } catch {
    return undefined;
  }
}

/** An entry with a lease. An entry that begins has no other text. */
export function withLease(stored: StoreEntry | undefined, lease: LeaseLine): StoreEntry {
  const line = `${JSON.stringify({ lease })}\n`;
  if (stored === undefined || lease.begins) return { text: line, deadline: lease.until };
  return { text: line + withoutLease(stored).text, deadline: stored.deadline };
}

/** An entry without its lease. */
export function withoutLease({ text, deadline }: StoreEntry): StoreEntry {
  return { text: text.startsWith('{"lease":') ? text.replace(LINE, '') : text, deadline };
}
