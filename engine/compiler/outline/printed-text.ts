// Texts as a page prints them, and the places of their characters in its source: `<%%`, an escape or a line break of Windows is longer
// in the source than what it prints.

import type { TemplateElement } from 'acorn';
import type { TextSegment } from '../1-scan/segments.ts';
import type { OutlinedPage } from './outlined-source.ts';
import type { PrintedText, TextShift } from './printed-piece.ts';

/** A text of a page. */
export function pageText({ value, innerStart, innerEnd }: TextSegment, page: OutlinedPage): PrintedText {
  const written = page.source.slice(innerStart, innerEnd);
  const shifts = shiftsIn(written, value, /<%%|%%>/g, () => 2);
  return { kind: 'text', text: value, page, start: innerStart, shifts };
}

/** A text of a template literal. */
export function templateText({ value, start, end }: TemplateElement, page: OutlinedPage): PrintedText {
  const text = value.cooked ?? value.raw;
  const shifts = shiftsIn(page.source.slice(start, end), text, ESCAPE, lengthOfEscape);
  return { kind: 'text', text, page, start, shifts, isInCode: true };
}

/** The offset in the source for an offset in a text. */
export function sourceOffset({ start, shifts }: PrintedText, at: number): number {
  return start + at + (shifts.findLast((shift) => shift.at <= at)?.by ?? 0);
}

/** Whether a `<` of a text is written `<%%`. */
export function isEscapedTag({ page, isInCode }: PrintedText, offset: number): boolean {
  return isInCode !== true && page.source.startsWith('<%%', offset);
}

/** An escape or a line break in a template literal (ECMA-262, 12.9.6). */
const ESCAPE = /\\(?:u\{[\da-fA-F]+\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|\r\n|[\s\S])|\r\n/g;

function lengthOfEscape(written: string): number {
  if (written.startsWith('\\u{')) return Number.parseInt(written.slice(3), 16) > 0xffff ? 2 : 1;
  return /^\\[\r\n\u2028\u2029]/.test(written) ? 0 : 1;
}

function shiftsIn(
  written: string,
  printed: string,
  tokens: RegExp,
  lengthOf: (token: string) => number,
): readonly TextShift[] {
  if (written.length === printed.length) return [];
  let by = 0;
  return Array.from(written.matchAll(tokens), ({ 0: token, index }) => {
    const at = index - by + lengthOf(token);
    by += token.length - lengthOf(token);
    return { at, by };
  });
}
