// One walk over the tree of a page or module that collects what its facts and edits are made of. It judges nothing.

import type { AnyNode, CallExpression, MemberExpression, Node, ReturnStatement } from 'acorn';

/** A statement that stands as a body without braces. */
export interface BracelessBody {
  readonly keyword: string;
  readonly body: Node;
  readonly owner: Node;
}

/** A node where it stands in its tree. */
export interface PlacedNode {
  readonly node: AnyNode;
  readonly parent: PlacedNode | undefined;
  /** The function or static block in whose body it stands. Parameters and fields run apart from any body. */
  readonly owner: Node | undefined;
  /** It runs at another time than the page. */
  readonly isLater: boolean;
}

/** What stands where in a page's tree. */
export interface Survey {
  /** All nodes, each behind the one that it stands in. */
  readonly nodes: PlacedNode[];
  /** Whether the page's own level awaits. */
  awaits: boolean;
  /** Return statements on the page's own level. */
  readonly returns: ReturnStatement[];
  /** Calls by the offset of their callee. */
  readonly calls: Map<number, CallExpression>;
  /** The names that are read of identifiers, by the offset of the identifier. */
  readonly members: Map<number, string>;
  /** The calls that stand right behind an await. */
  readonly awaited: Set<Node>;
  /** The functions (and class bodies that run later), outermost ones only. */
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
  visit({ node: tree, parent: undefined, owner: undefined, isLater: false }, result);
  return result;
}

function visit(parent: PlacedNode, result: Survey): void {
  const { node, isLater } = parent;
  result.nodes.push(parent);
  note(node, isLater, result);
  if (OWN_LEVEL.has(node.type) && !isLater) result.functions.push(node);
  for (const child of childrenOf(node)) visit(placedIn(parent, child), result);
}

function placedIn(parent: PlacedNode, child: AnyNode): PlacedNode {
  const { node, owner, isLater } = parent;
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return { node: child, parent, owner: child === node.body ? node : undefined, isLater: true };
    case 'StaticBlock':
      return { node: child, parent, owner: node, isLater: true };
    case 'PropertyDefinition':
      if (child === node.value) return { node: child, parent, owner: undefined, isLater: true };
  }
  return { node: child, parent, owner, isLater };
}

/** Nodes whose insides run at another time than the page; of a field, its value does. */
const OWN_LEVEL: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'PropertyDefinition',
  'StaticBlock',
]);

/** Whether statements stand one behind the other in this node. */
export function isListed(parent: AnyNode | undefined): boolean {
  return parent !== undefined && LISTS.has(parent.type);
}

const LISTS: ReadonlySet<string> = new Set(['Program', 'BlockStatement', 'SwitchCase', 'StaticBlock']);

function note(node: AnyNode, isLater: boolean, result: Survey): void {
  switch (node.type) {
    case 'ReturnStatement':
      if (!isLater) result.returns.push(node);
      break;
    case 'CallExpression':
      result.calls.set(node.callee.start, node);
      break;
    case 'MemberExpression':
      noteMember(node, result);
      break;
    case 'AwaitExpression':
      result.awaited.add(node.argument);
      result.awaits ||= !isLater;
      break;
    case 'ForOfStatement':
      result.awaits ||= node.await && !isLater;
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

/** The child nodes of an ESTree node, whatever its type. */
export function childrenOf<T extends Node>(node: T): AnyNode[] {
  const children: AnyNode[] = [];
  // In a third of the time of Object.values(). Nodes inherit nothing that is enumerable.
  for (const key in node) {
    const value = node[key];
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) for (const item of value) isNode(item) && children.push(item);
    else if (isNode(value)) children.push(value);
  }
  return children;
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'start' in value
  );
}
