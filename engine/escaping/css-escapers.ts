// Values in styles (CSS Syntax 3). Outside of strings and url() a value may be words, numbers and a few signs, which
// name colours, sizes and lists of them; everything else is replaced, as there is no way to write it inertly.

import { escapeString, plainText } from './text-escaper.ts';
import { SafeCss } from './trusted-text.ts';
import { filtered, urlComponent, urlPath } from './url-escapers.ts';

/** What is printed instead of a value that could be more than a value. A word without meaning in CSS. */
const BLOCKED = 'blocked';

/** A component value: words, numbers, `#`, `%`. */
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

/** Characters of a string. The blank behind an escape belongs to it. */
export function escapeCssString(value: unknown): string {
  return plainText(value).replace(/[^\w .,-]/gu, (character) => hexadecimal(character.codePointAt(0) ?? 0));
}

/** The start of a URL in url(), with or without quotes. */
export function escapeCssUrl(value: unknown): string {
  return inParentheses(filtered(value));
}

/** Part of the path of a URL in url(). */
export function escapeCssUrlPath(value: unknown): string {
  return inParentheses(urlPath(plainText(value)));
}

/** Directly behind the slash that a URL in url() begins with. */
export function escapeCssUrlSlash(value: unknown): string {
  return escapeCssUrlPath(value).replace(/^\//, '%2F');
}

/** A component of a URL in url(). */
export function escapeCssUrlComponent(value: unknown): string {
  return urlComponent(plainText(value));
}

/** What CSS reads in url() itself is escaped; so is `&`, for styles stand in attributes too. */
function inParentheses(url: string): string {
  return url.replace(/[()\\&;{}*]/g, (character) => hexadecimal(character.charCodeAt(0)));
}

function hexadecimal(code: number): string {
  const printable = code === 0 || (code >= 0xd800 && code <= 0xdfff) ? 0xfffd : code;
  return `\\${printable.toString(16)} `;
}
