// Which statements and calls end a page, a function or a loop.

import type { AnyNode, CallExpression } from 'acorn';
import type { OutlinedPage } from './outlined-source.ts';

/** How a statement ends: `end` ends the page or function, `jump` the innermost loop. */
export type Completion = 'normal' | 'jump' | 'end';

/** How a loop or switch ends whose body ends so. */
export function withinLoop(completion: Completion): Completion {
  return completion === 'jump' ? 'normal' : completion;
}

/** The page name that a call calls. */
export function pageNameOf({ callee }: CallExpression, page: OutlinedPage): string | undefined {
  if (callee.type !== 'Identifier' || page.declared.has(callee.start)) return undefined;
  return callee.name;
}

/** Whether an expression is a call of redirect. */
export function isRedirect(node: AnyNode, page: OutlinedPage): boolean {
  return node.type === 'CallExpression' && pageNameOf(node, page) === 'redirect';
}

/** Whether a branch ends the page, or leaves the loop. */
export function endsEarly(node: AnyNode, page: OutlinedPage): boolean {
  const last = node.type === 'BlockStatement' ? node.body.at(-1) : node;
  if (last === undefined) return false;
  return EARLY.has(last.type) || (last.type === 'ExpressionStatement' && isRedirect(last.expression, page));
}

const EARLY: ReadonlySet<string> = new Set([
  'ReturnStatement',
  'ThrowStatement',
  'BreakStatement',
  'ContinueStatement',
]);
