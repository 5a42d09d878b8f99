// Values in scripts: JavaScript literals without effect, characters of strings and template literals.

import { type Literals, literal } from './script-literal.ts';
import { escapeString, plainText } from './text-escaper.ts';
import { SafeJs } from './trusted-text.ts';

/**
 * The value as one expression: strings in quotes, numbers between blanks (so that neither signs nor words run together
 * with what stands beside them), arrays and plain objects as literals.
 * @throws Problem `script-value` for what has no literal, naming its path
 */
export function escapeJsValue(value: unknown): string {
  return expression(value, IN_SCRIPT);
}

/** The same in an attribute that is run as code: an event handler, or an attribute of a framework. */
export function escapeJsValueInAttribute(value: unknown): string {
  return escapeString(expression(value, IN_ATTRIBUTE));
}

function expression(value: unknown, literals: Literals): string {
  if (typeof value === 'string') return literals.string(value);
  if (typeof value === 'number') return ` ${Object.is(value, -0) ? '-0' : value} `;
  const text = literal(value, literals);
  return typeof value === 'object' && value !== null ? text : ` ${text} `;
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

/**
 * Frameworks rewrite an expression before it is run, strings included: AngularJS what stands in two braces, Datastar
 * words behind `@`.
 */
function quotedInAttribute(text: string): string {
  return quoted(text).replace(/[@{}]/g, escaped);
}

const IN_SCRIPT: Literals = javascript(quoted);
const IN_ATTRIBUTE: Literals = javascript(quotedInAttribute);

function javascript(string: (text: string) => string): Literals {
  return {
    language: 'JavaScript',
    string,
    number: (value) => (Object.is(value, -0) ? '-0' : String(value)),
    bigint: (value) => `${value}n`,
    undefined: 'undefined',
    // In source, "__proto__": would set the prototype.
    key: (name) => (name === '__proto__' ? '["__proto__"]' : string(name)),
    trusted: (value) => (value instanceof SafeJs ? String(value) : string(String(value))),
  };
}
