// Values in scripts: JavaScript literals without effect, characters of strings and template literals.

import { Html } from './html.ts';
import { type Literals, literal } from './literal.ts';
import { SafeJs } from './safe.ts';
import { escapeString, plainText } from './text.ts';

/**
 * The value as one expression: strings in quotes, numbers between blanks (so that neither signs nor words run together
 * with what stands beside them), arrays and plain objects as literals.
 * @throws Problem `script-value` for what has no literal, naming its path
 */
export function escapeJsValue(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return ` ${Object.is(value, -0) ? '-0' : value} `;
  if (value instanceof SafeJs) return String(value);
  if (value instanceof Html) return quoted(String(value));
  const text = literal(value, JAVASCRIPT);
  return typeof value === 'object' && value !== null ? text : ` ${text} `;
}

/** The same in an event handler's attribute. */
export function escapeJsValueInAttribute(value: unknown): string {
  return escapeString(escapeJsValue(value));
}

/** Characters of a string or of a template literal, in any quotes. */
export function escapeJsString(value: unknown): string {
  const text = typeof value === 'string' ? value : plainText(value);
  return /[^\w .,-]/.test(text) ? text.replace(/[^\w .,-]/g, escaped) : text;
}

/** `/` is among them, so that even in a regular expression or behind `<` the literal ends nothing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are escaped too
const UNSAFE = /[\0-\x1f"'\\/<>&$`\x7f\u2028\u2029]|\p{Surrogate}/u;
const EACH_UNSAFE = new RegExp(UNSAFE.source, 'gu');

/** A string literal that is the same in JavaScript and JSON, in a script and in an attribute's decoded value. */
export function quoted(text: string): string {
  return `"${UNSAFE.test(text) ? text.replace(EACH_UNSAFE, escaped) : text}"`;
}

/** One UTF-16 unit. */
export function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const JAVASCRIPT: Literals = {
  language: 'JavaScript',
  string: quoted,
  number: (value) => (Object.is(value, -0) ? '-0' : String(value)),
  bigint: (value) => `${value}n`,
  undefined: 'undefined',
  // In source, "__proto__": would set the prototype.
  key: (name) => (name === '__proto__' ? '["__proto__"]' : quoted(name)),
};
