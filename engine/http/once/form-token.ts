// The token of a form (docs/exactly-once.md): random bits that name one printed form. It is no secret of a session and proves
// nothing; it only lets the engine recognize arrivals of the same form.

import { randomBytes } from 'node:crypto';
import type { FieldValues } from '../form-fields.ts';

/** No page can read a field of this name, because its name is taken out of the fields. */
const FIELD = 'karrigell.once';

/** 144 bits, as many as a session id has. */
const TOKEN_BYTES = 18;
const SHAPE = /^[\w-]{24}$/;

/**
 * A hidden field with a new token. Browsers restore the values of fields when a page is loaded again, but not those with
 * autocomplete="off": a restored token would make a new form look like the old one.
 */
export function newTokenField(): string {
  return tokenField(randomBytes(TOKEN_BYTES).toString('base64url'));
}

/** A hidden field with a token. */
export function tokenField(token: string): string {
  return `<input type="hidden" name="${FIELD}" value="${token}" autocomplete="off">`;
}

/** Takes the token out of the fields of a body; undefined if there is none. A value of another shape is no token. */
export function takenToken(fields: FieldValues): string | undefined {
  const token = fields.get(FIELD)?.[0];
  fields.delete(FIELD);
  return token === undefined ? undefined : tokenIn(FIELD, token);
}

/** An urlencoded body without the field of the token. */
export function withoutToken(raw: Uint8Array): Uint8Array {
  const pairs = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('latin1').split('&');
  return Buffer.from(pairs.filter((pair) => !pair.startsWith(`${FIELD}=`)).join('&'), 'latin1');
}

/** Whether a field is that of the token. */
export function isTokenField(name: string): boolean {
  return name === FIELD;
}

/** The token in a field; undefined if the field has none. */
export function tokenIn(name: string, value: string): string | undefined {
  return isTokenField(name) && SHAPE.test(value) ? value : undefined;
}
