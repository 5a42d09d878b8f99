// Edits of a source → code, with the pieces of the source that stand in it. How every phase says what it changes.

import type { Piece } from '../facts.ts';

/** Puts `text` in the place of the characters from `start` up to `end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The offset at which an error in `text` is reported; without it, that is where the piece before it ends. */
  readonly at?: number;
}

/**
 * Applies edits that do not overlap. Those at the same offset stay in the given order, insertions before a
 * replacement that begins there.
 */
export function applyEdits(source: string, edits: readonly Edit[]): { code: string; pieces: Piece[] } {
  const pieces: Piece[] = [];
  let code = '';
  let done = 0;
  for (const { start, end, text, at } of edits.toSorted(inOrder)) {
    if (start < done) throw new RangeError(`edits overlap at offset ${start}`);
    if (start > done) pieces.push({ generated: code.length, source: done, length: start - done });
    code += source.slice(done, start);
    if (at !== undefined) pieces.push({ generated: code.length, source: at, length: 0 });
    code += text;
    done = end;
  }
  if (source.length > done)
    pieces.push({ generated: code.length, source: done, length: source.length - done });
  return { code: code + source.slice(done), pieces };
}

/** The line breaks of a text, so that what replaces it keeps the lines. */
export function lineBreaksOf(text: string): string {
  return text.replace(/[^\n\r\u2028\u2029]+/g, '');
}

function inOrder(a: Edit, b: Edit): number {
  return a.start - b.start || Number(a.end > a.start) - Number(b.end > b.start);
}
