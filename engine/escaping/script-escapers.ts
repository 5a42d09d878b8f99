// Escapers of values in scripts: JavaScript literals, and characters of strings and template literals.

import { type LiteralSyntax, literalOf } from './script-literal.ts';
import { escapeString, plainText } from './text-escaper.ts';
import { SafeJs } from './trusted-text.ts';

/**
 * The value as one expression: strings in quotes, arrays and plain objects as literals. Numbers stand between blanks,
 * so that they do not run together with signs or words beside them.
 * @throws Problem `script-value` with the path of a value that has no literal
 */
export function escapeJsValue(value: unknown): string {
  return expressionText(value, IN_SCRIPT);
}

/** The same in an attribute that is run as code: an event handler, or an attribute of a framework. */
export function escapeJsValueInAttribute(value: unknown): string {
  return escapeString(expressionText(value, IN_ATTRIBUTE));
}

function expressionText(value: unknown, literals: LiteralSyntax): string {
  if (typeof value === 'string') return literals.string(value);
  if (typeof value === 'number') return ` ${Object.is(value, -0) ? '-0' : value} `;
  const text = literalOf(value, literals);
  return typeof value === 'object' && value !== null ? text : ` ${text} `;
}

/** Escapes characters of a string or template literal with any quotes. */
export function escapeJsString(value: unknown): string {
  const text = typeof value === 'string' ? value : plainText(value);
  return /[^\w .,-]/.test(text) ? text.replace(/[^\w .,-]/g, unicodeEscape) : text;
}

/** `/` is escaped as well, so that a literal ends neither a regular expression nor, behind `<`, a script. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are unicodeEscape too
const UNSAFE = /[\0-\x1f"'\\/<>&$`\x7f\u2028\u2029]|\p{Surrogate}/u;
const EACH_UNSAFE = new RegExp(UNSAFE.source, 'gu');

/** A string literal that is valid in JavaScript and JSON, in a script and in the decoded value of an attribute. */
export function stringLiteral(text: string): string {
  return `"${UNSAFE.test(text) ? text.replace(EACH_UNSAFE, unicodeEscape) : text}"`;
}

/** The escape of one UTF-16 unit. */
export function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * Frameworks rewrite an expression, including its strings, before they run it: AngularJS rewrites text in two braces,
 * Datastar words behind `@`.
 */
function quotedInAttribute(text: string): string {
  return stringLiteral(text).replace(/[@{}]/g, unicodeEscape);
}

const IN_SCRIPT: LiteralSyntax = javascriptSyntax(stringLiteral);
const IN_ATTRIBUTE: LiteralSyntax = javascriptSyntax(quotedInAttribute);

function javascriptSyntax(string: (text: string) => string): LiteralSyntax {
  return {
    language: 'JavaScript',
    string,
    number: (value) => (Object.is(value, -0) ? '-0' : String(value)),
    bigint: (value) => `${value}n`,
    undefined: 'undefined',
    // In source code, "__proto__": would set the prototype.
    key: (name) => (name === '__proto__' ? '["__proto__"]' : string(name)),
    trusted: (value) => (value instanceof SafeJs ? String(value) : string(String(value))),
  };
}
