// Which expressions of a page may themselves print while they are evaluated. Where one may, the compiler computes the
// value before it reads the output so far; `out += 'a' + f()` would lose what `f` prints.

import type { Node } from 'acorn';
import { anchorOf, outputStart } from '../1-scan/overlay.ts';
import { isOutput, type Segment } from '../1-scan/segments.ts';
import type { Use } from '../scopes.ts';
import type { Survey } from './survey.ts';

/** Where printing may happen besides the page's own texts and outputs. */
export interface Printing {
  /** Some function of the page prints: it may be called from any expression. */
  readonly anywhere: boolean;
  /** Offsets at which the page's own level names print or Include, in order. */
  readonly at: readonly number[];
}

/** @param floats an included page may print while another expression waits */
export function printing(
  uses: readonly Use[],
  segments: readonly Segment[],
  survey: Survey,
  floats: boolean,
): Printing {
  const functions = survey.functions.toSorted((a, b) => a.start - b.start);
  const inFunction = (offset: number) => {
    const node = lastBefore(functions, offset);
    return node !== undefined && offset < node.end;
  };
  const emits = segments.some(
    (segment) => segment.kind !== 'comment' && segment.kind !== 'code' && inFunction(placeOf(segment)),
  );
  const escapes = uses.some((use) => inFunction(use.start) || !survey.calls.has(use.start));
  const at = uses.map((use) => use.start).sort((a, b) => a - b);
  return { anywhere: emits || escapes || floats, at };
}

/** The last of the outermost functions, which lie one behind the other, that begins at or before an offset. */
function lastBefore(functions: readonly Node[], offset: number): Node | undefined {
  return functions[countUntil(functions.length, (index) => (functions[index]?.start ?? 0) <= offset) - 1];
}

/** Whether one of these sorted offsets lies from `start` up to `end`. */
export function someWithin(offsets: readonly number[], start: number, end: number): boolean {
  const before = countUntil(offsets.length, (index) => (offsets[index] ?? 0) < start);
  return (offsets[before] ?? end) < end;
}

/** How many of the first `length` indexes hold, where all that hold come first. */
function countUntil(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function placeOf(segment: Segment): number {
  if (isOutput(segment)) return outputStart(segment);
  return segment.kind === 'text' ? anchorOf(segment) : segment.start;
}
