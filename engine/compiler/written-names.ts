// All names of a source, so that the compiler can choose names that do not occur in it.

import { childNodes, identifierName, isNode, type SyntaxNode } from './2-parse/syntax-nodes.ts';

/**
 * A text that contains every name of a source: the source itself, and if it may contain escapes (`\u0024out`), the
 * names that the parser read.
 * @param tree the syntax tree of the source
 */
export function writtenNames(source: string, tree: unknown): string {
  if (!source.includes('\\u') || !isNode(tree)) return source;
  const names = new Set<string>();
  addNames(tree, names);
  return [source, ...names].join('\n');
}

function addNames(node: SyntaxNode, names: Set<string>): void {
  const name = identifierName(node);
  if (name !== undefined) names.add(name);
  for (const child of childNodes(node)) addNames(child, names);
}
