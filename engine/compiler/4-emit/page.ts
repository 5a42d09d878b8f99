// A page's overlay → a function body that returns a factory: `(kit, …modules) => function page(scope, ARGS, around)`.
// The page's lines keep their numbers: what the compiler adds stands on lines that are there.

import type { Overlay } from '../1-scan/overlay.ts';
import { isOutput, type OutputSegment, type Segment, type TextSegment } from '../1-scan/segments.ts';
import type { Analysis } from '../3-analyse/index.ts';
import type { Piece } from '../facts.ts';
import type { RewrittenImports } from '../imports.ts';
import { applyEdits, type Edit, lineBreaksOf } from './edits.ts';
import { InternalNames } from './internal-names.ts';
import { prologue, resultOf } from './prologue.ts';

/** A page's parts, as the emitter takes them. */
export interface EmitInput {
  readonly source: string;
  readonly erased: string;
  readonly segments: readonly Segment[];
  readonly overlay: Overlay;
  readonly analysis: Analysis;
  readonly imports: RewrittenImports;
}

export function emitPage(input: EmitInput): { code: string; pieces: Piece[] } {
  const names = new InternalNames(input.source);
  const result = resultOf(input.analysis, names);
  const end = input.erased.length;
  const edits = [
    { start: 0, end: 0, text: prologue(input.analysis, input.imports, names) },
    ...input.imports.edits,
    ...returnEdits(input.analysis, result),
    ...outputEdits(input, names),
    { start: end, end, text: `;return ${result}}})` },
  ];
  return applyEdits(input.erased, edits);
}

/** `return x` on the page's level evaluates x and gives what was printed. */
function returnEdits(analysis: Analysis, result: string): Edit[] {
  return analysis.returns.flatMap((node): Edit[] => {
    const behind = node.start + 'return'.length;
    if (!node.argument) return [{ start: behind, end: behind, text: ` ${result}` }];
    const { end } = node.argument;
    return [
      { start: behind, end: behind, text: ' (void (' },
      { start: end, end, text: `),${result})` },
    ];
  });
}

/** Texts and outputs, run by run. */
function outputEdits(input: EmitInput, names: InternalNames): Edit[] {
  return runs(input.segments, input.overlay).flatMap((run) => runEdits(run, input, names));
}

/** Neighbouring segments without code between them; texts that print nothing are left out. */
function runs(segments: readonly Segment[], overlay: Overlay): Segment[][] {
  const result: Segment[][] = [[]];
  for (const segment of segments) {
    if (segment.kind === 'code') result.push([]);
    else if (segment.kind !== 'text' || overlay.printed.has(segment)) result.at(-1)?.push(segment);
  }
  return result.filter((run) => run.length > 0);
}

function runEdits(run: readonly Segment[], input: EmitInput, names: InternalNames): Edit[] {
  const separate = mayPrint(run, input.analysis);
  const edits: Edit[] = [];
  let begun = false;
  for (const segment of run) {
    if (segment.kind === 'text') edits.push(textEdit(segment, separate, begun, input, names));
    else if (isOutput(segment)) edits.push(...outputEdit(segment, separate, begun, names));
    else edits.push({ start: segment.start, end: segment.end, text: lineBreaks(input.erased, segment) });
    begun ||= segment.kind !== 'comment';
  }
  const end = run.at(-1)?.end ?? 0;
  if (begun && !separate) edits.push({ start: end, end, text: ';' });
  return edits;
}

/** Whether an expression of the run may print by itself. */
function mayPrint(run: readonly Segment[], analysis: Analysis): boolean {
  const start = run[0]?.start ?? 0;
  const end = run.at(-1)?.end ?? 0;
  return analysis.printing.anywhere || analysis.printing.at.some((offset) => offset >= start && offset < end);
}

function textEdit(
  text: TextSegment,
  separate: boolean,
  begun: boolean,
  input: EmitInput,
  names: InternalNames,
): Edit {
  const literal = stringLiteral(text.value) + lineBreaks(input.erased, text);
  const code = separate ? `${names.out}+=${literal};` : `${begun ? '+' : `${names.out}+=`}${literal}`;
  return { start: text.start, end: text.end, text: code };
}

function outputEdit(
  output: OutputSegment,
  separate: boolean,
  begun: boolean,
  names: InternalNames,
): [Edit, Edit] {
  const convert = output.kind === 'raw' ? names.plain : names.text;
  const target = separate ? `${names.value}=` : begun ? '+' : `${names.out}+=`;
  const behind = separate ? `));${names.out}+=${names.value};` : '))';
  return [
    { start: output.start, end: output.innerStart, text: `${target}${convert}((` },
    { start: output.innerEnd, end: output.end, text: behind },
  ];
}

function lineBreaks(erased: string, segment: Segment): string {
  return lineBreaksOf(erased.slice(segment.start, segment.end));
}

function stringLiteral(text: string): string {
  return JSON.stringify(text)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}
