// Access to syntax nodes of unknown type, for walks over TypeScript's tree. For trees of plain JavaScript use acorn's
// own node types.

import type { AnyNode, Node } from 'acorn';

/** A node of any type. The functions below read its other members. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** Whether a value is a syntax node, and not a location, a regular expression or a list. */
export function isNode(value: unknown): value is SyntaxNode {
  if (typeof value !== 'object' || value === null) return false;
  return 'type' in value && typeof value.type === 'string' && 'start' in value && 'end' in value;
}

/** The node at a key; undefined without one. */
export function nodeAt(node: SyntaxNode, key: string): SyntaxNode | undefined {
  const value = node[key];
  return isNode(value) ? value : undefined;
}

/** The nodes of the list at a key, without holes. */
export function nodesAt(node: SyntaxNode, key: string): SyntaxNode[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The child nodes of a node, in the order of its members. */
export function childNodes(node: SyntaxNode): SyntaxNode[];
export function childNodes(node: Node): AnyNode[];
export function childNodes<Parent extends object>(node: Parent): (SyntaxNode | AnyNode)[] {
  const children: SyntaxNode[] = [];
  // `for … in` takes a third of the time of Object.values(). Nodes inherit no enumerable members.
  for (const key in node) addNodes(node[key], children);
  return children;
}

/** Adds the nodes among a member's value, which may be a node or a list. */
export function addNodes(value: unknown, nodes: SyntaxNode[]): void {
  if (typeof value !== 'object' || value === null) return;
  // Each item is pushed by itself, because a list of 100,000 items has too many arguments for one call.
  if (Array.isArray(value)) for (const item of value) isNode(item) && nodes.push(item);
  else if (isNode(value)) nodes.push(value);
}

/** The name of an identifier or private name; undefined for other nodes. */
export function identifierName(node: SyntaxNode | undefined): string | undefined {
  return typeof node?.name === 'string' ? node.name : undefined;
}
