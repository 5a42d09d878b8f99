// What stands under a key, in two values. The data: the deadline at which they were written, and on the lines below it
// the content (none in a tombstone: 'removed' behind the deadline tells the two kinds apart). Beside them a deadline that was moved since, with the unique of the data that it is
// for: moving it rewrites no data, and a write makes it void.

import type { Found } from '../../store.ts';
import type { Value } from './commands.ts';

/** The server forgets an entry so much after its deadline: the clocks of those who share it may differ by as much. */
const SKEW_S = 10;

/** More seconds than these are read as a time since 1970. */
const LONGEST_RELATIVE_S = 30 * 86_400;

/** Times since 1970 have 31 bits. */
const LATEST_S = 2 ** 31 - 1;

const REMOVED = ' removed';

/** What was read, and the unique of its data; undefined: there are none. */
export interface Entry {
  readonly found: Found<string>;
  readonly deadline: number;
  readonly unique: string | undefined;
}

/** The entry in its two values. */
export function entryOf(data: Value | undefined, moved: Value | undefined, now: number): Entry {
  if (data === undefined) return { found: { state: 'absent' }, deadline: 0, unique: undefined };
  const { text, unique } = data;
  const end = text.indexOf('\n');
  const deadline = movedDeadline(moved, unique) ?? Number.parseInt(text, 10);
  if (isOver(deadline, now)) return { found: { state: 'absent' }, deadline, unique };
  const found: Found<string> =
    end < 0
      ? { state: text.endsWith(REMOVED) ? 'removed' : 'retired' }
      : { state: 'live', content: text.slice(end + 1), deadline };
  return { found, deadline, unique };
}

export function isOver(deadline: number, now: number): boolean {
  return deadline !== 0 && deadline <= now;
}

function movedDeadline(moved: Value | undefined, unique: string): number | undefined {
  const [of, deadline] = moved?.text.split(' ') ?? [];
  return of === unique ? Number(deadline) : undefined;
}

/** The data of a live entry. */
export function liveText(content: string, deadline: number): string {
  return `${deadline}\n${content}`;
}

/** The data of a tombstone. */
export function tombstoneText(state: 'retired' | 'removed', until: number): string {
  return state === 'removed' ? until + REMOVED : String(until);
}

/** A deadline that is for the data with this unique. */
export function movedText(unique: string, deadline: number): string {
  return `${unique} ${deadline}`;
}

/**
 * When the server may forget what has this deadline. Seconds from now, so that no clock but this one counts; only what
 * lies further away than the server understands that is given as a time.
 */
export function exptime(deadline: number, now: number): number {
  if (deadline === 0) return 0;
  const seconds = Math.ceil(Math.max(0, deadline - now) / 1000) + SKEW_S;
  if (seconds <= LONGEST_RELATIVE_S) return seconds;
  const time = Math.ceil(Date.now() / 1000) + seconds;
  return time > LATEST_S ? 0 : time;
}
