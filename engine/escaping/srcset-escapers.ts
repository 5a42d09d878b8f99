// Escapers of values in srcset (WHATWG HTML, "parsing a srcset attribute"): a whole list, one URL of it, a part of a
// URL, a descriptor.

import { plainText } from './text-escaper.ts';
import { SafeUrl } from './trusted-text.ts';
import {
  escapeUrlPath,
  escapeUrlSlash,
  filteredUrl,
  percentEncoded,
  withAmpersandReferences,
} from './url-escapers.ts';

/**
 * Escapes a whole list: the URL of each candidate is filtered, and only valid descriptors are kept. A blank that no
 * descriptor follows is part of the URL, as in a value that is one URL. A trusted text is one URL.
 */
export function escapeSrcset(value: unknown): string {
  if (value instanceof SafeUrl) return escapeSrcsetUrl(value);
  return candidatesOf(plainText(value)).map(candidate).join(', ');
}

/** The candidates of a list. A comma ends a candidate if a blank stands beside it or a descriptor before it. */
function candidatesOf(list: string): string[] {
  const candidates: string[] = [];
  let at = 0;
  while (at < list.length) {
    const end = endOfCandidate(list, at);
    const text = trimmed(list, at, end);
    if (text !== '') candidates.push(text);
    at = end;
  }
  return candidates;
}

/** A URL ends at a blank, or at commas before a blank; the descriptors behind it end at a comma. */
function endOfCandidate(list: string, start: number): number {
  let at = start;
  while (at < list.length && isSeparator(list.charAt(at))) at++;
  while (at < list.length && !isBlank(list.charAt(at))) at++;
  if (list.charAt(at - 1) === ',') return at;
  const comma = list.indexOf(',', at);
  return comma === -1 ? list.length : comma;
}

function trimmed(list: string, from: number, until: number): string {
  let [start, end] = [from, until];
  while (start < end && isSeparator(list.charAt(start))) start++;
  while (start < end && isSeparator(list.charAt(end - 1))) end--;
  return list.slice(start, end);
}

function isSeparator(character: string): boolean {
  return character === ',' || isBlank(character);
}

function isBlank(character: string): boolean {
  return /[\t\n\f\r ]/.test(character);
}

function candidate(text: string): string {
  const words = text.split(/[\t\n\f\r ]/);
  const url = [words.shift() ?? ''];
  const descriptors: string[] = [];
  for (const word of words.filter((part) => part !== '')) {
    if (IS_LIKE_DESCRIPTOR.test(word)) descriptors.push(word);
    else url.push(...descriptors.splice(0), word);
  }
  const sizes = descriptors.join(' ');
  return escapeSrcsetUrl(url.join(' ')) + (ARE_DESCRIPTORS.test(sizes) ? ` ${sizes}` : '');
}

const ARE_DESCRIPTORS = /^(?:\d+(?:\.\d+)?[wxh]|\d+w \d+h|\d+h \d+w)$/;
/** A word such as `2x;` is probably a mistyped descriptor and is left out. */
const IS_LIKE_DESCRIPTOR = /^[\d.]+[wxh]\W*$/;

/** Escapes one URL behind static text. */
export function escapeSrcsetUrl(value: unknown): string {
  return withoutSigns(withAmpersandReferences(filteredUrl(value)));
}

/** Escapes a part of the path of one URL. */
export function escapeSrcsetPath(value: unknown): string {
  return withoutSigns(escapeUrlPath(value));
}

/** The same behind the slash that begins a URL. */
export function escapeSrcsetSlash(value: unknown): string {
  return withoutSigns(escapeUrlSlash(value));
}

/** Escapes the number or the unit of a descriptor. Any other value becomes ''. */
export function escapeSrcsetDescriptor(value: unknown): string {
  const text = plainText(value).trim();
  return /^[\d.]*[wxh]?$/.test(text) ? text : '';
}

/** A comma could end the URL, and a parenthesis could group commas. */
function withoutSigns(url: string): string {
  return url.replace(/[,()]/g, percentEncoded);
}
