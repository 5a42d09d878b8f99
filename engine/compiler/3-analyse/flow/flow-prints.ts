// Transfer functions for nodes that print: a text, an output, `print` by name, and the static parts of an html
// template.

import type { AnyNode, ExpressionStatement, TaggedTemplateExpression } from 'acorn';
import { type Context, describeContext, TEXT } from '../../../escaping/context.ts';
import { escaperFor } from '../../../escaping/escaper-for.ts';
import { joinContexts } from '../../../escaping/join-contexts.ts';
import {
  afterAttributes,
  afterOutput,
  afterText,
  atAttributes,
  atOutput,
  beforeOutput,
  mayEndHere,
} from '../../../escaping/transition.ts';
import type { OutputSegment, TextSegment } from '../../1-scan/segments.ts';
import { isAttrsCall } from '../field-attributes.ts';
import type { PrintEscaper } from './flow-notes.ts';
import { contextKey, type FlowState } from './flow-state.ts';
import { type FlowFrame, fixpointState, type Interpreter, noteCode } from './interpreter.ts';

/** @throws Problem for HTML that makes the context of an output ambiguous */
export function textStatement(
  interpreter: Interpreter,
  segment: TextSegment,
  state: FlowState,
  frame: FlowFrame,
): FlowState {
  const { guards } = frame;
  if (interpreter.kind === 'text') {
    const { context } = state;
    interpreter.notes.texts.set(segment, { context, after: context, printed: segment.value, guards });
    return state;
  }
  const { context, printed, problem } = afterText(state.context, segment.value);
  if (problem !== undefined) {
    const params = { place: describeContext(state.context) };
    throw interpreter.problems.problem(
      problem.code,
      interpreter.problems.offsetIn(segment, problem.offset),
      params,
    );
  }
  interpreter.notes.texts.set(segment, {
    context: state.context,
    after: context,
    printed,
    guards,
  });
  if (contextKey(context) === TEXT) return { context, tracked: state.tracked, opened: undefined };
  return {
    context,
    tracked: state.tracked,
    opened: { text: segment, from: state.context, earlier: state.opened },
  };
}

/** @throws Problem in a context in which no value is safe */
export function outputStatement(
  interpreter: Interpreter,
  segment: OutputSegment,
  node: ExpressionStatement,
  state: FlowState,
  frame: FlowFrame,
): FlowState {
  const before = noteCode(
    interpreter,
    node,
    fixpointState(interpreter, [node.expression], state, frame),
    frame,
  );
  const { context } = before;
  if (segment.kind === 'output' && isAttrsCall(node.expression)) {
    const inTag = interpreter.kind === 'text' ? undefined : atAttributes(context);
    if (inTag !== undefined)
      return attributesOutput(interpreter, segment, node, { ...before, context: inTag });
  }
  const isRaw = segment.kind === 'raw' || interpreter.kind === 'text';
  const escaper = isRaw
    ? 'plain'
    : escaperAt(interpreter, context, segment.start, interpreter.nodes.followingText.get(segment));
  const after = isRaw ? context : afterOutput(context);
  const point = interpreter.notes.codeBefore.get(node);
  interpreter.notes.codeBefore.delete(node);
  if (point !== undefined) {
    const printed = isRaw ? '' : beforeOutput(context);
    interpreter.notes.outputs.set(segment, { escaper, before: printed, context, after, point });
  }
  return { context: after, tracked: before.tracked, opened: before.opened };
}

/** @throws Problem for a tag of an element that is no form field */
function attributesOutput(
  interpreter: Interpreter,
  segment: OutputSegment,
  node: ExpressionStatement,
  state: FlowState,
): FlowState {
  const { context } = state;
  const { fieldTags, notes, problems } = interpreter;
  const tag = fieldTags.around(segment.start);
  if (tag === undefined)
    throw problems.problem('attrs-not-here', segment.start, { place: describeContext(context) });
  const after = afterAttributes(context);
  const point = notes.codeBefore.get(node);
  notes.codeBefore.delete(node);
  if (point !== undefined) {
    const before = fieldTags.blankBefore(segment.start);
    notes.outputs.set(segment, { escaper: { tag }, before, context, after, point });
  }
  return { ...state, context: after };
}

function escaperAt(
  interpreter: Interpreter,
  context: Context,
  offset: number,
  behind?: string,
): PrintEscaper {
  if (interpreter.kind === 'text') return 'plain';
  const escaper = escaperFor(atOutput(context), behind);
  if (typeof escaper === 'string') return escaper;
  throw interpreter.problems.problem(escaper.refused, offset, { place: describeContext(context) });
}

/** `print(…)` as a statement is an output in the current context. */
export function printStatement(
  interpreter: Interpreter,
  node: ExpressionStatement,
  offset: number,
  values: readonly AnyNode[],
  state: FlowState,
  frame: FlowFrame,
): FlowState {
  const before = noteCode(interpreter, node, fixpointState(interpreter, values, state, frame), frame);
  const after = notePrint(interpreter, offset, before.context, frame, undefined);
  return { ...before, context: after };
}

/** `print` inside an expression must begin and end in one context. */
export function printExpression(
  interpreter: Interpreter,
  offset: number,
  isCalled: boolean,
  context: Context,
  frame: FlowFrame,
): Context {
  const bound = isCalled && !frame.isDeferred ? undefined : contextKey(context);
  const after = notePrint(interpreter, offset, context, frame, bound);
  const joined = joinContexts(context, after);
  if (joined !== undefined) return joined;
  const params = { one: describeContext(context), other: describeContext(after) };
  throw interpreter.problems.problem('print-differs', offset, params);
}

function notePrint(
  interpreter: Interpreter,
  offset: number,
  context: Context,
  { guards }: FlowFrame,
  bound: Context | undefined,
): Context {
  const escaper = escaperAt(interpreter, context, offset);
  const isText = interpreter.kind === 'text';
  const after = isText ? context : afterOutput(context);
  interpreter.notes.prints.set(offset, {
    escaper,
    before: isText ? '' : beforeOutput(context),
    bound,
    context,
    after,
    guards,
  });
  return after;
}

/**
 * Checks an html template. It is markup of its own: it begins and ends in element text. Its escapers are found at run
 * time.
 */
export function checkTemplate(interpreter: Interpreter, { quasi }: TaggedTemplateExpression): void {
  let context = TEXT;
  for (const part of quasi.quasis) {
    const next = afterText(context, part.value.cooked ?? '');
    if (next.problem !== undefined)
      throw interpreter.problems.problem(next.problem.code, part.start, { place: describeContext(context) });
    context = next.context;
    if (part.tail) break;
    escaperAt(interpreter, context, part.end);
    context = afterOutput(context);
  }
  if (mayEndHere(context)) return;
  throw interpreter.problems.problem('template-unfinished', quasi.start, { place: describeContext(context) });
}
