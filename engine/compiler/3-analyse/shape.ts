// Refuses pages whose tags and syntax do not go together: an output that is no single expression, HTML behind an
// `if` without braces, an export.

import type { Lines } from '../../diagnostics/position.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { outputEnd, outputStart } from '../1-scan/overlay.ts';
import { isOutput, type Segment } from '../1-scan/segments.ts';
import type { Survey } from './survey.ts';

/** @throws Problem `output-expression`, `braceless-body`, `export-in-page` */
export function checkShape(segments: readonly Segment[], found: Survey, file: string, lines: Lines): void {
  const refuse = (offset: number, code: 'output-expression' | 'braceless-body' | 'export-in-page', keyword = '') => {
    throw new Problem(code, { file, ...lines.at(offset), holes: { keyword } });
  };
  for (const segment of segments) {
    if (isOutput(segment) && found.statements.get(outputStart(segment)) !== outputEnd(segment)) {
      refuse(segment.start, 'output-expression');
    }
  }
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
    else if (segment.kind === 'text') positions.add(segment.end);
  }
  return positions;
}
