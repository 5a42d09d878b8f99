// The meaning of the text of an entry: the content of a session, or a tombstone in its place. A tombstone says that the session ended,
// how, and when.

import type { EntryState } from '../../session-store.ts';
import type { DriverEntry } from './store-driver.ts';

const ABSENT: { readonly state: 'absent' } = { state: 'absent' };

/** The content of a session never begins like this: it begins with the version of its format. */
const TOMBSTONE = /^\{"(retired|removed)":(\d+)\}$/;

/** The tombstone of a session that ended at `now`. It expires at `until`. */
export function tombstone(reason: 'retired' | 'removed', now: number, until: number): DriverEntry {
  return { text: JSON.stringify({ [reason]: now }), deadline: until };
}

/** The state of an entry at `now`. */
export function entryState(entry: DriverEntry | undefined, now: number): EntryState<string> {
  if (entry === undefined || isExpired(entry.deadline, now)) return ABSENT;
  const { text, deadline } = entry;
  const [, reason, since] = (text.startsWith('{"re') && TOMBSTONE.exec(text)) || [];
  if (reason === undefined) return { state: 'live', content: text, deadline };
  return reason === 'retired' ? { state: 'retired', since: Number(since) } : { state: 'removed' };
}

export function isExpired(deadline: number, now: number): boolean {
  return deadline !== 0 && deadline <= now;
}
