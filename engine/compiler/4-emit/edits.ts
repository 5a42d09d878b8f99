// Applies edits to a source and records which ranges of the source stand in the result. All phases describe changes as
// edits.

import type { Piece } from '../facts.ts';

/** Replaces the characters from `start` up to `end` by `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The offset to which errors in `text` are attributed; without it, the end of the piece before. */
  readonly at?: number;
}

/**
 * Applies edits that do not overlap. Edits at one offset keep the given order, but insertions come before a
 * replacement.
 * @throws RangeError for edits that overlap
 */
export function applyEdits(source: string, edits: readonly Edit[]): { code: string; pieces: Piece[] } {
  const pieces: Piece[] = [];
  let code = '';
  let done = 0;
  for (const { start, end, text, at } of edits.toSorted(byPosition)) {
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

/** The line breaks of a text, for replacements that keep the lines. */
export function lineBreaksOf(text: string): string {
  return text.replace(/[^\n\r\u2028\u2029]+/g, '');
}

function byPosition(a: Edit, b: Edit): number {
  return a.start - b.start || Number(a.end > a.start) - Number(b.end > b.start);
}
