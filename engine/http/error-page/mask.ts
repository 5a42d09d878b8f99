// Takes passwords, cookies, cards and their like out of what an error page shows: by the name of a value, and by digits
// that look like a card's. What is shown may be photographed, pasted and mailed.

import { inspect } from 'node:util';

export const MASK = '••••••';

const SECRET_NAME =
  /pass|pwd|secret|token|card|cvc|cvv|iban|auth(?!ors?(?:$|[^a-z]))|cookie|credential|api[-_]?key|private|session[-_]?id|csrf|^pin$|^otp$|ssn/i;
/** 13 to 19 digits, grouped or not. */
const CARD_LIKE = /\b\d(?:[ -]?\d){12,18}\b/g;
const DEEPEST = 5;
const MOST_ENTRIES = 50;

/** Whether a name says that its value is nobody's business. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Text with what looks like a card number masked. */
export function maskedText(text: string): string {
  return text.replace(CARD_LIKE, MASK);
}

/** A value as text, with secrets masked at every depth. */
export function shownValue(name: string, value: unknown): string {
  try {
    const masked = maskedValue(name, value, 0);
    return typeof masked === 'string'
      ? masked
      : inspect(masked, { depth: DEEPEST, breakLength: 90, maxStringLength: 500 });
  } catch {
    return '(cannot be shown)';
  }
}

function maskedValue(name: string, value: unknown, depth: number): unknown {
  if (isSecretName(name) && value !== undefined && value !== null) return MASK;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return maskedScalar(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= DEEPEST) return '…';
  if (ArrayBuffer.isView(value)) return `(${value.byteLength} bytes)`;
  if (Array.isArray(value))
    return value.slice(0, MOST_ENTRIES).map((item) => maskedValue('', item, depth + 1));
  if (value instanceof Set)
    return new Set([...value].slice(0, MOST_ENTRIES).map((item) => maskedValue('', item, depth + 1)));
  if (value instanceof Map) return new Map(maskedEntries([...value], depth));
  return Object.fromEntries(maskedEntries(Object.entries(value), depth));
}

function maskedEntries(
  entries: readonly (readonly [unknown, unknown])[],
  depth: number,
): [string, unknown][] {
  return entries
    .slice(0, MOST_ENTRIES)
    .map(([key, item]) => [String(key), maskedValue(String(key), item, depth + 1)]);
}

function maskedScalar(value: string | number | bigint): unknown {
  const text = String(value);
  const masked = maskedText(text);
  return masked === text ? value : masked;
}

/** A Cookie header with its names only. */
export function maskedCookies(header: string): string {
  return header
    .split(';')
    .map((pair) => `${pair.split('=')[0]?.trim()}=${MASK}`)
    .join('; ');
}

/** A path with its query, whose secret values are masked. */
export function maskedQuery(search: string): string {
  if (search === '') return '';
  const shown = [...new URLSearchParams(search)].map(([name, value]) => `${name}=${shownValue(name, value)}`);
  return `?${shown.join('&')}`;
}
