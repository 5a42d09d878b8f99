// Finds expressions that may print while they are evaluated. The compiled page must compute their value before it reads
// the output: `out += 'a' + f()` would lose the output of `f`.

import type { Node } from 'acorn';
import { anchorOf, outputStart } from '../1-scan/overlay.ts';
import { isOutput, type Segment } from '../1-scan/segments.ts';
import type { Use } from '../scopes.ts';
import type { Survey } from './survey.ts';

/** The parts of a page, besides its own texts and outputs, that may print. */
export interface Printing {
  /** Whether a function of the page prints: any expression may call it. */
  readonly anywhere: boolean;
  /** The offsets at which the page's own level names `print` or `Include`, in order. */
  readonly at: readonly number[];
}

/** @param floats whether an included page may print while another expression waits */
export function findPrinting(
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
    (segment) => segment.kind !== 'comment' && segment.kind !== 'code' && inFunction(segmentOffset(segment)),
  );
  const escapes = uses.some((use) => inFunction(use.start) || !survey.calls.has(use.start));
  const at = uses.map((use) => use.start).sort((a, b) => a - b);
  return { anywhere: emits || escapes || floats, at };
}

/** The last of the outermost functions, which do not overlap, that begins at or before an offset. */
function lastBefore(functions: readonly Node[], offset: number): Node | undefined {
  return functions[countUntil(functions.length, (index) => (functions[index]?.start ?? 0) <= offset) - 1];
}

/** Whether one of these sorted offsets lies from `start` up to `end`. */
export function someWithin(offsets: readonly number[], start: number, end: number): boolean {
  const before = countUntil(offsets.length, (index) => (offsets[index] ?? 0) < start);
  return (offsets[before] ?? end) < end;
}

/** The number of the first indexes for which `holds` is true (binary search). */
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

function segmentOffset(segment: Segment): number {
  if (isOutput(segment)) return outputStart(segment);
  return segment.kind === 'text' ? anchorOf(segment) : segment.start;
}
