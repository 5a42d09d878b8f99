// Syntax nodes seen without knowing their type: what the walks over TypeScript's tree need.
// For trees of plain JavaScript use acorn's own node types.

/** A node of any kind; its other members are looked at through the functions below. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** Whether a value is a syntax node (and not a location, a regular expression, a list). */
export function isNode(value: unknown): value is SyntaxNode {
  if (typeof value !== 'object' || value === null) return false;
  return 'type' in value && typeof value.type === 'string' && 'start' in value && 'end' in value;
}

/** The node at a key; undefined when there is none. */
export function nodeAt(node: SyntaxNode, key: string): SyntaxNode | undefined {
  const value = node[key];
  return isNode(value) ? value : undefined;
}

/** The nodes of the list at a key, holes left out. */
export function nodesAt(node: SyntaxNode, key: string): SyntaxNode[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** All nodes directly below a node. */
export function childNodes(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (const value of Object.values(node)) addNodes(value, children);
  return children;
}

/** Adds what of a member's value is nodes. */
export function addNodes(value: unknown, nodes: SyntaxNode[]): void {
  if (typeof value !== 'object' || value === null) return;
  // Item by item: a list of some 100,000 (a big table in a module) has too many arguments for one call.
  if (Array.isArray(value)) for (const item of value) isNode(item) && nodes.push(item);
  else if (isNode(value)) nodes.push(value);
}

/** The name of an identifier or private name; undefined for any other node. */
export function nameOf(node: SyntaxNode | undefined): string | undefined {
  return typeof node?.name === 'string' ? node.name : undefined;
}
