// How long sessions live: arithmetic on milliseconds, without state. A deadline of 0 means never. A timeout is never early and at
// most a tenth late (docs/sessions.md). So the stored deadline lies a tenth beyond the timeout, and is written again only when
// less than the timeout is left.

import type { SessionConfig } from '../../../config/schema.ts';
import type { SessionRecord } from '../format/session-record.ts';

/** The part of the timeout by which the stored deadline lies beyond it. */
const SLACK = 0.1;

/** The longest time that an id is fresh after it was issued, in ms. */
const FRESH_MS = 5 * 60_000;

/** The time after the retirement of an id in which its browser may not have the new cookie yet, in ms. */
const JUST_RETIRED_MS = 10_000;

/** The shortest time that the tombstone of a retired id is kept, in ms. */
const RETIRED_MS = 60_000;

/** The deadline of a request at `now`, a whole number: a store that rounds must give back the deadline that it was given. */
export function deadlineAfter(now: number, record: SessionRecord, config: SessionConfig): number {
  const timeout = idleTimeout(record, config);
  const idle = timeout === 0 ? 0 : now + Math.round(timeout * 1000 * stretch(config));
  const end = maxAgeDeadline(record, config);
  if (idle === 0) return end;
  return end === 0 ? idle : Math.min(idle, end);
}

/** The deadline that must be stored after a request: `stored`, as long as enough of it is left. */
export function deadlineDue(
  now: number,
  stored: number,
  record: SessionRecord,
  config: SessionConfig,
): number {
  const wanted = deadlineAfter(now, record, config);
  if (config.force || stored === 0 || wanted === 0 || wanted < stored) return wanted;
  return stored - now < idleTimeout(record, config) * 1000 ? wanted : stored;
}

/** Whether a session is past its max_age. It may have been shortened since the deadline was stored. */
export function isPastMaxAge(now: number, record: SessionRecord, config: SessionConfig): boolean {
  return config.max_age > 0 && maxAgeDeadline(record, config) <= now;
}

/** How long an id is fresh: no longer than a session could live that began under it. */
export function freshMs({ timeout, max_age, remember_me_timeout }: SessionConfig): number {
  return Math.min(FRESH_MS, limitMs(timeout), limitMs(max_age), limitMs(remember_me_timeout));
}

/**
 * Whether a request with a retired id may have been sent before its browser received the new cookie.
 * @param since when the id was retired; undefined: the store cannot tell
 */
export function isJustRetired(now: number, since: number | undefined): boolean {
  return since === undefined || now - since < JUST_RETIRED_MS;
}

/** When the tombstone of a retired id ends: a minute from now, and not while the id would be fresh without it. */
export function retiredUntil(now: number, issued: number): number {
  return Math.max(now + RETIRED_MS, issued + FRESH_MS);
}

/** When the tombstone of a removed or evicted session ends: its id may have been issued just now. */
export function removedUntil(now: number): number {
  return now + FRESH_MS;
}

/** Max-Age of a cookie in seconds: a tenth longer than its timeout, as the deadline is. 0 would remove the cookie. */
export function cookieMaxAge(timeout: number, config: SessionConfig): number {
  return Math.max(1, Math.round(timeout * stretch(config)));
}

/** Whether a cookie with a timeout must be sent again, so that the browser does not remove it early. */
export function isCookieDue(now: number, sent: number, timeout: number, config: SessionConfig): boolean {
  return config.force || now - sent >= timeout * 1000 * SLACK;
}

/** Of a limit in seconds, of which 0 means none. */
function limitMs(seconds: number): number {
  return seconds === 0 ? Number.POSITIVE_INFINITY : seconds * 1000;
}

function idleTimeout(record: SessionRecord, config: SessionConfig): number {
  return record.remember ? config.remember_me_timeout : config.timeout;
}

function maxAgeDeadline(record: SessionRecord, { max_age }: SessionConfig): number {
  return max_age === 0 ? 0 : Math.ceil(record.created + max_age * 1000);
}

function stretch(config: SessionConfig): number {
  return config.force ? 1 : 1 + SLACK;
}
