// One walk over a page's tree that collects what the facts are made of. It judges nothing.

import type {
  AnyNode,
  AwaitExpression,
  CallExpression,
  MemberExpression,
  Node,
  ReturnStatement,
} from 'acorn';

/** A statement that stands as a body without braces. */
export interface BracelessBody {
  readonly keyword: string;
  readonly body: Node;
  readonly owner: Node;
}

/** What stands where in a page's tree. */
export interface Survey {
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
export function survey(tree: AnyNode): Survey {
  const result: Survey = {
    awaits: false,
    returns: [],
    calls: new Map(),
    members: new Map(),
    awaited: new Set(),
    functions: [],
    bracelessBodies: [],
    exports: [],
  };
  visit(tree, false, result);
  return result;
}

function visit(node: AnyNode, inFunction: boolean, result: Survey): void {
  note(node, inFunction, result);
  const inside = inFunction || OWN_LEVEL.has(node.type);
  if (inside && !inFunction) result.functions.push(node);
  for (const child of childrenOf(node)) visit(child, inside, result);
}

/** Nodes whose insides run at another time than the page. */
const OWN_LEVEL: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'PropertyDefinition',
  'StaticBlock',
]);

function note(node: AnyNode, inFunction: boolean, result: Survey): void {
  noteBodies(node, result);
  if (node.type === 'ReturnStatement' && !inFunction) result.returns.push(node);
  else if (node.type === 'CallExpression') result.calls.set(node.callee.start, node);
  else if (node.type === 'MemberExpression') noteMember(node, result);
  else if (node.type === 'AwaitExpression') noteAwait(node, inFunction, result);
  else if (node.type === 'ForOfStatement' && node.await && !inFunction) result.awaits = true;
  else if (node.type.startsWith('Export')) result.exports.push(node);
}

function noteMember({ object, property, computed }: MemberExpression, result: Survey): void {
  if (!computed && property.type === 'Identifier') result.members.set(object.start, property.name);
}

function noteAwait(node: AwaitExpression, inFunction: boolean, result: Survey): void {
  result.awaited.add(node.argument);
  if (!inFunction) result.awaits = true;
}

function noteBodies(owner: AnyNode, result: Survey): void {
  if (owner.type === 'IfStatement') {
    noteBody('if', owner.consequent, owner, result);
    if (owner.alternate) noteBody('else', owner.alternate, owner, result);
  } else if (owner.type === 'WhileStatement') noteBody('while', owner.body, owner, result);
  else if (
    owner.type === 'ForStatement' ||
    owner.type === 'ForInStatement' ||
    owner.type === 'ForOfStatement'
  ) {
    noteBody('for', owner.body, owner, result);
  }
}

function noteBody(keyword: string, body: Node, owner: AnyNode, result: Survey): void {
  if (body.type !== 'BlockStatement') result.bracelessBodies.push({ keyword, body, owner });
}

/** The child nodes of an ESTree node, whatever its type. */
export function childrenOf(node: Node): AnyNode[] {
  const children: AnyNode[] = [];
  for (const value of Object.values(node)) {
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
