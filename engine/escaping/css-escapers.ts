// Escapers of values in styles (CSS Syntax 3). Outside of strings and url(), a value may consist of words, numbers and
// a few signs, which covers colours, sizes and lists of them. CSS has no escape for other values there, so they are
// replaced.

import { escapeString, plainText } from './text-escaper.ts';
import { SafeCss } from './trusted-text.ts';
import { encodedComponent, encodedPath, filteredUrl } from './url-escapers.ts';

/** The text that replaces a value which is more than a component value. The word has no meaning in CSS. */
const BLOCKED = 'blocked';

/** Escapes a component value: words, numbers, `#`, `%`. */
export function escapeCssValue(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (value instanceof SafeCss) return String(value);
  const text = plainText(value);
  return /^[\w \t#%.,+-]*$/.test(text) && !/expression|binding|behavior|javascript/i.test(text)
    ? text
    : BLOCKED;
}

/** The same in a style attribute. */
export function escapeCssValueInAttribute(value: unknown): string {
  return escapeString(escapeCssValue(value));
}

/** Escapes characters of a string. The blank behind each escape is part of it. */
export function escapeCssString(value: unknown): string {
  return plainText(value).replace(/[^\w .,-]/gu, (character) => hexadecimal(character.codePointAt(0) ?? 0));
}

/** Escapes the start of a URL in url(), with or without quotes. */
export function escapeCssUrl(value: unknown): string {
  return inParentheses(filteredUrl(value));
}

/** Escapes a part of the path of a URL in url(). */
export function escapeCssUrlPath(value: unknown): string {
  return inParentheses(encodedPath(plainText(value)));
}

/** Escapes a value behind the slash that begins a URL in url(). */
export function escapeCssUrlSlash(value: unknown): string {
  return escapeCssUrlPath(value).replace(/^\//, '%2F');
}

/** Escapes a component of a URL in url(). */
export function escapeCssUrlComponent(value: unknown): string {
  return encodedComponent(plainText(value));
}

/** Escapes the characters that CSS interprets in url(), and `&`, because styles stand in attributes, too. */
function inParentheses(url: string): string {
  return url.replace(/[()\\&;{}*]/g, (character) => hexadecimal(character.charCodeAt(0)));
}

function hexadecimal(code: number): string {
  const printable = code === 0 || (code >= 0xd800 && code <= 0xdfff) ? 0xfffd : code;
  return `\\${printable.toString(16)} `;
}
