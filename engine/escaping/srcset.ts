// Values in srcset (WHATWG HTML, "parsing a srcset attribute"): a whole list, one URL of it, part of one, a descriptor.

import { plainText } from './text.ts';
import { escapeUrlPath, escapeUrlSlash, filtered, percent, withReferences } from './url.ts';

/** A whole list: the URL of each candidate is filtered, and descriptors must be ones. */
export function escapeSrcset(value: unknown): string {
  const text = plainText(value);
  const candidates: string[] = [];
  const read = /[\t\n\f\r ,]*([^\t\n\f\r ]+)/y;
  for (let match = read.exec(text); match !== null; match = read.exec(text)) {
    const url = withoutCommas(match[1] ?? '');
    if (url === '') continue;
    // A comma at its end ends the candidate; otherwise a descriptor may follow, up to the next comma.
    const descriptor = url === match[1] ? descriptorAt(text, read.lastIndex) : '';
    read.lastIndex += descriptor.length;
    candidates.push(candidate(url, descriptor.trim()));
  }
  return candidates.join(', ');
}

function descriptorAt(text: string, start: number): string {
  const comma = text.indexOf(',', start);
  return text.slice(start, comma === -1 ? text.length : comma);
}

function withoutCommas(url: string): string {
  let end = url.length;
  while (url.charAt(end - 1) === ',') end--;
  return url.slice(0, end);
}

function candidate(url: string, descriptor: string): string {
  const size = /^\d+(?:\.\d+)?[wxh]$/.test(descriptor) ? ` ${descriptor}` : '';
  return escapeSrcsetUrl(url) + size;
}

/** One URL, behind static text. */
export function escapeSrcsetUrl(value: unknown): string {
  return withoutSigns(withReferences(filtered(value)));
}

/** Part of the path of one URL. */
export function escapeSrcsetPath(value: unknown): string {
  return withoutSigns(escapeUrlPath(value));
}

/** The same behind the slash that a URL begins with. */
export function escapeSrcsetSlash(value: unknown): string {
  return withoutSigns(escapeUrlSlash(value));
}

/** The number or the sign of a descriptor; anything else is nothing. */
export function escapeSrcsetDescriptor(value: unknown): string {
  const text = plainText(value).trim();
  return /^[\d.]*[wxh]?$/.test(text) ? text : '';
}

/** A comma could end the URL, a parenthesis hold commas together. */
function withoutSigns(url: string): string {
  return url.replace(/[,()]/g, percent);
}
