// Reports code that is nested too deeply for the stack. The Problem names the innermost position and the number of
// levels, in place of the RangeError of the walk that ran out of stack.

import { Lines } from '../diagnostics/position.ts';
import { Problem } from '../diagnostics/problem.ts';
import { childNodes, type SyntaxNode } from './2-parse/syntax-nodes.ts';

/** The source that is compiled. */
export interface NamedSource {
  readonly source: string;
  readonly file: string;
}

/**
 * Runs a walk over a tree.
 * @throws Problem `too-deep` if the stack ends
 */
export function withinStack<T>(tree: SyntaxNode, source: NamedSource, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    const { offset, depth } = deepest(tree);
    throw nestingProblem(source, offset, ` (${depth} levels)`);
  }
}

/** @param levels the number of levels, if it is known */
export function nestingProblem({ source, file }: NamedSource, offset: number, levels = ''): Problem {
  const place = new Lines(source).at(Math.min(offset, source.length));
  return new Problem('too-deep', { file, ...place, params: { levels } });
}

/** V8 gives a stack overflow no code, so its message is compared. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
}

/** The innermost node, and the first one of several. The search uses no recursion, because the stack is used up. */
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
