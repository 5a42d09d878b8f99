// A lock as a line before the text of an entry: one comparison of the whole text both gives the lock and guards what is
// written under it.

import type { StoreEntry } from './entry-store.ts';

/** The lock of an entry. */
export interface LeaseLine {
  readonly token: string;
  readonly page: string;
  readonly since: number;
  readonly until: number;
  /** There was no entry when the lock was acquired, and there is none yet. */
  readonly begins: boolean;
}

/** JSON escapes line feeds. No text of a session begins like this. */
const LINE = /^\{"lease":(\{[^\n]*\})\}\n/;

/** The lock that an entry names. */
export function leaseIn(kept: StoreEntry | undefined): LeaseLine | undefined {
  const [, json] = (kept?.text.startsWith('{"lease":') && LINE.exec(kept.text)) || [];
  if (json === undefined) return undefined;
  try {
    const { token, page, since, until, begins } = JSON.parse(json);
    const times = { since: Number(since), until: Number(until) };
    return { token: String(token), page: String(page), ...times, begins: begins === true };
  } catch {
    // Damaged: no request can have its lock.
    return undefined;
  }
}

/** An entry with a lock; of one that begins the lock is all there is. */
export function withLease(kept: StoreEntry | undefined, lease: LeaseLine): StoreEntry {
  const line = `${JSON.stringify({ lease })}\n`;
  if (kept === undefined || lease.begins) return { text: line, deadline: lease.until };
  return { text: line + withoutLease(kept).text, deadline: kept.deadline };
}

/** An entry without its lock. */
export function withoutLease(kept: StoreEntry): StoreEntry {
  const { text, deadline } = kept;
  return text.startsWith('{"lease":') ? { text: text.replace(LINE, ''), deadline } : kept;
}
