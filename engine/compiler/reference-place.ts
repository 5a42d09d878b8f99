// Finds the position of a name without a value. V8 reports a ReferenceError at the last position that it recorded: for
// `nope(1)` and `if (nope)` that is the beginning of the statement, or an operand before the name.

import { type AnyNode, type Node, Parser } from 'acorn';
import { childNodes } from './2-parse/syntax-nodes.ts';

/**
 * The offset of the first reference to `name` at or behind `from` that runs in the same function; undefined without
 * one.
 */
export function referenceBehind(code: string, from: number, name: string): number | undefined {
  try {
    const tree = Parser.parse(code, { ecmaVersion: 'latest', allowReturnOutsideFunction: true });
    return firstReference(tree, undefined, { from, name });
  } catch {
    // This version of Node knows more syntax than the parser.
    return undefined;
  }
}

interface WantedReference {
  readonly from: number;
  readonly name: string;
}

function firstReference(
  node: AnyNode,
  parent: AnyNode | undefined,
  wanted: WantedReference,
): number | undefined {
  if (node.end <= wanted.from || (FUNCTIONS.has(node.type) && node.start > wanted.from)) return undefined;
  if (node.type === 'Identifier') {
    const isFound = node.name === wanted.name && node.start >= wanted.from && isReference(node, parent);
    return isFound ? node.start : undefined;
  }
  for (const child of childNodes(node)) {
    const found = firstReference(child, node, wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
]);

/** Names of members and keys are no references. */
function isReference(node: Node, parent: AnyNode | undefined): boolean {
  if (parent?.type === 'MemberExpression') return parent.object === node || parent.computed;
  if (parent?.type === 'Property') return parent.value === node || parent.computed || parent.shorthand;
  return true;
}
