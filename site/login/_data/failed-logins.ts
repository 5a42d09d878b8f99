// Failed logins, counted for each user name and address, so that no visitor can find a password by trying. With several processes
// each counts its own.

import { LRUCache } from 'lru-cache';

const MOST_FAILURES = 5;
const PAUSE = 10 * 60_000;

const failures = new LRUCache<string, number>({ max: 10_000, ttl: PAUSE });

/** The minutes until the next attempt is allowed; 0 if it is now. */
export function minutesToWait(user: string, ip: string): number {
  const key = keyOf(user, ip);
  if ((failures.get(key) ?? 0) < MOST_FAILURES) return 0;
  return Math.ceil(failures.getRemainingTTL(key) / 60_000);
}

/** Counts a failure; the pause begins again with each. */
export function countFailure(user: string, ip: string): void {
  const key = keyOf(user, ip);
  failures.set(key, (failures.get(key) ?? 0) + 1);
}

/** Forgets the failures after a login that succeeded. */
export function forgetFailures(user: string, ip: string): void {
  failures.delete(keyOf(user, ip));
}

function keyOf(user: string, ip: string): string {
  return `${ip} ${user.slice(0, 100)}`;
}
