// One walk over the tree of a page or module. It collects the nodes that facts and edits are made of, and judges
// nothing.

import type { AnyNode, CallExpression, MemberExpression, Node, ReturnStatement } from 'acorn';
import { childNodes } from '../2-parse/syntax-nodes.ts';

/** The body of a statement without braces. */
export interface BracelessBody {
  readonly keyword: string;
  readonly body: Node;
  readonly owner: Node;
}

/** A node with its position in the tree. */
export interface SurveyedNode {
  readonly node: AnyNode;
  readonly parent: SurveyedNode | undefined;
  /** The function or static block whose body contains the node. Parameters and fields belong to no body. */
  readonly owner: Node | undefined;
  /** Whether the node runs later than the page's own level. */
  readonly isDeferred: boolean;
}

/** The nodes of a tree, by the questions that the compiler asks. */
export interface Survey {
  /** All nodes, each behind its parent. */
  readonly nodes: SurveyedNode[];
  /** Whether the page's own level awaits. */
  awaits: boolean;
  /** Return statements of the page's own level. */
  readonly returns: ReturnStatement[];
  /** Calls by the offset of their callee. */
  readonly calls: Map<number, CallExpression>;
  /** The names of members that are read from identifiers, by the offset of the identifier. */
  readonly members: Map<number, string>;
  /** The calls that are operands of an await. */
  readonly awaited: Set<Node>;
  /** The outermost functions, and parts of classes that run later. */
  readonly functions: Node[];
  readonly bracelessBodies: BracelessBody[];
  readonly exports: Node[];
}

/** Walks the whole tree once. */
export function surveyTree(tree: AnyNode): Survey {
  const result: Survey = {
    nodes: [],
    awaits: false,
    returns: [],
    calls: new Map(),
    members: new Map(),
    awaited: new Set(),
    functions: [],
    bracelessBodies: [],
    exports: [],
  };
  visit({ node: tree, parent: undefined, owner: undefined, isDeferred: false }, result);
  return result;
}

function visit(parent: SurveyedNode, result: Survey): void {
  const { node, isDeferred } = parent;
  result.nodes.push(parent);
  note(node, isDeferred, result);
  if (OWN_LEVEL.has(node.type) && !isDeferred) result.functions.push(node);
  for (const child of childNodes(node)) visit(childEntry(parent, child), result);
}

function childEntry(parent: SurveyedNode, child: AnyNode): SurveyedNode {
  const { node, owner, isDeferred } = parent;
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return { node: child, parent, owner: child === node.body ? node : undefined, isDeferred: true };
    case 'StaticBlock':
      return { node: child, parent, owner: node, isDeferred: true };
    case 'PropertyDefinition':
      if (child === node.value) return { node: child, parent, owner: undefined, isDeferred: true };
  }
  return { node: child, parent, owner, isDeferred };
}

/** Nodes whose children run later than the page's own level; of a field, its value does. */
const OWN_LEVEL: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'PropertyDefinition',
  'StaticBlock',
]);

/** Whether the children of this node are a list of statements. */
export function isStatementList(parent: AnyNode | undefined): boolean {
  return parent !== undefined && LISTS.has(parent.type);
}

const LISTS: ReadonlySet<string> = new Set(['Program', 'BlockStatement', 'SwitchCase', 'StaticBlock']);

function note(node: AnyNode, isDeferred: boolean, result: Survey): void {
  switch (node.type) {
    case 'ReturnStatement':
      if (!isDeferred) result.returns.push(node);
      break;
    case 'CallExpression':
      result.calls.set(node.callee.start, node);
      break;
    case 'MemberExpression':
      noteMember(node, result);
      break;
    case 'AwaitExpression':
      result.awaited.add(node.argument);
      result.awaits ||= !isDeferred;
      break;
    case 'ForOfStatement':
      result.awaits ||= node.await && !isDeferred;
      noteBody('for', node.body, node, result);
      break;
    case 'ForStatement':
    case 'ForInStatement':
      noteBody('for', node.body, node, result);
      break;
    case 'WhileStatement':
      noteBody('while', node.body, node, result);
      break;
    case 'IfStatement':
      noteBody('if', node.consequent, node, result);
      if (node.alternate) noteBody('else', node.alternate, node, result);
      break;
    case 'ExportAllDeclaration':
    case 'ExportDefaultDeclaration':
    case 'ExportNamedDeclaration':
      result.exports.push(node);
  }
}

function noteMember({ object, property, computed }: MemberExpression, result: Survey): void {
  if (!computed && property.type === 'Identifier') result.members.set(object.start, property.name);
}

function noteBody(keyword: string, body: Node, owner: AnyNode, result: Survey): void {
  if (body.type !== 'BlockStatement') result.bracelessBodies.push({ keyword, body, owner });
}
