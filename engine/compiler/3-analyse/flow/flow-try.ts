// Transfer functions for `try`. An exception may leave the block at any point, but a catch block begins in the context
// in which its `try` began: the output since the block left that context is rolled back (RollbackGuard).

import type { TryStatement } from 'acorn';
import { describeContext } from '../../../escaping/context.ts';
import { RollbackGuard } from './flow-notes.ts';
import { contextKey, type FlowState, joinStates, type MaybeState } from './flow-state.ts';
import { type FlowFrame, type Interpreter, noteCodeAtEnd } from './interpreter.ts';

export function tryStatement(
  interpreter: Interpreter,
  node: TryStatement,
  state: FlowState,
  frame: FlowFrame,
): MaybeState {
  const entry = contextKey(state.context);
  const finallyAffectsOutput = node.finalizer ? interpreter.nodes.affectsOutput.has(node.finalizer) : false;
  const block = new RollbackGuard(entry, frame.guards);
  const handler = finallyAffectsOutput && node.handler ? new RollbackGuard(entry, frame.guards) : undefined;
  interpreter.notes.tries.set(node, { block, handler, finallyAffectsOutput });
  const around: FlowFrame = finallyAffectsOutput
    ? { ...frame, labels: [], finallyBlocks: [...frame.finallyBlocks, finallyEntry(state, frame)] }
    : { ...frame, labels: [] };
  const caught: FlowState = { ...state, tracked: entry };
  const ends = [
    interpreter.statement(node.block, state, withGuard(around, block)),
    catchClause(interpreter, node, caught, handler ? withGuard(around, handler) : around),
  ] as const;
  if (!node.finalizer) return joinEnds(interpreter, node, ends);
  const known = endsBeforeFinally(interpreter, node, ends, around);
  return finallyAffectsOutput
    ? finallyBlock(interpreter, node, caught, known, frame)
    : joinEnds(interpreter, node, known);
}

function finallyEntry(state: FlowState, frame: FlowFrame) {
  return { entry: state.context, depth: frame.jumpTargets.length };
}

function withGuard(frame: FlowFrame, guard: RollbackGuard): FlowFrame {
  return { ...frame, guards: [...frame.guards, guard] };
}

function catchClause(
  interpreter: Interpreter,
  { handler }: TryStatement,
  caught: FlowState,
  frame: FlowFrame,
): MaybeState {
  if (!handler) return undefined;
  if (handler.param && interpreter.nodes.affectsOutput.has(handler.param))
    interpreter.expression(handler.param, caught.context, { ...frame, isDeferred: true });
  return interpreter.statement(handler.body, caught, frame);
}

function joinEnds(
  interpreter: Interpreter,
  node: TryStatement,
  [a, b]: readonly [MaybeState, MaybeState],
): MaybeState {
  return joinStates(a, b, (one, other) => interpreter.problems.differ('branches-differ', node, one, other));
}

/**
 * The end states of block and handler. The tracked context is set at both ends, because the code of the `finally`
 * block runs next.
 */
function endsBeforeFinally(
  interpreter: Interpreter,
  node: TryStatement,
  [a, b]: readonly [MaybeState, MaybeState],
  frame: FlowFrame,
): readonly [MaybeState, MaybeState] {
  const block = noteCodeAtEnd(interpreter, node.block, a, frame);
  return [block, node.handler ? noteCodeAtEnd(interpreter, node.handler.body, b, frame) : b];
}

/**
 * A `finally` block that affects the output is entered in the context in which the `try` began, on every way, and
 * ends there.
 */
function finallyBlock(
  interpreter: Interpreter,
  node: TryStatement,
  start: FlowState,
  ends: readonly [MaybeState, MaybeState],
  frame: FlowFrame,
): MaybeState {
  for (const end of ends) if (end) checkFinallyContext(interpreter, node, start, end);
  const end = node.finalizer ? interpreter.statement(node.finalizer, start, frame) : start;
  if (end) checkFinallyContext(interpreter, node, start, end);
  return ends.every((reached) => reached === undefined) ? undefined : end;
}

function checkFinallyContext(
  interpreter: Interpreter,
  node: TryStatement,
  start: FlowState,
  end: FlowState,
): void {
  if (contextKey(start.context) === contextKey(end.context)) return;
  const params = { one: describeContext(start.context), other: interpreter.problems.described(end) };
  throw interpreter.problems.problem('finally-differs', node.start, params);
}
