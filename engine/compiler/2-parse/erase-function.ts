// Erases the TypeScript of functions that is not in type nodes: optional and `this` parameters, and types with line
// breaks inside the head of an arrow function.

import type { Blanks } from './blanks.ts';
import { identifierName, nodeAt, nodesAt, type SyntaxNode } from './syntax-nodes.ts';
import { afterTrivia, hasLineBreak, wordAt } from './trivia.ts';

/** Erases the marks of a function; the function itself remains. */
export function eraseFunction(node: SyntaxNode, blanks: Blanks): boolean {
  const parameters = nodesAt(node, 'params');
  for (const parameter of parameters) eraseOptional(parameter, blanks);
  const first = parameters[0];
  if (first !== undefined && identifierName(first) === 'this') eraseThis(first, blanks);
  if (node.type === 'ArrowFunctionExpression') keepArrowTogether(node, parameters, blanks);
  return false;
}

/** `(a?: T)`, also before a default value. */
function eraseOptional(parameter: SyntaxNode, blanks: Blanks): void {
  const target = parameter.type === 'AssignmentPattern' ? nodeAt(parameter, 'left') : parameter;
  if (target?.type !== 'Identifier' || target.optional !== true) return;
  const mark = afterTrivia(blanks.source, target.start + wordAt(blanks.source, target.start).length);
  if (blanks.source.charAt(mark) === '?') blanks.blank(mark, mark + 1);
}

/** `(this: T, a)` */
function eraseThis(parameter: SyntaxNode, blanks: Blanks): void {
  const next = afterTrivia(blanks.source, parameter.end);
  blanks.blank(parameter.start, blanks.source.charAt(next) === ',' ? next + 1 : parameter.end);
}

/**
 * No line break may stand between `return` and `(`, nor between `)` and `=>`, so the parenthesis is moved across the
 * erased lines.
 */
function keepArrowTogether(node: SyntaxNode, parameters: readonly SyntaxNode[], blanks: Blanks): void {
  const { source } = blanks;
  const generics = nodeAt(node, 'typeParameters');
  const open = generics === undefined ? -1 : afterTrivia(source, generics.end);
  if (generics !== undefined && hasLineBreak(source, generics.start, open)) {
    blanks.put(generics.start, '(');
    blanks.blank(open, open + 1);
  }
  const result = nodeAt(node, 'returnType');
  if (result === undefined) return;
  const close = closingParenthesis(node, parameters, source);
  if (!hasLineBreak(source, close, result.end)) return;
  blanks.put(result.end - 1, ')');
  blanks.blank(close, close + 1);
}

/** The parenthesis of an arrow function, behind `async` and its type parameters. */
function openingParenthesis(node: SyntaxNode, source: string): number {
  const generics = nodeAt(node, 'typeParameters');
  if (generics !== undefined) return afterTrivia(source, generics.end);
  return node.async === true ? afterTrivia(source, node.start + 'async'.length) : node.start;
}

function closingParenthesis(node: SyntaxNode, parameters: readonly SyntaxNode[], source: string): number {
  const last = parameters.at(-1);
  const from = last === undefined ? openingParenthesis(node, source) + 1 : last.end;
  const next = afterTrivia(source, from);
  return source.charAt(next) === ',' ? afterTrivia(source, next + 1) : next;
}
