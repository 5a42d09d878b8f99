// Transfer functions for statements: state before → state behind. Branches, loops, jumps, try and printing have their
// own files.

import type { AnyNode, ExpressionStatement, LabeledStatement } from 'acorn';
import { ifStatement, switchStatement } from './flow-branches.ts';
import { jumpStatement } from './flow-jumps.ts';
import { doWhileStatement, forInOrOfStatement, forStatement, whileStatement } from './flow-loops.ts';
import { outputStatement, printStatement, textStatement } from './flow-prints.ts';
import { type FlowState, joinStates, type MaybeState } from './flow-state.ts';
import { tryStatement } from './flow-try.ts';
import { type FlowFrame, fixpointState, type Interpreter, type JumpTarget, noteCode } from './interpreter.ts';

export function interpretStatements(
  interpreter: Interpreter,
  nodes: readonly AnyNode[],
  state: MaybeState,
  frame: FlowFrame,
): MaybeState {
  let reached = state;
  for (const node of nodes) reached = interpreter.statement(node, reached, frame);
  return reached;
}

export function interpretStatement(
  interpreter: Interpreter,
  node: AnyNode,
  state: MaybeState,
  frame: FlowFrame,
): MaybeState {
  if (state === undefined) return hoisted(interpreter, node, frame);
  if (!interpreter.nodes.affectsOutput.has(node))
    return WITHOUT_CODE.has(node.type) ? state : noteCode(interpreter, node, state, frame);
  switch (node.type) {
    case 'EmptyStatement': {
      const segment = interpreter.nodes.texts.get(node.start);
      return segment === undefined ? state : textStatement(interpreter, segment, state, frame);
    }
    case 'ExpressionStatement':
      return expressionStatement(interpreter, node, state, frame);
    case 'BlockStatement':
      return interpreter.statements(node.body, state, { ...frame, labels: [] });
    case 'FunctionDeclaration':
      return fixpointState(interpreter, [node], state, frame);
    case 'IfStatement':
      return ifStatement(interpreter, node, state, frame);
    case 'SwitchStatement':
      return switchStatement(interpreter, node, state, frame);
    case 'LabeledStatement':
      return labeledStatement(interpreter, node, state, frame);
    case 'WhileStatement':
      return whileStatement(interpreter, node, state, frame);
    case 'DoWhileStatement':
      return doWhileStatement(interpreter, node, state, frame);
    case 'ForStatement':
      return forStatement(interpreter, node, state, frame);
    case 'ForInStatement':
    case 'ForOfStatement':
      return forInOrOfStatement(interpreter, node, state, frame);
    case 'TryStatement':
      return tryStatement(interpreter, node, state, frame);
    case 'ReturnStatement':
    case 'ThrowStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return jumpStatement(interpreter, node, state, frame);
    default:
      return noteCode(interpreter, node, fixpointState(interpreter, [node], state, frame), frame);
  }
}

/** Statements that do not run code at their position. */
const WITHOUT_CODE: ReadonlySet<string> = new Set([
  'EmptyStatement',
  'FunctionDeclaration',
  'ImportDeclaration',
]);

/** Function declarations in unreachable code are still hoisted, so their bodies are analysed. */
function hoisted(interpreter: Interpreter, node: AnyNode, frame: FlowFrame): MaybeState {
  if (node.type === 'FunctionDeclaration' && interpreter.nodes.affectsOutput.has(node))
    interpreter.expression(node, frame.entry, frame);
  return undefined;
}

function expressionStatement(
  interpreter: Interpreter,
  node: ExpressionStatement,
  state: FlowState,
  frame: FlowFrame,
): FlowState {
  const segment = interpreter.nodes.outputs.get(node.start);
  if (segment !== undefined) return outputStatement(interpreter, segment, node, state, frame);
  const { expression } = node;
  if (
    expression.type === 'CallExpression' &&
    interpreter.nodes.names.get(expression.callee.start) === 'print'
  )
    return printStatement(interpreter, node, expression.callee.start, expression.arguments, state, frame);
  return noteCode(interpreter, node, fixpointState(interpreter, [node.expression], state, frame), frame);
}

const LOOPS: ReadonlySet<string> = new Set([
  'WhileStatement',
  'DoWhileStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
]);

function labeledStatement(
  interpreter: Interpreter,
  node: LabeledStatement,
  state: FlowState,
  frame: FlowFrame,
): MaybeState {
  const labels = [...frame.labels, node.label.name];
  if (LOOPS.has(node.body.type) || node.body.type === 'LabeledStatement')
    return interpreter.statement(node.body, state, { ...frame, labels });
  const target: JumpTarget = { labels, kind: 'block', breaks: [], continues: [], nextStep: undefined };
  const inside = { ...frame, labels: [], jumpTargets: [...frame.jumpTargets, target] };
  return target.breaks.reduce(
    (reached: MaybeState, jump) =>
      joinStates(reached, jump, (a, b) => interpreter.problems.differ('branches-differ', node, a, b)),
    interpreter.statement(node.body, state, inside),
  );
}
