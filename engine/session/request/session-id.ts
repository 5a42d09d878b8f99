// Session ids: 144 random bits, the time of issue and a MAC of both, as 48 characters of base64url. The MAC tells an id that was
// issued here from an invented one; an id with a valid MAC opens no session by itself.

import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

const RANDOM_BYTES = 18;
const TIME_BYTES = 6;
const MAC_BYTES = 12;
const SIGNED_BYTES = RANDOM_BYTES + TIME_BYTES;
const SHAPE = /^[\w-]{48}$/;

/** In characters. */
export const ID_LENGTH = 48;

/** The difference that the clocks of processes with one store may have. */
const CLOCK_SKEW_MS = 10_000;

/** A new id. */
export function newSessionId(now: number, secret: Uint8Array): string {
  const bytes = Buffer.alloc(SIGNED_BYTES + MAC_BYTES);
  randomBytes(RANDOM_BYTES).copy(bytes);
  bytes.writeUIntBE(now, RANDOM_BYTES, TIME_BYTES);
  macOf(bytes, secret).copy(bytes, SIGNED_BYTES, 0, MAC_BYTES);
  return bytes.toString('base64url');
}

/** Whether a text has the form of an id. Only such a text is looked up in a store. */
export function isIdShaped(text: string): boolean {
  return SHAPE.test(text);
}

/** Whether an id was issued with this secret, and less than `freshMs` ago. */
export function isFresh(id: string, now: number, secret: Uint8Array, freshMs: number): boolean {
  const bytes = Buffer.from(id, 'base64url');
  const age = now - timeIn(bytes);
  return age < freshMs && age >= -CLOCK_SKEW_MS && hasMac(bytes, secret);
}

/** Whether an id was issued with this secret, however long ago. */
export function isIssuedWith(id: string, secret: Uint8Array): boolean {
  return hasMac(Buffer.from(id, 'base64url'), secret);
}

/** The time of issue in an id, in ms since 1970. It is true only if the MAC is valid or a store has the id. */
export function issuedAt(id: string): number {
  return timeIn(Buffer.from(id, 'base64url'));
}

/** The key of a session in a store: the SHA-256 of its id, so that a copy of the store opens no session. */
export function sessionKey(id: string): string {
  return hash('sha256', id, 'hex');
}

function timeIn(bytes: Buffer): number {
  return bytes.readUIntBE(RANDOM_BYTES, TIME_BYTES);
}

function hasMac(bytes: Buffer, secret: Uint8Array): boolean {
  const mac = macOf(bytes, secret).subarray(0, MAC_BYTES);
  return timingSafeEqual(mac, bytes.subarray(SIGNED_BYTES));
}

function macOf(bytes: Buffer, secret: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(bytes.subarray(0, SIGNED_BYTES)).digest();
}
