// What an entry says: a content, a tombstone, or nothing yet; and who has its turn. A turn is a line before the content, so
// that one comparison of the whole text both gives the turn and guards what is written in it.

import type { Change, Found } from '../../store.ts';
import { withNul, withoutNul } from '../without-nul.ts';
import type { StoreEntry } from './entry-store.ts';

/** No session's text looks like these. */
const RETIRED = '{"retired":true}';
const REMOVED = '{"removed":true}';

/** JSON escapes line feeds and no other line separators: those may stand in the name of a page. */
const LEASE_LINE = /^\{"lease":(\{[^\n]*\})\}\n/;

/** Who has the turn of an entry, and until when, unless it is renewed. */
export interface Lease {
  readonly token: string;
  readonly page: string;
  readonly since: number;
  readonly until: number;
  /** There was nothing when the turn was taken, and there is nothing yet. */
  readonly begins?: true;
}

/** An entry, read. */
export interface Kept {
  /** As the store has it. */
  readonly entry: StoreEntry | undefined;
  readonly found: Found<string>;
  readonly lease: Lease | undefined;
}

/** Reads what a store has under a key. */
export function keptIn(entry: StoreEntry | undefined, now: number): Kept {
  if (entry === undefined) return { entry, found: { state: 'absent' }, lease: undefined };
  const lease = leaseIn(entry.text);
  return { entry, found: foundIn(entry, lease, now), lease };
}

/** An entry with the turn of it. */
export function leasedEntry({ entry, found }: Kept, lease: Lease): StoreEntry {
  const content = entry === undefined ? '' : withoutLease(entry.text);
  if (entry !== undefined && found.state !== 'absent')
    return { text: lineOf(lease) + content, deadline: entry.deadline };
  return { text: lineOf({ ...lease, begins: true }), deadline: lease.until };
}

/** What a change makes of an entry, without its turn (undefined: nothing); 'gone' when it is not live any more. */
export function entryAfter(change: Change<string>, kept: Kept): StoreEntry | undefined | 'gone' {
  const { found } = kept;
  switch (change.kind) {
    case 'keep':
      return entryWithoutLease(kept);
    case 'touch':
      return found.state === 'live' ? entryOf(found.content, change.deadline) : 'gone';
    case 'write':
      return found.state === 'live' ? entryOf(change.content, change.deadline) : 'gone';
    case 'create':
      return isTombstone(found) ? 'gone' : entryOf(change.content, change.deadline);
    case 'end':
      return { text: RETIRED, deadline: change.until };
    case 'move':
      return found.state === 'live' ? { text: RETIRED, deadline: change.until } : 'gone';
    case 'remove':
      return { text: REMOVED, deadline: change.until };
    case 'set-aside':
      return undefined;
  }
}

/** A content as an entry that nobody has the turn of. */
export function entryOf(content: string, deadline: number): StoreEntry {
  return { text: withoutNul(content), deadline };
}

/** The same entry, as it is when nobody has its turn. */
export function entryWithoutLease({ entry, found }: Kept): StoreEntry | undefined {
  if (entry === undefined || found.state === 'absent') return undefined;
  return { text: withoutLease(entry.text), deadline: entry.deadline };
}

/** Whether two entries are the same to a store. */
export function isSameEntry(one: StoreEntry | undefined, other: StoreEntry | undefined): boolean {
  return one?.text === other?.text && one?.deadline === other?.deadline;
}

function foundIn(entry: StoreEntry, lease: Lease | undefined, now: number): Found<string> {
  const { deadline } = entry;
  if (lease?.begins || (deadline !== 0 && deadline <= now)) return { state: 'absent' };
  const content = withoutLease(entry.text);
  if (content === RETIRED) return { state: 'retired' };
  if (content === REMOVED) return { state: 'removed' };
  return { state: 'live', content: withNul(content), deadline };
}

function isTombstone({ state }: Found<string>): boolean {
  return state === 'retired' || state === 'removed';
}

function lineOf(lease: Lease): string {
  return `${JSON.stringify({ lease })}\n`;
}

function withoutLease(text: string): string {
  return text.startsWith('{"lease":') ? text.replace(LEASE_LINE, '') : text;
}

function leaseIn(text: string): Lease | undefined {
  const [, json] = (text.startsWith('{"lease":') && LEASE_LINE.exec(text)) || [];
  if (json === undefined) return undefined;
  try {
    return leaseOf(JSON.parse(json));
  } catch {
    // Damaged: nobody can have its turn.
    return undefined;
  }
}

function leaseOf(json: Readonly<Record<string, unknown>>): Lease {
  const { token, page, since, until, begins } = json;
  const lease = {
    token: String(token),
    page: String(page),
    since: Number(since),
    until: Number(until),
  };
  return begins === true ? { ...lease, begins } : lease;
}
