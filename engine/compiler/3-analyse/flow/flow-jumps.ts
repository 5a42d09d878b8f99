// Transfer functions for `return`, `throw`, `break` and `continue`: they pass the current state on to the target of the
// jump.

import type { BreakStatement, ContinueStatement, Node, ReturnStatement, ThrowStatement } from 'acorn';
import { type Context, describeContext } from '../../../escaping/context.ts';
import { joinContexts } from '../../../escaping/join-contexts.ts';
import { contextKey, type FlowState, isElementText, type MaybeState } from './flow-state.ts';
import { type FlowFrame, fixpointState, type Interpreter, type JumpTarget, noteCode } from './interpreter.ts';

type Jump = ReturnStatement | ThrowStatement | BreakStatement | ContinueStatement;

/** The code behind a jump is unreachable. */
export function jumpStatement(
  interpreter: Interpreter,
  node: Jump,
  state: FlowState,
  frame: FlowFrame,
): MaybeState {
  if (node.type === 'ThrowStatement')
    noteCode(interpreter, node, fixpointState(interpreter, [node.argument], state, frame), frame);
  else if (node.type === 'ReturnStatement') returnStatement(interpreter, node, state, frame);
  else breakOrContinue(interpreter, node, state, frame);
  return undefined;
}

function returnStatement(
  interpreter: Interpreter,
  node: ReturnStatement,
  state: FlowState,
  frame: FlowFrame,
): void {
  const here = noteCode(interpreter, node, fixpointState(interpreter, [node.argument], state, frame), frame);
  checkFinallyBlocks(interpreter, node, here, frame, -1);
  if (frame.kind === 'page' && !isElementText(here.context))
    throw interpreter.problems.problem('return-inside', node.start, {
      place: interpreter.problems.described(here),
    });
  if (frame.kind !== 'function') return;
  if (joinContexts(frame.entry, here.context) === undefined) {
    const params = { one: describeContext(frame.entry), other: interpreter.problems.described(here) };
    throw interpreter.problems.problem('function-differs', node.start, params);
  }
  frame.exits.push(here);
  noteJumpBack(interpreter, node, here, contextKey(frame.entry));
}

function breakOrContinue(
  interpreter: Interpreter,
  node: BreakStatement | ContinueStatement,
  state: FlowState,
  frame: FlowFrame,
): void {
  const here = noteCode(interpreter, node, state, frame);
  const index = frame.jumpTargets.findLastIndex((target) => isTargetOf(target, node));
  const target = frame.jumpTargets[index];
  if (target === undefined) return;
  checkFinallyBlocks(interpreter, node, here, frame, index);
  if (node.type === 'BreakStatement') target.breaks.push(here);
  else target.continues.push(target.nextStep === undefined ? here : { ...here, tracked: target.nextStep });
  if (node.type === 'ContinueStatement' && target.nextStep !== undefined)
    noteJumpBack(interpreter, node, here, target.nextStep);
}

function isTargetOf({ labels, kind }: JumpTarget, node: BreakStatement | ContinueStatement): boolean {
  if (node.label) return labels.includes(node.label.name);
  return kind === 'loop' || (kind === 'switch' && node.type === 'BreakStatement');
}

/**
 * Notes a jump to code in another context. The emitter must set the tracked context before the jump, because no
 * statement follows.
 */
function noteJumpBack(interpreter: Interpreter, node: Node, here: FlowState, key: Context): void {
  if (contextKey(here.context) === key) interpreter.notes.jumpsBack.delete(node);
  else interpreter.notes.jumpsBack.set(node, key);
}

/** A jump enters each `finally` block that prints, and must do so in the context in which its `try` began. */
function checkFinallyBlocks(
  interpreter: Interpreter,
  node: Jump,
  { context, opened, tracked }: FlowState,
  frame: FlowFrame,
  to: number,
): void {
  const finish = frame.finallyBlocks.find(
    ({ entry, depth }) => depth > to && contextKey(context) !== contextKey(entry),
  );
  if (finish === undefined) return;
  const params = {
    one: describeContext(finish.entry),
    other: interpreter.problems.described({ context, opened, tracked }),
  };
  throw interpreter.problems.problem('finally-differs', node.start, params);
}
