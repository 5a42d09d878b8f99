// Rules of guards (`_before.pih`, docs/guards.md). A guard runs before a page, whose output is the response, so it prints
// nothing and has no layout.

import type { Lines } from '../../diagnostics/position.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { isOutput, type Segment } from '../1-scan/segments.ts';
import type { PageName } from '../page-name-table.ts';
import { type FreeNames, usesOf } from './free-names.ts';
import type { Survey } from './survey.ts';

/** A guard as its rules need it. */
export interface GuardSource {
  readonly source: string;
  readonly file: string;
  readonly segments: readonly Segment[];
  readonly survey: Survey;
  readonly free: FreeNames;
}

/** The page names that print, or that only a page which prints has a use for. */
const PRINTING = [
  'print',
  'Include',
  'Layout',
  'Section',
  'CONTENT',
  'SECTION',
] as const satisfies readonly PageName[];

interface Printing {
  readonly what: string;
  readonly offset: number;
}

/** @throws Problem `before-prints`, `before-empty` */
export function checkGuard(guard: GuardSource, lines: Lines): void {
  const { file, segments } = guard;
  const [first] = [...printedSegments(guard), ...printingUses(guard)].sort((a, b) => a.offset - b.offset);
  if (first !== undefined)
    throw new Problem('before-prints', { file, ...lines.at(first.offset), params: { what: first.what } });
  // A file that is being written is empty for a moment. It must not let everyone pass.
  if (!segments.some(({ kind }) => kind === 'code'))
    throw new Problem('before-empty', { file, line: 1, column: 1 });
}

function printedSegments({ segments, source }: GuardSource): Printing[] {
  return segments.flatMap((segment) => {
    if (isOutput(segment)) return [{ what: 'an output', offset: segment.start }];
    if (segment.kind !== 'text') return [];
    const at = source.slice(segment.start, segment.end).search(/\S/);
    return at === -1 ? [] : [{ what: 'text', offset: segment.start + at }];
  });
}

function printingUses({ free, survey }: GuardSource): Printing[] {
  const named = PRINTING.flatMap((name) =>
    usesOf(name, free).map(({ start }) => ({ what: name, offset: start })),
  );
  const flushes = usesOf('RESPONSE', free).filter(({ start }) => survey.members.get(start) === 'flush');
  return [...named, ...flushes.map(({ start }) => ({ what: 'RESPONSE.flush()', offset: start }))];
}
