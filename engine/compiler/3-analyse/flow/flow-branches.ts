// if and switch: every branch begins where the statement does, and they meet at its end.

import type { IfStatement, SwitchStatement } from 'acorn';
import { meet, type Reached, type State } from './flow-state.ts';
import { code, type Frame, running, type Target, type Walk } from './interpreter.ts';

export function branch(walk: Walk, node: IfStatement, state: State, frame: Frame): Reached {
  const inside = { ...frame, labels: [] };
  const tested = running(walk, node, code(walk, [node.test], state, inside), inside);
  const yes = walk.statement(node.consequent, tested, inside);
  const no = node.alternate ? walk.statement(node.alternate, tested, inside) : tested;
  return meet(yes, no, (a, b) => walk.problems.differ('branches-differ', node, a, b));
}

/** A case begins where the switch does, or where the case before it falls through. */
export function cases(walk: Walk, node: SwitchStatement, state: State, frame: Frame): Reached {
  const differ = (a: State, b: State) => walk.problems.differ('branches-differ', node, a, b);
  const tests = node.cases.map(({ test }) => test);
  const tested = running(walk, node, code(walk, [node.discriminant, ...tests], state, frame), frame);
  const target: Target = {
    labels: frame.labels,
    kind: 'switch',
    breaks: [],
    continues: [],
    step: undefined,
  };
  const inside = { ...frame, labels: [], targets: [...frame.targets, target] };
  let reached: Reached;
  for (const { consequent } of node.cases)
    reached = walk.statements(consequent, meet(tested, reached, differ), inside);
  const hasDefault = tests.includes(null);
  const ends = [hasDefault ? undefined : tested, ...target.breaks];
  return ends.reduce((sum: Reached, end) => meet(sum, end, differ), reached);
}
