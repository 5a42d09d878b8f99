// The escaper of element text and quoted attribute values. The five characters that could end either become character
// references (WHATWG HTML, "escaping a string", and the apostrophe, which ends a single-quoted value).

import { Problem } from '../diagnostics/problem.ts';
import { Html } from './trusted-text.ts';

const SPECIAL = /[&<>"']/;
/**
 * The length up to which one regular expression is fastest. Above it, five scans by memchr are (12 times as fast at
 * 4,000 characters).
 */
const SHORT = 40;

/**
 * Escapes a value for element text: strings are escaped, numbers printed as they are, null and undefined print
 * nothing, and markup from `html` and `raw` is unchanged.
 * @throws Problem `output-promise`, `output-function`, `output-object` for values without a text
 */
export function escapeText(value: unknown): string {
  if (typeof value === 'string') return escapeString(value);
  if (typeof value === 'number') return String(value);
  if (value === undefined || value === null) return '';
  return escapeOther(value);
}

/** The same for a string. */
export function escapeString(value: string): string {
  return (value.length < SHORT ? SPECIAL.test(value) : hasSpecial(value)) ? escapeSpecial(value) : value;
}

function hasSpecial(value: string): boolean {
  return (
    value.includes('<') ||
    value.includes('&') ||
    value.includes('"') ||
    value.includes("'") ||
    value.includes('>')
  );
}

/** Five passes are faster than one pass with a callback (measured on 7 to 4,000 characters). */
function escapeSpecial(value: string): string {
  return value
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&#34;')
    .replace(/'/g, '&#39;');
}

function escapeOther(value: unknown): string {
  if (value instanceof Html) return value.toString();
  if (Array.isArray(value)) return escapeArray(value);
  return escapeString(plainText(value));
}

/** Items are joined without a separator if one of them is markup, else by commas as in String(array). */
function escapeArray(values: readonly unknown[]): string {
  return values.map(escapeText).join(holdsMarkup(values) ? '' : ',');
}

/**
 * The unescaped text of a value, as `<%- %>` prints it.
 * @throws Problem as `escapeText` does
 */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(plainText).join(holdsMarkup(value) ? '' : ',');
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new Problem('output-function', { params: { kind: typeof value } });
  }
  if (typeof value === 'object') refuseTextless(value);
  return String(value);
}

function holdsMarkup(array: readonly unknown[]): boolean {
  return array.some((value) => value instanceof Html);
}

function refuseTextless(value: object): void {
  if (value instanceof Promise || ('then' in value && typeof value.then === 'function')) {
    throw new Problem('output-promise');
  }
  const text: unknown = Reflect.get(value, 'toString');
  if (text === Object.prototype.toString || typeof text !== 'function') throw new Problem('output-object');
}
