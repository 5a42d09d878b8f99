// Refuses pages whose tags and syntax do not go together: HTML behind an `if` without braces,
// an export.

import type { Lines } from '../../diagnostics/position.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { anchorOf, outputStart } from '../1-scan/overlay.ts';
import { isOutput, type Segment } from '../1-scan/segments.ts';
import type { Survey } from './survey.ts';

/** @throws Problem `braceless-body`, `export-in-page` */
export function checkShape(segments: readonly Segment[], found: Survey, file: string, lines: Lines): void {
  const refuse = (offset: number, code: 'braceless-body' | 'export-in-page', keyword = '') => {
    throw new Problem(code, { file, ...lines.at(offset), params: { keyword } });
  };
  const ends = delimiterPositions(segments);
  for (const { keyword, body, owner } of found.bracelessBodies) {
    if (ends.has(body.start)) refuse(owner.start, 'braceless-body', keyword);
  }
  for (const node of found.exports) refuse(node.start, 'export-in-page');
}

/** Where the overlay has statements of its own: they may not be a body. */
function delimiterPositions(segments: readonly Segment[]): Set<number> {
  const positions = new Set<number>();
  for (const segment of segments) {
    if (segment.kind === 'code') positions.add(segment.innerEnd + 1);
    else if (isOutput(segment)) positions.add(outputStart(segment));
    else if (segment.kind === 'text') positions.add(anchorOf(segment));
  }
  return positions;
}
