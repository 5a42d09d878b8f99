// Texts and outputs → `out += …`. Neighbours without code between them are one run and become one expression, unless
// one of them may print by itself or needs statements around it.

import type { Overlay } from '../1-scan/overlay.ts';
import { isOutput, type OutputSegment, type Segment, type TextSegment } from '../1-scan/segments.ts';
import type { OutputNote } from '../3-analyse/flow/flow-notes.ts';
import type { Flow } from '../3-analyse/flow/index.ts';
import { type Printing, someWithin } from '../3-analyse/printing.ts';
import { type Edit, lineBreaksOf } from './edits.ts';
import type { FlowCode } from './flow-code.ts';
import { textLiteral } from './text-literal.ts';
import { textPieces } from './text-pieces.ts';

/** The parts of a page that its runs are made from. */
export interface OutputRunInput {
  readonly erased: string;
  readonly segments: readonly Segment[];
  readonly overlay: Overlay;
  readonly printing: Printing;
  readonly flow: Flow;
}

/** A run while its edits are made. */
interface OutputRun {
  readonly input: OutputRunInput;
  readonly code: FlowCode;
  /** Whether each part of the run becomes a statement of its own. */
  readonly isSeparate: boolean;
  hasBegun: boolean;
}

export function runEdits(input: OutputRunInput, code: FlowCode): Edit[] {
  return runs(input.segments, input.overlay).flatMap((segments) => editsOf(segments, input, code));
}

/** Neighbouring segments without code between them. Texts that print nothing are left out. */
function runs(segments: readonly Segment[], overlay: Overlay): Segment[][] {
  const result: Segment[][] = [[]];
  for (const segment of segments) {
    if (segment.kind === 'code') result.push([]);
    else if (segment.kind !== 'text' || overlay.printed.has(segment)) result.at(-1)?.push(segment);
  }
  return result.filter((run) => run.length > 0);
}

function editsOf(segments: readonly Segment[], input: OutputRunInput, code: FlowCode): Edit[] {
  const isSeparate = mayPrint(segments, input) || segments.some((segment) => isMarked(segment, input, code));
  const run: OutputRun = { input, code, isSeparate, hasBegun: false };
  const edits: Edit[] = [];
  for (const segment of segments) {
    if (segment.kind === 'text') edits.push(textEdit(segment, run));
    else if (isOutput(segment)) edits.push(...outputEdits(segment, run));
    else edits.push({ start: segment.start, end: segment.end, text: lineBreaks(run, segment) });
    run.hasBegun ||= segment.kind !== 'comment';
  }
  const end = segments.at(-1)?.end ?? 0;
  if (run.hasBegun && !isSeparate) edits.push({ start: end, end, text: ';' });
  return edits;
}

/** Whether an expression of the run may print by itself. */
function mayPrint(run: readonly Segment[], { printing }: OutputRunInput): boolean {
  const start = run[0]?.start ?? 0;
  const end = run.at(-1)?.end ?? 0;
  return printing.anywhere || someWithin(printing.at, start, end);
}

/** Whether a segment needs statements besides its expression. */
function isMarked(segment: Segment, { flow }: OutputRunInput, code: FlowCode): boolean {
  if (segment.kind === 'text') return textPieces(segment, flow.notes.texts.get(segment), code).length > 1;
  const note = isOutput(segment) ? flow.notes.outputs.get(segment) : undefined;
  if (note === undefined) return false;
  const { left, reentered } = code.crossedGuards(note.context, note.after, note.point.guards);
  return left.length + reentered.length > 0 || code.codeBefore(note.point) !== '';
}

function textEdit(text: TextSegment, run: OutputRun): Edit {
  const { out } = run.code.names;
  const pieces = textPieces(text, run.input.flow.notes.texts.get(text), run.code);
  const code = run.isSeparate
    ? pieces.map((piece) => ('code' in piece ? `${piece.code};` : `${out}+=${textLiteral(piece.text)};`))
    : pieces.map((piece) => ('code' in piece ? '' : startOf(run) + textLiteral(piece.text)));
  return { start: text.start, end: text.end, text: code.join('') + lineBreaks(run, text), at: text.start };
}

/** The operator that appends the next part of the expression. */
function startOf(run: OutputRun): string {
  return run.hasBegun ? '+' : `${run.code.names.out}+=`;
}

function outputEdits(output: OutputSegment, run: OutputRun): [Edit, Edit] {
  const note = run.input.flow.notes.outputs.get(output);
  const convert = run.code.escaper(note?.escaper ?? (output.kind === 'raw' ? 'plain' : 'text'));
  const [before, behind] = run.isSeparate
    ? separateOutput(note, convert, run.code)
    : [`${startOf(run)}${fixed(note, '+')}${convert}((`, '))'];
  return [
    { start: output.start, end: output.innerStart, text: before, at: expressionStart(output, run) },
    { start: output.innerEnd, end: output.end, text: behind },
  ];
}

/** The offset at which errors of the escaper are reported. */
function expressionStart({ innerStart, innerEnd }: OutputSegment, { input }: OutputRun): number {
  return innerStart + input.erased.slice(innerStart, innerEnd).search(/\S/);
}

/** The static text that is printed before the value. */
function fixed(note: OutputNote | undefined, plus: string): string {
  return note === undefined || note.before === '' ? '' : textLiteral(note.before) + plus;
}

/** The value is computed before the output is read, because its expression may print. */
function separateOutput(note: OutputNote | undefined, convert: string, code: FlowCode): [string, string] {
  const { outputValue: value, out } = code.names;
  const { left, reentered } = note
    ? code.crossedGuards(note.context, note.after, note.point.guards)
    : { left: [], reentered: [] };
  const first = note === undefined ? '' : code.codeBefore(note.point);
  const marks = left.map((guard) => `${code.setMark(guard)};`).join('');
  const unmarks = reentered.map((guard) => `${code.mark(guard)}=-1;`).join('');
  return [
    `${first === '' ? '' : `${first};`}${value}=${convert}((`,
    `));${marks}${out}+=${fixed(note, '+')}${value};${unmarks}`,
  ];
}

function lineBreaks({ input }: OutputRun, segment: Segment): string {
  return lineBreaksOf(input.erased.slice(segment.start, segment.end));
}
