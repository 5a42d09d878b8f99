// Code that would mean something else where it runs than where it is read: types that hold an expression together, and
// the comments of HTML, which scripts have and modules have not.

import { nodeAt, type SyntaxNode } from './syntax-nodes.ts';

/** How tightly operators bind, those that `as` and `satisfies` do not bind looser than. */
const BINDING: ReadonlyMap<unknown, number> = new Map([
  ...['<', '>', '<=', '>=', 'in', 'instanceof'].map((operator) => [operator, 1] as const),
  ...['<<', '>>', '>>>'].map((operator) => [operator, 2] as const),
  ...['+', '-'].map((operator) => [operator, 3] as const),
  ...['*', '/', '%'].map((operator) => [operator, 4] as const),
  ['**', 5],
]);

/**
 * `a + b as number / 100`: without its type the division would come first. (TypeScript 5.9 divides the sum, 6 and later
 * refuse the expression.) Gives the sum.
 */
export function regroupingCast(node: SyntaxNode): SyntaxNode | undefined {
  const tight = node.type === 'BinaryExpression' ? BINDING.get(node.operator) : undefined;
  let inner = tight === undefined ? undefined : castOf(nodeAt(node, 'left'));
  for (let next = castOf(inner); next !== undefined; next = castOf(next)) inner = next;
  if (tight === undefined || inner?.type !== 'BinaryExpression') return undefined;
  const loose = BINDING.get(inner.operator) ?? 0;
  return loose < tight || (loose === tight && node.operator === '**') ? inner : undefined;
}

/** What stands before `as` or `satisfies`, where a node is one of them. */
function castOf(node: SyntaxNode | undefined): SyntaxNode | undefined {
  const isCast = node?.type === 'TSAsExpression' || node?.type === 'TSSatisfiesExpression';
  return isCast ? nodeAt(node, 'expression') : undefined;
}

/** The offset of a `<!--` that is three operators here and begins a comment where the code runs, as a script. */
export function htmlComment(node: SyntaxNode, source: string): number | undefined {
  if (node.type !== 'UnaryExpression' || node.operator !== '!') return undefined;
  const offset = node.start - 1;
  const isLess = source.startsWith('<!--', offset) && source[offset - 1] !== '<';
  return isLess ? offset : undefined;
}
