// How long sessions live: pure arithmetic on milliseconds. Deadlines of 0 mean never.
// A timeout is never early and at most a tenth late (contract section 7): the stored deadline lies a tenth further
// away than the timeout, and is written again only when less than the timeout is left of it.

import type { SessionConfig } from '../../../config/schema.ts';
import type { SessionRecord } from '../format/session-record.ts';

/** How much of the timeout the stored deadline may lie beyond it. */
const SLACK = 0.1;

/** An id counts as fresh this long after it was issued, at most. */
const FRESH_MS = 5 * 60_000;

/** A browser that had received the new cookie would send that one so long after its former id was retired. */
const JUST_RETIRED_MS = 10_000;

/** A retired id is known for at least this long. */
const RETIRED_MS = 60_000;

/**
 * The deadline to store for a request at `now`: a whole number of milliseconds, since stores keep integers, and a store that
 * rounded by itself would never give back the deadline that it was given.
 */
export function deadlineAfter(now: number, record: SessionRecord, config: SessionConfig): number {
  const timeout = timeoutSeconds(record, config);
  const idle = timeout === 0 ? 0 : now + Math.round(timeout * 1000 * stretch(config));
  const end = config.max_age === 0 ? 0 : Math.ceil(record.created + config.max_age * 1000);
  if (idle === 0) return end;
  return end === 0 ? idle : Math.min(idle, end);
}

/** The deadline that must be stored: the one that is there, as long as it is good enough. */
export function deadlineDue(
  now: number,
  stored: number,
  record: SessionRecord,
  config: SessionConfig,
): number {
  const wanted = deadlineAfter(now, record, config);
  if (config.force || stored === 0 || wanted === 0 || wanted < stored) return wanted;
  return stored - now < timeoutSeconds(record, config) * 1000 ? wanted : stored;
}

/** Whether its max_age is over (it may have been shortened since the deadline was stored). */
export function isTooOld(now: number, record: SessionRecord, config: SessionConfig): boolean {
  return config.max_age > 0 && Math.ceil(record.created + config.max_age * 1000) <= now;
}

/** How long an id counts as fresh: never so long that a session may have begun under it and ended. */
export function freshMs({ timeout, max_age, remember_me_timeout }: SessionConfig): number {
  return Math.min(FRESH_MS, endMs(timeout), endMs(max_age), endMs(remember_me_timeout));
}

/**
 * Whether an id was retired so lately that its browser may not have had the new cookie yet: until then a request with that id
 * may be one from before. `since`: undefined where the store cannot tell.
 */
export function isJustRetired(now: number, since: number | undefined): boolean {
  return since === undefined || now - since < JUST_RETIRED_MS;
}

/** Until when a retired id must be known: a minute at least, and until it is no longer fresh. */
export function retiredUntil(now: number, issued: number): number {
  return Math.max(now + RETIRED_MS, issued + FRESH_MS);
}

/** Until when the id of a session must be known that an operator removes, or that is evicted: it may be fresh. */
export function removedUntil(now: number): number {
  return now + FRESH_MS;
}

/** Max-Age of a cookie that has a timeout, with the same tenth as the session's own deadline; 0 would remove the cookie. */
export function cookieMaxAge(timeout: number, config: SessionConfig): number {
  return Math.max(1, Math.round(timeout * stretch(config)));
}

/** Whether a cookie with a timeout must be sent again so that it does not end early. */
export function isCookieDue(now: number, sent: number, timeout: number, config: SessionConfig): boolean {
  return config.force || now - sent >= timeout * 1000 * SLACK;
}

/** Seconds of which 0 means never. */
function endMs(seconds: number): number {
  return seconds === 0 ? Number.POSITIVE_INFINITY : seconds * 1000;
}

function timeoutSeconds(record: SessionRecord, config: SessionConfig): number {
  return record.remember ? config.remember_me_timeout : config.timeout;
}

function stretch(config: SessionConfig): number {
  return config.force ? 1 : 1 + SLACK;
}
