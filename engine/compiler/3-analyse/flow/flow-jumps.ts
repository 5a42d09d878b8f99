// return, throw, break and continue: where they lead, and that they lead there in a context that fits.

import type { BreakStatement, ContinueStatement, Node, ReturnStatement, ThrowStatement } from 'acorn';
import { describeContext } from '../../../escaping/context.ts';
import { join } from '../../../escaping/join-contexts.ts';
import { isElementText, placeOf, type Reached, type State } from './flow-state.ts';
import { code, type Frame, running, type Target, type Walk } from './interpreter.ts';

type Jump = ReturnStatement | ThrowStatement | BreakStatement | ContinueStatement;

/** Nothing is reached behind a jump. */
export function leave(walk: Walk, node: Jump, state: State, frame: Frame): Reached {
  if (node.type === 'ThrowStatement') running(walk, node, code(walk, [node.argument], state, frame), frame);
  else if (node.type === 'ReturnStatement') returns(walk, node, state, frame);
  else jumps(walk, node, state, frame);
  return undefined;
}

function returns(walk: Walk, node: ReturnStatement, state: State, frame: Frame): void {
  const here = running(walk, node, code(walk, [node.argument], state, frame), frame);
  checkFinishes(walk, node, here, frame, -1);
  if (frame.kind === 'page' && !isElementText(here.context))
    throw walk.problems.problem('return-inside', node.start, { place: walk.problems.described(here) });
  if (frame.kind !== 'function') return;
  if (join(frame.entry, here.context) === undefined) {
    const params = { one: describeContext(frame.entry), other: walk.problems.described(here) };
    throw walk.problems.problem('function-differs', node.start, params);
  }
  frame.exits.push(here);
  backTo(walk, node, here, placeOf(frame.entry));
}

function jumps(walk: Walk, node: BreakStatement | ContinueStatement, state: State, frame: Frame): void {
  const here = running(walk, node, state, frame);
  const index = frame.targets.findLastIndex((target) => isMeant(target, node));
  const target = frame.targets[index];
  if (target === undefined) return;
  checkFinishes(walk, node, here, frame, index);
  if (node.type === 'BreakStatement') target.breaks.push(here);
  else target.continues.push(target.step === undefined ? here : { ...here, at: target.step });
  if (node.type === 'ContinueStatement' && target.step !== undefined) backTo(walk, node, here, target.step);
}

function isMeant({ labels, kind }: Target, node: BreakStatement | ContinueStatement): boolean {
  if (node.label) return labels.includes(node.label.name);
  return kind === 'loop' || (kind === 'switch' && node.type === 'BreakStatement');
}

/** Code of another place runs next, without a statement of the page before it. */
function backTo(walk: Walk, node: Node, here: State, place: ReturnType<typeof placeOf>): void {
  if (placeOf(here.context) === place) walk.notes.returns.delete(node);
  else walk.notes.returns.set(node, place);
}

/** A `finally` that prints is entered where its try began, by jumps too. */
function checkFinishes(
  walk: Walk,
  node: Jump,
  { context, opened, at }: State,
  frame: Frame,
  to: number,
): void {
  const finish = frame.finishes.find(({ entry, depth }) => depth > to && placeOf(context) !== placeOf(entry));
  if (finish === undefined) return;
  const params = {
    one: describeContext(finish.entry),
    other: walk.problems.described({ context, opened, at }),
  };
  throw walk.problems.problem('finally-differs', node.start, params);
}
