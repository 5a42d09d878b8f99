// Which expressions of a page may themselves print while they are evaluated. Where one may, the compiler computes the
// value before it reads the output so far; `out += 'a' + f()` would lose what `f` prints.

import { anchorOf, outputStart } from '../1-scan/overlay.ts';
import { isOutput, type Segment } from '../1-scan/segments.ts';
import type { Use } from '../scopes.ts';
import type { Survey } from './survey.ts';

/** Where printing may happen besides the page's own texts and outputs. */
export interface Printing {
  /** Some function of the page prints: it may be called from any expression. */
  readonly anywhere: boolean;
  /** Offsets at which the page's own level names print or Include. */
  readonly at: readonly number[];
}

/** @param floats an included page may print while another expression waits */
export function printing(
  uses: readonly Use[],
  segments: readonly Segment[],
  found: Survey,
  floats: boolean,
): Printing {
  const inFunction = (offset: number) =>
    found.functions.some((node) => node.start <= offset && offset < node.end);
  const emits = segments.some(
    (segment) => segment.kind !== 'comment' && segment.kind !== 'code' && inFunction(placeOf(segment)),
  );
  const escapes = uses.some((use) => inFunction(use.start) || !found.calls.has(use.start));
  return { anywhere: emits || escapes || floats, at: uses.map((use) => use.start) };
}

function placeOf(segment: Segment): number {
  if (isOutput(segment)) return outputStart(segment);
  return segment.kind === 'text' ? anchorOf(segment) : segment.start;
}
