// The overlay of a page → a function body that returns a factory: `(kit, …modules) => function page(scope, ARGS,
// around)`. The lines of the page keep their numbers, because no added code contains a line break.

import type { Program } from 'acorn';
import type { Overlay } from '../1-scan/overlay.ts';
import type { Segment } from '../1-scan/segments.ts';
import type { Analysis } from '../3-analyse/index.ts';
import type { Piece } from '../facts.ts';
import type { RewrittenImports } from '../rewrite-imports.ts';
import { writtenNames } from '../written-names.ts';
import { applyEdits, type Edit } from './edits.ts';
import { FlowCode } from './flow-code.ts';
import { flowEdits } from './flow-edits.ts';
import { InternalNames } from './internal-names.ts';
import { runEdits } from './output-runs.ts';
import { prologue, resultOf } from './prologue.ts';

/** The parts of a page that the emitter needs. */
export interface EmitInput {
  readonly source: string;
  readonly erased: string;
  readonly segments: readonly Segment[];
  readonly overlay: Overlay;
  readonly tree: Program;
  readonly analysis: Analysis;
  readonly imports: RewrittenImports;
}

export function emitPage(input: EmitInput): { code: string; pieces: Piece[] } {
  const { erased, analysis, imports } = input;
  const names = new InternalNames(writtenNames(input.source, input.tree));
  const code = new FlowCode(analysis.flow, names, analysis.forms);
  const result = resultOf(analysis, code);
  const end = erased.length;
  const body = [
    ...flowEdits(erased, input.tree, analysis.flow, code),
    ...imports.edits,
    ...returnEdits(erased, analysis, result),
    ...runEdits({ ...input, ...analysis }, code),
    { start: end, end, text: `;return ${result}}})` },
  ];
  return applyEdits(erased, [{ start: 0, end: 0, text: prologue(analysis, imports, code) }, ...body]);
}

/** `return x` on the page's level evaluates x and returns the output. */
function returnEdits(erased: string, analysis: Analysis, result: string): Edit[] {
  return analysis.returns.flatMap((node): Edit[] => {
    const behind = node.start + 'return'.length;
    if (!node.argument) return [{ start: behind, end: behind, text: ` ${result}` }];
    // The end of the statement, not of its argument, which may stand in parentheses.
    const end = erased[node.end - 1] === ';' ? node.end - 1 : node.end;
    return [
      { start: behind, end: behind, text: ' (void (' },
      { start: end, end, text: `),${result})` },
    ];
  });
}
