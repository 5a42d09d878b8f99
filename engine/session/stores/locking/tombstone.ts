// What an entry's text says: a content, or a tombstone in its place. A tombstone tells that the session ended, and when.

import type { Found } from '../../store.ts';
import type { DriverEntry } from './store-driver.ts';

const ABSENT: { readonly state: 'absent' } = { state: 'absent' };

/** No content begins like this: those of sessions begin with their version. */
const TOMBSTONE = /^\{"(retired|removed)":(\d+)\}$/;

/** The entry of a session that ended at `now`, and is remembered until then. */
export function tombstone(reason: 'retired' | 'removed', now: number, until: number): DriverEntry {
  return { text: JSON.stringify({ [reason]: now }), deadline: until };
}

/** What an entry says at `now`. */
export function foundIn(entry: DriverEntry | undefined, now: number): Found<string> {
  if (entry === undefined || isExpired(entry.deadline, now)) return ABSENT;
  const { text, deadline } = entry;
  const [, reason, since] = (text.startsWith('{"re') && TOMBSTONE.exec(text)) || [];
  if (reason === undefined) return { state: 'live', content: text, deadline };
  return reason === 'retired' ? { state: 'retired', since: Number(since) } : { state: 'removed' };
}

export function isExpired(deadline: number, now: number): boolean {
  return deadline !== 0 && deadline <= now;
}
