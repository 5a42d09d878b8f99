// Values in the URLs of attributes, by the part of the URL (WHATWG URL). All give attribute text: nothing in it ends the
// attribute or begins a reference.

import { plainText } from './text-escaper.ts';
import { SafeUrl } from './trusted-text.ts';

/** What is printed instead of a URL whose scheme could run a script. */
const BLOCKED = '#blocked';

/** At the start of a URL: a whole URL with a harmless scheme or a relative one. */
export function escapeUrl(value: unknown): string {
  return withReferences(filtered(value, noScheme));
}

/** The same where an image is shown: it may be in the URL itself. */
export function escapeImageUrl(value: unknown): string {
  return withReferences(filtered(value, isImage));
}

/** Part of a path; slashes stay. */
export function escapeUrlPath(value: unknown): string {
  return withReferences(urlPath(plainText(value)));
}

/** Directly behind the slash that a URL begins with: a second one would name a host. */
export function escapeUrlSlash(value: unknown): string {
  return escapeUrlPath(value).replace(/^\//, '%2F');
}

/** One component: a field's value in the query, the fragment. */
export function escapeUrlComponent(value: unknown): string {
  return urlComponent(plainText(value));
}

/** Behind `mailto:`, `tel:`, `sms:`: as a component, with the two signs that addresses have. */
export function escapeUrlOpaque(value: unknown): string {
  return urlComponent(plainText(value)).replace(/%40/g, '@').replace(/%2B/g, '+');
}

/** In a `data:` URL behind `base64,`. */
export function escapeUrlBase64(value: unknown): string {
  return urlComponent(plainText(value)).replace(/%2B/g, '+').replace(/%2F/g, '/').replace(/%3D/g, '=');
}

/** A URL as it may begin, or the blocked one; `other` says which schemes are harmless besides. */
export function filtered(value: unknown, other: (url: string) => boolean = noScheme): string {
  const text = plainText(value);
  // Most URLs of a page need nothing: the test spares them three replacements (100 ns of 160).
  if (/^[\w/?#.=~-]*$/.test(text)) return text;
  if (/^[/?#.]/.test(text)) return normalized(text);
  const url = asParsed(text);
  return value instanceof SafeUrl || hasHarmlessScheme(url) || other(url) ? normalized(url) : BLOCKED;
}

/** As URL parsers read it: without blanks and controls at the ends, tabs and line breaks. */
function asParsed(text: string): string {
  let start = 0;
  let end = text.length;
  // Not by a regular expression: `[\0-\x20]+$` takes quadratic time on a long run of blanks.
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end).replace(/[\t\n\r]/g, '');
}

/**
 * Every colon before the path must follow an allowed scheme that begins here: what is printed may stand behind another
 * value, so that `javascript` and `:a()` must not become one URL.
 */
function hasHarmlessScheme(url: string): boolean {
  const head = /^[^/?#]*/.exec(url)?.[0] ?? '';
  return !head.replace(/^(?:https?|mailto|tel|sms):/i, '').includes(':');
}

function isImage(url: string): boolean {
  return /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[\w+/=%-]*$/i.test(url);
}

function noScheme(): boolean {
  return false;
}

/** What ends an attribute or a part of one, percent-encoded; what is encoded already stays. */
function normalized(url: string): string {
  return url.replace(/[\0-\x20"'<>`\x7f]/g, percent);
}

/** Text for a path: what would begin another part or be decoded is encoded. */
export function urlPath(text: string): string {
  return /^[\w/.~-]*$/.test(text) ? text : text.replace(/[\0-\x20"#%'()<>?\\`\x7f]/g, percent);
}

/** encodeURIComponent, which neither knows lone surrogates nor encodes all signs. */
export function urlComponent(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text;
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(/['()*!]/g, percent);
}

/** One ASCII character, percent-encoded. */
export function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Of what ends an attribute or begins a reference in it, only this is left in a URL. */
export function withReferences(url: string): string {
  return url.includes('&') ? url.replace(/&/g, '&amp;') : url;
}
