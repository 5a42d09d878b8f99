// The sessions that a store is filled with: small shopping carts under ids that are computed from their numbers, so that
// no list of a million ids is kept.

import { createHash } from 'node:crypto';
import { serializedRecord } from '../../engine/session/format/serialized-store.ts';
import { emptyRecord, type SessionRecord } from '../../engine/session/format/session-record.ts';
import { sessionKey } from '../../engine/session/request/session-id.ts';

const ID_BYTES = 36;
const HOUR_MS = 3_600_000;

/** One session to fill a store with. */
export interface Filling {
  readonly key: string;
  readonly text: string;
  readonly deadline: number;
}

/** The session with this number. */
export function filling(number: number, isOver: boolean): Filling {
  const [key, text] = [sessionKey(idOf(number)), serializedRecord(recordWith(number))];
  return { key, text, deadline: deadlineOf(number, isOver) };
}

/** Deadlines within the next hour, or in the last minute. */
export function deadlineOf(number: number, isOver: boolean): number {
  return Date.now() + (isOver ? -1000 - (number % 59_000) : HOUR_MS / 2 + ((number * 7919) % (HOUR_MS / 2)));
}

/** The cookie of one of so many visitors. */
export function someCookie(sessions: number): string {
  return `sessionId=${idOf(Math.floor(Math.random() * sessions))}`;
}

/** The record of the session with this number. */
export function recordWith(number: number): SessionRecord {
  const record = emptyRecord(Date.now());
  Object.assign(record.data, {
    name: `Visitor ${number}`,
    count: 0,
    cart: [
      { id: number % 1000, name: 'Tea, green', price: 4.5, pieces: 2 },
      { id: number % 777, name: 'Cup', price: 9, pieces: 1 },
    ],
    since: new Date(),
  });
  return record;
}

function idOf(number: number): string {
  return createHash('sha384').update(String(number)).digest().subarray(0, ID_BYTES).toString('base64url');
}
