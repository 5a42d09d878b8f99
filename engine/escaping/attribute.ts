// Values in attributes and in elements that hold text only: all that could end one becomes references, in either quote,
// and `<` too, as a browser with scripts reads the inside of noscript as text.

import { SafeAttribute } from './safe.ts';
import { escapeString, plainText } from './text.ts';

/** The value as text for textarea, title and the like: markup is text there. */
export function escapeRcdata(value: unknown): string {
  if (typeof value === 'string') return escapeString(value);
  if (typeof value === 'number') return String(value);
  return escapeString(plainText(value));
}

/** The value of a plain attribute: what a browser reads back is the value itself. */
export function escapeAttribute(value: unknown): string {
  if (typeof value === 'string') return escapeString(value);
  if (typeof value === 'number') return String(value);
  if (value instanceof SafeAttribute) return withoutEnds(String(value));
  return escapeString(plainText(value));
}

/** References are trusted, but nothing may end the attribute. */
function withoutEnds(source: string): string {
  return source.replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&#34;').replace(/'/g, '&#39;');
}
