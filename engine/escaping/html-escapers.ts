// The escapers of HTML outside of element text: attribute values, elements whose content is text, comments, and the
// event lists of htmx. `<` is escaped everywhere, because a browser with scripts reads the content of noscript as text.

import { escapeString, plainText } from './text-escaper.ts';
import { SafeAttribute } from './trusted-text.ts';

/** Escapes a value for textarea, title and the like, where markup is text. */
export function escapeRcdata(value: unknown): string {
  if (typeof value === 'string') return escapeString(value);
  if (typeof value === 'number') return String(value);
  return escapeString(plainText(value));
}

/** Escapes the value of a plain attribute: a browser decodes the result to the value itself. */
export function escapeAttribute(value: unknown): string {
  if (typeof value === 'string') return escapeString(value);
  if (typeof value === 'number') return String(value);
  if (value instanceof SafeAttribute) return withoutDelimiters(String(value));
  return escapeString(plainText(value));
}

/** Keeps the character references of a trusted text and escapes the characters that could end the attribute. */
function withoutDelimiters(source: string): string {
  return source.replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&#34;').replace(/'/g, '&#39;');
}

/**
 * Keeps the letters, digits and blanks of a value in a comment of HTML, a script or a style, and drops the rest. No
 * program reads a comment, so it is enough that the result cannot end one.
 */
export function escapeComment(value: unknown): string {
  return plainText(value).replace(/[^\p{L}\p{N} ]/gu, '');
}

/** The text that replaces a value of `hx-trigger` with other characters than words. No event has this name. */
const BLOCKED = 'blocked';

/**
 * Escapes a value in htmx's `hx-trigger`, a list of events with modifiers: names of events, selectors by class or id,
 * times. A condition in brackets behind an event is run as code, so any other value is replaced.
 */
export function escapeWords(value: unknown): string {
  const text = plainText(value);
  return /^[\w .:#,-]*$/.test(text) ? escapeString(text) : BLOCKED;
}
