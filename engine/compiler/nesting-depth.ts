// Code that is nested more deeply than the walks over its tree have stack for: a Problem at the innermost place, with the
// number of levels, instead of the RangeError of whichever walk comes to the end of the stack first.

import { Lines } from '../diagnostics/position.ts';
import { Problem } from '../diagnostics/problem.ts';
import { childNodes, type SyntaxNode } from './2-parse/syntax-nodes.ts';

/** The source that is compiled. */
export interface Named {
  readonly source: string;
  readonly file: string;
}

/**
 * Runs what walks a tree.
 * @throws Problem `too-deep` where the stack ends
 */
export function withinStack<T>(tree: SyntaxNode, named: Named, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    const { offset, depth } = deepest(tree);
    throw tooDeep(named, offset, ` (${depth} levels)`);
  }
}

/** @param levels how deep, where that is known */
export function tooDeep({ source, file }: Named, offset: number, levels = ''): Problem {
  const place = new Lines(source).at(Math.min(offset, source.length));
  return new Problem('too-deep', { file, ...place, params: { levels } });
}

/** V8 has no other sign of it. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
}

/** The innermost node, the first one of several; found without recursion. */
function deepest(tree: SyntaxNode): { readonly offset: number; readonly depth: number } {
  let found = { offset: tree.start, depth: 0 };
  const open = [{ node: tree, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > found.depth || (depth === found.depth && node.start < found.offset))
      found = { offset: node.start, depth };
    for (const child of childNodes(node)) open.push({ node: child, depth: depth + 1 });
  }
  return found;
}
