// Statements: state in, state behind out. What is short is here; what has rules of its own is in a file of its own.

import type { AnyNode, ExpressionStatement, LabeledStatement } from 'acorn';
import { branch, cases } from './flow-branches.ts';
import { leave } from './flow-jumps.ts';
import { forEach, forSteps, untilFalse, whileTrue } from './flow-loops.ts';
import { output, printStatement, text } from './flow-prints.ts';
import { meet, type Reached, type State } from './flow-state.ts';
import { attempt } from './flow-try.ts';
import { code, type Frame, running, type Target, type Walk } from './interpreter.ts';

export function statements(walk: Walk, nodes: readonly AnyNode[], state: Reached, frame: Frame): Reached {
  let reached = state;
  for (const node of nodes) reached = walk.statement(node, reached, frame);
  return reached;
}

export function statement(walk: Walk, node: AnyNode, state: Reached, frame: Frame): Reached {
  if (state === undefined) return hoisted(walk, node, frame);
  if (!walk.emits.loud.has(node)) return RUNS.has(node.type) ? state : running(walk, node, state, frame);
  switch (node.type) {
    case 'EmptyStatement': {
      const segment = walk.emits.texts.get(node.start);
      return segment === undefined ? state : text(walk, segment, state, frame);
    }
    case 'ExpressionStatement':
      return expressionStatement(walk, node, state, frame);
    case 'BlockStatement':
      return walk.statements(node.body, state, { ...frame, labels: [] });
    case 'FunctionDeclaration':
      return code(walk, [node], state, frame);
    case 'IfStatement':
      return branch(walk, node, state, frame);
    case 'SwitchStatement':
      return cases(walk, node, state, frame);
    case 'LabeledStatement':
      return labelled(walk, node, state, frame);
    case 'WhileStatement':
      return whileTrue(walk, node, state, frame);
    case 'DoWhileStatement':
      return untilFalse(walk, node, state, frame);
    case 'ForStatement':
      return forSteps(walk, node, state, frame);
    case 'ForInStatement':
    case 'ForOfStatement':
      return forEach(walk, node, state, frame);
    case 'TryStatement':
      return attempt(walk, node, state, frame);
    case 'ReturnStatement':
    case 'ThrowStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return leave(walk, node, state, frame);
    default:
      return running(walk, node, code(walk, [node], state, frame), frame);
  }
}

/** Statements that run nothing. */
const RUNS: ReadonlySet<string> = new Set(['EmptyStatement', 'FunctionDeclaration', 'ImportDeclaration']);

/** A function that is declared where nothing gets is there all the same. */
function hoisted(walk: Walk, node: AnyNode, frame: Frame): Reached {
  if (node.type === 'FunctionDeclaration' && walk.emits.loud.has(node))
    walk.expression(node, frame.entry, frame);
  return undefined;
}

function expressionStatement(walk: Walk, node: ExpressionStatement, state: State, frame: Frame): State {
  const segment = walk.emits.outputs.get(node.start);
  if (segment !== undefined) return output(walk, segment, node, state, frame);
  const { expression } = node;
  if (expression.type === 'CallExpression' && walk.emits.names.get(expression.callee.start) === 'print')
    return printStatement(walk, node, expression.callee.start, expression.arguments, state, frame);
  return running(walk, node, code(walk, [node.expression], state, frame), frame);
}

const LOOPS: ReadonlySet<string> = new Set([
  'WhileStatement',
  'DoWhileStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
]);

function labelled(walk: Walk, node: LabeledStatement, state: State, frame: Frame): Reached {
  const labels = [...frame.labels, node.label.name];
  if (LOOPS.has(node.body.type) || node.body.type === 'LabeledStatement')
    return walk.statement(node.body, state, { ...frame, labels });
  const target: Target = { labels, kind: 'block', breaks: [], continues: [], step: undefined };
  const inside = { ...frame, labels: [], targets: [...frame.targets, target] };
  return target.breaks.reduce(
    (reached: Reached, jump) =>
      meet(reached, jump, (a, b) => walk.problems.differ('branches-differ', node, a, b)),
    walk.statement(node.body, state, inside),
  );
}
