// Code whose meaning would change without its types, or when it runs as a script: casts that group an expression, and
// `<!--`, which begins a comment in scripts but not in modules.

import { nodeAt, type SyntaxNode } from './syntax-nodes.ts';

/** The precedence of operators that bind at least as tightly as `as` and `satisfies`. */
const BINDING: ReadonlyMap<unknown, number> = new Map([
  ...['<', '>', '<=', '>=', 'in', 'instanceof'].map((operator) => [operator, 1] as const),
  ...['<<', '>>', '>>>'].map((operator) => [operator, 2] as const),
  ...['+', '-'].map((operator) => [operator, 3] as const),
  ...['*', '/', '%'].map((operator) => [operator, 4] as const),
  ['**', 5],
]);

/**
 * The operand of a cast that groups an expression: in `a + b as number / 100`, without the type, the division would
 * come first. (TypeScript 5.9 divides the sum; 6 and later refuse the expression.)
 */
export function regroupingCast(node: SyntaxNode): SyntaxNode | undefined {
  const tight = node.type === 'BinaryExpression' ? BINDING.get(node.operator) : undefined;
  let inner = tight === undefined ? undefined : castOf(nodeAt(node, 'left'));
  for (let next = castOf(inner); next !== undefined; next = castOf(next)) inner = next;
  if (tight === undefined || inner?.type !== 'BinaryExpression') return undefined;
  const loose = BINDING.get(inner.operator) ?? 0;
  return loose < tight || (loose === tight && node.operator === '**') ? inner : undefined;
}

/** The operand of `as` or `satisfies`; undefined for other nodes. */
function castOf(node: SyntaxNode | undefined): SyntaxNode | undefined {
  const isCast = node?.type === 'TSAsExpression' || node?.type === 'TSSatisfiesExpression';
  return isCast ? nodeAt(node, 'expression') : undefined;
}

/** The offset of a `<!--` that TypeScript reads as three operators and that a script reads as a comment. */
export function htmlComment(node: SyntaxNode, source: string): number | undefined {
  if (node.type !== 'UnaryExpression' || node.operator !== '!') return undefined;
  const offset = node.start - 1;
  const isLess = source.startsWith('<!--', offset) && source[offset - 1] !== '<';
  return isLess ? offset : undefined;
}
