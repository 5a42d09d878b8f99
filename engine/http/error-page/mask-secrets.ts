// Masks passwords, cookies, card numbers and other secrets on the developer page, because its text may be copied and mailed. A
// secret is recognized by the name of its value, and a card number by its digits.

import { inspect } from 'node:util';
import { errorProperty, isError, shortenedText } from '../../diagnostics/thrown.ts';
import type { IsSecret } from '../../forms/secret-fields.ts';

export const MASK = '••••••';

/** 13 to 19 digits, grouped or not. */
const CARD_LIKE = /\b\d(?:[ -]?\d){12,18}\b/g;
const DEEPEST = 5;
const MOST_ENTRIES = 50;
/** The values that are shown of one value, at all depths together. */
const MOST_VALUES = 1000;
const LONGEST_TEXT = 2000;
const LONGEST_SHOWN = 8000;
/** The longest card number, in characters. */
const CARD_LENGTH = 37;
const LONGEST_INTEGER = 10n ** 100n;

/** The beginning of a text, with masked card numbers. */
export function maskedText(text: string, most = LONGEST_TEXT): string {
  if (text.length <= most) return text.replace(CARD_LIKE, MASK);
  // A card number at the cut can be recognized only together with its digits after the cut.
  const shown = text.slice(0, most + CARD_LENGTH).replace(CARD_LIKE, MASK);
  let end = most;
  while (end > 0 && /[\d -]/.test(shown.charAt(end - 1))) end--;
  return `${shown.slice(0, end)}… (${text.length} characters)`;
}

/** A value as text, with masked secrets at every depth. */
export function shownValue(name: string, value: unknown, isSecret: IsSecret): string {
  try {
    const masked = new Masking(isSecret).value(name, value, 0);
    const options = { depth: DEEPEST, breakLength: 90, maxStringLength: 500 };
    return typeof masked === 'string' ? masked : shortenedText(inspect(masked, options), LONGEST_SHOWN);
  } catch {
    return '(cannot be shown)';
  }
}

/** Makes the masked copy of a value. It reads a limited number of entries, however big the value is. */
class Masking {
  readonly #isSecret: IsSecret;
  #left = MOST_VALUES;

  constructor(isSecret: IsSecret) {
    this.#isSecret = isSecret;
  }

  value(name: string, value: unknown, depth: number): unknown {
    if (this.#isSecret(name) && value !== undefined && value !== null) return MASK;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
      return maskedScalar(value);
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    if (depth >= DEEPEST || this.#left <= 0) return '…';
    if (isError(value))
      return maskedText(`${errorProperty(value, 'name')}: ${errorProperty(value, 'message')}`);
    if (ArrayBuffer.isView(value)) return `(${value.byteLength} bytes)`;
    if (Array.isArray(value)) return this.#some(value, (item) => this.value('', item, depth + 1));
    if (value instanceof Set) return new Set(this.#some(value, (item) => this.value('', item, depth + 1)));
    if (value instanceof Map) return new Map(this.#some(value, (entry) => this.#entry(entry, depth)));
    const keys = this.#some(Object.keys(value), (key) => this.#entry([key, Reflect.get(value, key)], depth));
    return Object.fromEntries(keys);
  }

  #entry([key, item]: readonly [unknown, unknown], depth: number): [string, unknown] {
    return [shortenedText(String(key), 200), this.value(String(key), item, depth + 1)];
  }

  #some<Item, Shown>(items: Iterable<Item>, shown: (item: Item) => Shown): Shown[] {
    const some: Shown[] = [];
    for (const item of items) {
      if (some.length === MOST_ENTRIES || this.#left <= 0) break;
      this.#left--;
      some.push(shown(item));
    }
    return some;
  }
}

function maskedScalar(value: string | number | bigint): unknown {
  if (typeof value === 'bigint' && (value > LONGEST_INTEGER || value < -LONGEST_INTEGER))
    return '(a long BigInt)';
  const text = String(value);
  const masked = maskedText(text);
  return masked === text ? value : masked;
}

/** A Cookie header with masked values. */
export function maskedCookies(header: string): string {
  return header
    .split(';')
    .map((pair) => `${pair.split('=')[0]?.trim()}=${MASK}`)
    .join('; ');
}

/** A query with masked secrets. */
export function maskedQuery(search: string, isSecret: IsSecret): string {
  if (search === '') return '';
  const shown = [...new URLSearchParams(search)].map(
    ([name, value]) => `${name}=${shownValue(name, value, isSecret)}`,
  );
  return `?${shown.join('&')}`;
}
