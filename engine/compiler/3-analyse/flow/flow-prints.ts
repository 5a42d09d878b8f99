// The context over what prints: a text, an output, `print` by name, the static parts of an html template.

import type { AnyNode, ExpressionStatement, TaggedTemplateExpression } from 'acorn';
import { type Context, describeContext, TEXT } from '../../../escaping/context.ts';
import { type EscaperName, escaperFor } from '../../../escaping/escaper-for.ts';
import { join } from '../../../escaping/join-contexts.ts';
import { afterOutput, afterText, atOutput, beforeOutput, mayEndHere } from '../../../escaping/transition.ts';
import type { OutputSegment, TextSegment } from '../../1-scan/segments.ts';
import { placeOf, type State } from './flow-state.ts';
import { code, type Frame, running, type Walk } from './interpreter.ts';

/** @throws Problem for HTML that hides where an output stands */
export function text(walk: Walk, segment: TextSegment, state: State, frame: Frame): State {
  const { context, printed, problem } = afterText(state.context, segment.value);
  if (problem !== undefined) {
    const params = { place: describeContext(state.context) };
    throw walk.problems.problem(problem.code, walk.problems.offsetIn(segment, problem.offset), params);
  }
  walk.notes.texts.set(segment, { context: state.context, after: context, printed, guards: frame.guards });
  if (placeOf(context) === TEXT) return { context, at: state.at, opened: undefined };
  return { context, at: state.at, opened: { text: segment, from: state.context, earlier: state.opened } };
}

/** @throws Problem where no value can be safe */
export function output(
  walk: Walk,
  segment: OutputSegment,
  node: ExpressionStatement,
  state: State,
  frame: Frame,
): State {
  const before = running(walk, node, code(walk, [node.expression], state, frame), frame);
  const { context } = before;
  const isRaw = segment.kind === 'raw';
  const escaper = isRaw ? 'plain' : escaperAt(walk, context, segment.start, walk.emits.behind.get(segment));
  const after = isRaw ? context : afterOutput(context);
  const point = walk.notes.points.get(node);
  walk.notes.points.delete(node);
  if (point !== undefined) {
    const printed = isRaw ? '' : beforeOutput(context);
    walk.notes.outputs.set(segment, { escaper, before: printed, context, after, point });
  }
  return { context: after, at: before.at, opened: before.opened };
}

function escaperAt(walk: Walk, context: Context, offset: number, behind?: string): EscaperName {
  const escaper = escaperFor(atOutput(context), behind);
  if (typeof escaper === 'string') return escaper;
  throw walk.problems.problem(escaper.refused, offset, { place: describeContext(context) });
}

/** `print(…)` as a statement is an output of its place. */
export function printStatement(
  walk: Walk,
  node: ExpressionStatement,
  offset: number,
  values: readonly AnyNode[],
  state: State,
  frame: Frame,
): State {
  const before = running(walk, node, code(walk, values, state, frame), frame);
  const after = notePrint(walk, offset, before.context, frame, undefined);
  return { ...before, context: after };
}

/** `print` inside other code: what it prints must begin and end in one context. */
export function printInside(
  walk: Walk,
  offset: number,
  isCalled: boolean,
  context: Context,
  frame: Frame,
): Context {
  const bound = isCalled && !frame.isBound ? undefined : placeOf(context);
  const after = notePrint(walk, offset, context, frame, bound);
  const joined = join(context, after);
  if (joined !== undefined) return joined;
  const params = { one: describeContext(context), other: describeContext(after) };
  throw walk.problems.problem('print-differs', offset, params);
}

function notePrint(
  walk: Walk,
  offset: number,
  context: Context,
  { guards }: Frame,
  bound: Context | undefined,
): Context {
  const escaper = escaperAt(walk, context, offset);
  const after = afterOutput(context);
  walk.notes.prints.set(offset, { escaper, before: beforeOutput(context), bound, context, after, guards });
  return after;
}

/** An html template is markup of its own: it begins and ends in element text. The escapers are found at run time. */
export function template(walk: Walk, { quasi }: TaggedTemplateExpression): void {
  let context = TEXT;
  for (const part of quasi.quasis) {
    const next = afterText(context, part.value.cooked ?? '');
    if (next.problem !== undefined)
      throw walk.problems.problem(next.problem.code, part.start, { place: describeContext(context) });
    context = next.context;
    if (part.tail) break;
    escaperAt(walk, context, part.end);
    context = afterOutput(context);
  }
  if (mayEndHere(context)) return;
  throw walk.problems.problem('template-unfinished', quasi.start, { place: describeContext(context) });
}
