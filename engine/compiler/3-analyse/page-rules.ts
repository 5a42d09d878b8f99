// Rules that the syntax of a page must keep beside those of JavaScript. Each function throws the Problem of the first
// violation.

import type { Lines } from '../../diagnostics/position.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { anchorOf, outputStart } from '../1-scan/overlay.ts';
import { isOutput, type Segment } from '../1-scan/segments.ts';
import { PAGE_NAMES, type PageName } from '../page-name-table.ts';
import { type FreeNames, usesOf } from './free-names.ts';
import type { Survey } from './survey.ts';

/** @throws Problem `braceless-body` for HTML or a tag's end as the body of a statement without braces */
export function checkBodies(segments: readonly Segment[], survey: Survey, file: string, lines: Lines): void {
  const starts = overlayStatements(segments);
  for (const { keyword, body, owner } of survey.bracelessBodies) {
    if (!starts.has(body.start)) continue;
    throw new Problem('braceless-body', { file, ...lines.at(owner.start), params: { keyword } });
  }
}

/** The offsets of the statements that the overlay adds for texts, outputs and ends of tags. */
function overlayStatements(segments: readonly Segment[]): Set<number> {
  const offsets = new Set<number>();
  for (const segment of segments) {
    if (segment.kind === 'code') offsets.add(segment.innerEnd + 1);
    else if (isOutput(segment)) offsets.add(outputStart(segment));
    else if (segment.kind === 'text') offsets.add(anchorOf(segment));
  }
  return offsets;
}

/** @throws Problem `export-in-page` */
export function checkExports({ exports: [first] }: Survey, file: string, lines: Lines): void {
  if (first === undefined) return;
  throw new Problem('export-in-page', { file, ...lines.at(first.start) });
}

/** @throws Problem `once-not-awaited` */
export function checkOnce(free: FreeNames, { calls, awaited }: Survey, file: string, lines: Lines): void {
  for (const { start } of usesOf('Once', free)) {
    const call = calls.get(start);
    if (call !== undefined && !awaited.has(call))
      throw new Problem('once-not-awaited', { file, ...lines.at(start) });
  }
}

/**
 * A page may assign its `_fields`, which are ordinary variables, but no page name.
 * @throws Problem `assigned-name`
 */
export function checkAssignments(free: FreeNames, file: string, lines: Lines): void {
  for (const name of PAGE_NAMES) {
    const assigned = usesOf(name, free).find((use) => use.assigned);
    if (assigned !== undefined)
      throw new Problem('assigned-name', { file, ...lines.at(assigned.start), params: { name } });
  }
}

/** The names that make markup or trust it. */
const MARKUP_NAMES = ['html', 'raw', 'safe'] as const satisfies readonly PageName[];

/**
 * A text page prints values as they are, so these names have no meaning in it.
 * @throws Problem `markup-in-text`
 */
export function checkTextNames(free: FreeNames, file: string, lines: Lines): void {
  const uses = MARKUP_NAMES.flatMap((name) => usesOf(name, free).map(({ start }) => ({ name, start })));
  const first = uses.reduce<(typeof uses)[number] | undefined>(
    (found, use) => (found === undefined || use.start < found.start ? use : found),
    undefined,
  );
  if (first === undefined) return;
  throw new Problem('markup-in-text', { file, ...lines.at(first.start), params: { name: first.name } });
}
