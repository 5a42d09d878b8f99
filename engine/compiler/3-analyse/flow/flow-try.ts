// try: an exception may leave the block anywhere. A catch begins where its try did, because what was printed since the
// last time that the block was there is cut off (Guard); where no code runs outside of that context, nothing is cut.

import type { TryStatement } from 'acorn';
import { describeContext } from '../../../escaping/context.ts';
import { Guard } from './flow-notes.ts';
import { meet, placeOf, type Reached, type State } from './flow-state.ts';
import { type Frame, runningAtEnd, type Walk } from './interpreter.ts';

export function attempt(walk: Walk, node: TryStatement, state: State, frame: Frame): Reached {
  const entry = placeOf(state.context);
  const finishes = node.finalizer ? walk.emits.loud.has(node.finalizer) : false;
  const block = new Guard(entry, frame.guards);
  const handler = finishes && node.handler ? new Guard(entry, frame.guards) : undefined;
  walk.notes.tries.set(node, { block, handler, finishes });
  const around: Frame = finishes
    ? { ...frame, labels: [], finishes: [...frame.finishes, finishOf(state, frame)] }
    : { ...frame, labels: [] };
  const caught: State = { ...state, at: entry };
  const ends = [
    walk.statement(node.block, state, guarded(around, block)),
    handled(walk, node, caught, handler ? guarded(around, handler) : around),
  ] as const;
  if (!node.finalizer) return met(walk, node, ends);
  const known = settled(walk, node, ends, around);
  return finishes ? finished(walk, node, caught, known, frame) : met(walk, node, known);
}

function finishOf(state: State, frame: Frame) {
  return { entry: state.context, depth: frame.targets.length };
}

function guarded(frame: Frame, guard: Guard): Frame {
  return { ...frame, guards: [...frame.guards, guard] };
}

function handled(walk: Walk, { handler }: TryStatement, caught: State, frame: Frame): Reached {
  if (!handler) return undefined;
  if (handler.param && walk.emits.loud.has(handler.param))
    walk.expression(handler.param, caught.context, { ...frame, isBound: true });
  return walk.statement(handler.body, caught, frame);
}

function met(walk: Walk, node: TryStatement, [a, b]: readonly [Reached, Reached]): Reached {
  return meet(a, b, (one, other) => walk.problems.differ('branches-differ', node, one, other));
}

/** Both ends, with their place known to the code of a `finally`, which runs next. */
function settled(
  walk: Walk,
  node: TryStatement,
  [a, b]: readonly [Reached, Reached],
  frame: Frame,
): readonly [Reached, Reached] {
  const block = runningAtEnd(walk, node.block, a, frame);
  return [block, node.handler ? runningAtEnd(walk, node.handler.body, b, frame) : b];
}

/** A `finally` that does is entered, on every way, in the context in which the try began, and ends there. */
function finished(
  walk: Walk,
  node: TryStatement,
  start: State,
  ends: readonly [Reached, Reached],
  frame: Frame,
): Reached {
  for (const end of ends) if (end) checkSame(walk, node, start, end);
  const end = node.finalizer ? walk.statement(node.finalizer, start, frame) : start;
  if (end) checkSame(walk, node, start, end);
  return ends.every((reached) => reached === undefined) ? undefined : end;
}

function checkSame(walk: Walk, node: TryStatement, start: State, end: State): void {
  if (placeOf(start.context) === placeOf(end.context)) return;
  const params = { one: describeContext(start.context), other: walk.problems.described(end) };
  throw walk.problems.problem('finally-differs', node.start, params);
}
