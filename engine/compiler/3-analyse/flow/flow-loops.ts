// Loops: the context of the body's start holds before the loop, at the end of the body and at every `continue`. It is
// widened until it does, which takes at most a few looks.

import type {
  AnyNode,
  DoWhileStatement,
  Expression,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  WhileStatement,
} from 'acorn';
import { join } from '../../../escaping/join-contexts.ts';
import { suspension } from './flow-expressions.ts';
import { isSame, meet, placeOf, type Reached, type State } from './flow-state.ts';
import { code, type Frame, running, runningAtEnd, type Target, type Walk } from './interpreter.ts';

type Loop = WhileStatement | DoWhileStatement | ForStatement | ForInStatement | ForOfStatement;

/** One round: from its start to the next one's start, and where the loop may be left. */
interface Round {
  readonly next: Reached;
  readonly left: Reached;
}

export function whileTrue(walk: Walk, node: WhileStatement, state: State, frame: Frame): Reached {
  return rounds(walk, node, state, frame, (start, inside, target) => {
    const tested = test(walk, node.test, start, inside);
    const next = continued(walk, node, walk.statement(node.body, tested, inside), target);
    return { next, left: isAlwaysTrue(node.test) ? undefined : tested };
  });
}

export function untilFalse(walk: Walk, node: DoWhileStatement, state: State, frame: Frame): Reached {
  return rounds(walk, node, state, frame, (start, inside, target) => {
    const end = continued(walk, node, walk.statement(node.body, start, inside), target);
    const tested = end && test(walk, node.test, end, inside);
    return { next: tested, left: isAlwaysTrue(node.test) ? undefined : tested };
  });
}

export function forSteps(walk: Walk, node: ForStatement, state: State, frame: Frame): Reached {
  const before = running(walk, node, code(walk, [node.init], state, frame), frame);
  return rounds(walk, node, before, frame, (start, inside, target) => {
    const tested = node.test ? test(walk, node.test, start, inside) : start;
    const end = continued(walk, node, walk.statement(node.body, tested, inside), target);
    const next = end && node.update ? test(walk, node.update, end, inside) : end;
    return { next, left: node.test ? tested : undefined };
  });
}

export function forEach(
  walk: Walk,
  node: ForInStatement | ForOfStatement,
  state: State,
  frame: Frame,
): Reached {
  const before = running(walk, node, code(walk, [node.right], state, frame), frame);
  return rounds(walk, node, before, frame, (start, inside, target) => {
    const stepped = code(walk, [node.left], start, inside);
    if (node.type === 'ForOfStatement' && node.await) suspension(walk, node, stepped.context, inside);
    const end = walk.statement(node.body, stepped, inside);
    const next = continued(walk, node, end, target);
    return { next: runningAtEnd(walk, node.body, next, inside), left: stepped };
  });
}

/** Looks at the loop until the state at its start is the one at the start of every round. */
function rounds(
  walk: Walk,
  node: Loop,
  before: State,
  frame: Frame,
  round: (start: State, inside: Frame, target: Target) => Round,
): Reached {
  let start = known(walk, node, before);
  for (;;) {
    const target: Target = {
      labels: frame.labels,
      kind: 'loop',
      breaks: [],
      continues: [],
      step: placeOf(start.context),
    };
    const inside = { ...frame, labels: [], targets: [...frame.targets, target] };
    const { next, left } = round(start, inside, target);
    const widened = meet(start, next, (a, b) => walk.problems.differ('loop-differs', node, a, b)) ?? start;
    if (isSame(widened, start)) return exits(walk, node, left, target);
    start = widened;
    walk.loops.set(node, start);
  }
}

/** What an earlier look found holds still: contexts only widen. */
function known(walk: Walk, node: Loop, before: State): State {
  const earlier = walk.loops.get(node);
  if (earlier === undefined || join(before.context, earlier.context) === undefined) return before;
  return meet(before, earlier, (a) => walk.problems.differ('loop-differs', node, a, a)) ?? before;
}

function continued(walk: Walk, node: Loop, end: Reached, target: Target): Reached {
  return target.continues.reduce(
    (sum: Reached, jump) => meet(sum, jump, (a, b) => walk.problems.differ('loop-differs', node, a, b)),
    end,
  );
}

function exits(walk: Walk, node: Loop, left: Reached, target: Target): Reached {
  return target.breaks.reduce(
    (sum: Reached, jump) => meet(sum, jump, (a, b) => walk.problems.differ('branches-differ', node, a, b)),
    left,
  );
}

/** A test or an update of a loop. */
function test(walk: Walk, node: Expression, state: State, frame: Frame): State {
  return running(walk, node, code(walk, [node], state, frame), frame);
}

function isAlwaysTrue(node: AnyNode): boolean {
  return node.type === 'Literal' && node.value === true;
}
