// The names that a source has, for those that the compiler makes up beside them.

import { childNodes, isNode, nameOf, type SyntaxNode } from './2-parse/syntax-nodes.ts';

/**
 * A text that holds every name of a source: the source, and where names may be written with escapes (`\u0024out`), all names as
 * the parser has read them.
 * @param tree the syntax tree of the source
 */
export function writtenNames(source: string, tree: unknown): string {
  if (!source.includes('\\u') || !isNode(tree)) return source;
  const names = new Set<string>();
  addNames(tree, names);
  return [source, ...names].join('\n');
}

function addNames(node: SyntaxNode, names: Set<string>): void {
  const name = nameOf(node);
  if (name !== undefined) names.add(name);
  for (const child of childNodes(node)) addNames(child, names);
}
