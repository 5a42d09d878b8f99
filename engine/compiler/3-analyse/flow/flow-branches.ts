// Transfer functions for `if` and `switch`: every branch begins in the state of the statement, and their exit states
// are joined.

import type { IfStatement, SwitchStatement } from 'acorn';
import { type FlowState, joinStates, type MaybeState } from './flow-state.ts';
import { type FlowFrame, fixpointState, type Interpreter, type JumpTarget, noteCode } from './interpreter.ts';

export function ifStatement(
  interpreter: Interpreter,
  node: IfStatement,
  state: FlowState,
  frame: FlowFrame,
): MaybeState {
  const inside = { ...frame, labels: [] };
  const tested = noteCode(interpreter, node, fixpointState(interpreter, [node.test], state, inside), inside);
  const yes = interpreter.statement(node.consequent, tested, inside);
  const no = node.alternate ? interpreter.statement(node.alternate, tested, inside) : tested;
  return joinStates(yes, no, (a, b) => interpreter.problems.differ('branches-differ', node, a, b));
}

/** A case begins in the state of the switch, joined with the end of the case before it, which may fall through. */
export function switchStatement(
  interpreter: Interpreter,
  node: SwitchStatement,
  state: FlowState,
  frame: FlowFrame,
): MaybeState {
  const differ = (a: FlowState, b: FlowState) => interpreter.problems.differ('branches-differ', node, a, b);
  const tests = node.cases.map(({ test }) => test);
  const tested = noteCode(
    interpreter,
    node,
    fixpointState(interpreter, [node.discriminant, ...tests], state, frame),
    frame,
  );
  const target: JumpTarget = {
    labels: frame.labels,
    kind: 'switch',
    breaks: [],
    continues: [],
    nextStep: undefined,
  };
  const inside = { ...frame, labels: [], jumpTargets: [...frame.jumpTargets, target] };
  let reached: MaybeState;
  for (const { consequent } of node.cases)
    reached = interpreter.statements(consequent, joinStates(tested, reached, differ), inside);
  const hasDefault = tests.includes(null);
  const ends = [hasDefault ? undefined : tested, ...target.breaks];
  return ends.reduce((sum: MaybeState, end) => joinStates(sum, end, differ), reached);
}
