// Transfer functions for loops. The entry state of the body covers the state before the loop, the end of the body and
// every `continue`. It is widened to a fixpoint, which takes a few iterations at most.

import type {
  AnyNode,
  DoWhileStatement,
  Expression,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  WhileStatement,
} from 'acorn';
import { joinContexts } from '../../../escaping/join-contexts.ts';
import { suspension } from './flow-expressions.ts';
import { contextKey, type FlowState, joinStates, type MaybeState, sameState } from './flow-state.ts';
import {
  type FlowFrame,
  fixpointState,
  type Interpreter,
  type JumpTarget,
  noteCode,
  noteCodeAtEnd,
} from './interpreter.ts';

type Loop = WhileStatement | DoWhileStatement | ForStatement | ForInStatement | ForOfStatement;

/** The exit states of one analysis of a loop: at the start of the next iteration, and behind the loop. */
interface Iteration {
  readonly next: MaybeState;
  readonly exit: MaybeState;
}

export function whileStatement(
  interpreter: Interpreter,
  node: WhileStatement,
  state: FlowState,
  frame: FlowFrame,
): MaybeState {
  return loopFixpoint(interpreter, node, state, frame, (start, inside, target) => {
    const tested = noteTest(interpreter, node.test, start, inside);
    const next = withContinues(interpreter, node, interpreter.statement(node.body, tested, inside), target);
    return { next, exit: isAlwaysTrue(node.test) ? undefined : tested };
  });
}

export function doWhileStatement(
  interpreter: Interpreter,
  node: DoWhileStatement,
  state: FlowState,
  frame: FlowFrame,
): MaybeState {
  return loopFixpoint(interpreter, node, state, frame, (start, inside, target) => {
    const end = withContinues(interpreter, node, interpreter.statement(node.body, start, inside), target);
    const tested = end && noteTest(interpreter, node.test, end, inside);
    return { next: tested, exit: isAlwaysTrue(node.test) ? undefined : tested };
  });
}

export function forStatement(
  interpreter: Interpreter,
  node: ForStatement,
  state: FlowState,
  frame: FlowFrame,
): MaybeState {
  const before = noteCode(interpreter, node, fixpointState(interpreter, [node.init], state, frame), frame);
  return loopFixpoint(interpreter, node, before, frame, (start, inside, target) => {
    const tested = node.test ? noteTest(interpreter, node.test, start, inside) : start;
    const end = withContinues(interpreter, node, interpreter.statement(node.body, tested, inside), target);
    const next = end && node.update ? noteTest(interpreter, node.update, end, inside) : end;
    return { next, exit: node.test ? tested : undefined };
  });
}

export function forInOrOfStatement(
  interpreter: Interpreter,
  node: ForInStatement | ForOfStatement,
  state: FlowState,
  frame: FlowFrame,
): MaybeState {
  const before = noteCode(interpreter, node, fixpointState(interpreter, [node.right], state, frame), frame);
  return loopFixpoint(interpreter, node, before, frame, (start, inside, target) => {
    const stepped = fixpointState(interpreter, [node.left], start, inside);
    if (node.type === 'ForOfStatement' && node.await) suspension(interpreter, node, stepped.context, inside);
    const end = interpreter.statement(node.body, stepped, inside);
    const next = withContinues(interpreter, node, end, target);
    return { next: noteCodeAtEnd(interpreter, node.body, next, inside), exit: stepped };
  });
}

/** Analyses the loop until its entry state covers the state at the start of every iteration. */
function loopFixpoint(
  interpreter: Interpreter,
  node: Loop,
  before: FlowState,
  frame: FlowFrame,
  iterate: (start: FlowState, inside: FlowFrame, target: JumpTarget) => Iteration,
): MaybeState {
  let start = earlierEntry(interpreter, node, before);
  for (;;) {
    const target: JumpTarget = {
      labels: frame.labels,
      kind: 'loop',
      breaks: [],
      continues: [],
      nextStep: contextKey(start.context),
    };
    const inside = { ...frame, labels: [], jumpTargets: [...frame.jumpTargets, target] };
    const { next, exit } = iterate(start, inside, target);
    const widened =
      joinStates(start, next, (a, b) => interpreter.problems.differ('loop-differs', node, a, b)) ?? start;
    if (sameState(widened, start)) return withBreaks(interpreter, node, exit, target);
    start = widened;
    interpreter.loops.set(node, start);
  }
}

/**
 * The entry state to begin with. The result of an earlier analysis of the same loop still holds, because contexts
 * only widen.
 */
function earlierEntry(interpreter: Interpreter, node: Loop, before: FlowState): FlowState {
  const earlier = interpreter.loops.get(node);
  if (earlier === undefined || joinContexts(before.context, earlier.context) === undefined) return before;
  return (
    joinStates(before, earlier, (a) => interpreter.problems.differ('loop-differs', node, a, a)) ?? before
  );
}

function withContinues(
  interpreter: Interpreter,
  node: Loop,
  end: MaybeState,
  target: JumpTarget,
): MaybeState {
  return target.continues.reduce(
    (sum: MaybeState, jump) =>
      joinStates(sum, jump, (a, b) => interpreter.problems.differ('loop-differs', node, a, b)),
    end,
  );
}

function withBreaks(interpreter: Interpreter, node: Loop, exit: MaybeState, target: JumpTarget): MaybeState {
  return target.breaks.reduce(
    (sum: MaybeState, jump) =>
      joinStates(sum, jump, (a, b) => interpreter.problems.differ('branches-differ', node, a, b)),
    exit,
  );
}

/** Notes that a test or an update of a loop runs. */
function noteTest(interpreter: Interpreter, node: Expression, state: FlowState, frame: FlowFrame): FlowState {
  return noteCode(interpreter, node, fixpointState(interpreter, [node], state, frame), frame);
}

function isAlwaysTrue(node: AnyNode): boolean {
  return node.type === 'Literal' && node.value === true;
}
