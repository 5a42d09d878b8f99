// Where a name is read that has no value. V8 reports a ReferenceError at the last place that it noted before: for
// `nope(1)` and `if (nope)` that is the beginning of the statement, or an operand before it.

import { type AnyNode, type Node, Parser } from 'acorn';
import { childrenOf } from './3-analyse/survey.ts';

/** The offset of the first reference to `name` at or behind `from` that runs in the same function; undefined without one. */
export function referenceBehind(code: string, from: number, name: string): number | undefined {
  try {
    const tree = Parser.parse(code, { ecmaVersion: 'latest', allowReturnOutsideFunction: true });
    return firstReference(tree, undefined, { from, name });
  } catch {
    // This version of Node knows more syntax than the parser.
    return undefined;
  }
}

interface Wanted {
  readonly from: number;
  readonly name: string;
}

function firstReference(node: AnyNode, parent: AnyNode | undefined, wanted: Wanted): number | undefined {
  if (node.end <= wanted.from || (FUNCTIONS.has(node.type) && node.start > wanted.from)) return undefined;
  if (node.type === 'Identifier') {
    const isFound = node.name === wanted.name && node.start >= wanted.from && isReference(node, parent);
    return isFound ? node.start : undefined;
  }
  for (const child of childrenOf(node)) {
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

/** Names of members are none. */
function isReference(node: Node, parent: AnyNode | undefined): boolean {
  if (parent?.type === 'MemberExpression') return parent.object === node || parent.computed;
  if (parent?.type === 'Property') return parent.value === node || parent.computed || parent.shorthand;
  return true;
}
