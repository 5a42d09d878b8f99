// What a function has of TypeScript beside its type nodes: optional and `this` parameters, and the places where
// a type that spans lines held an arrow function together.

import type { Blanks } from './blanks.ts';
import { nameOf, nodeAt, nodesAt, type SyntaxNode } from './syntax-nodes.ts';
import { afterTrivia, hasLineBreak, wordAt } from './trivia.ts';

/** Erases a function's own marks; the function itself always stays. */
export function eraseFunction(node: SyntaxNode, blanks: Blanks): boolean {
  const parameters = nodesAt(node, 'params');
  for (const parameter of parameters) eraseOptional(parameter, blanks);
  const first = parameters[0];
  if (first !== undefined && nameOf(first) === 'this') eraseThis(first, blanks);
  if (node.type === 'ArrowFunctionExpression') keepArrowTogether(node, parameters, blanks);
  return false;
}

/** `(a?: T)`, also in front of a default value. */
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

/** No line may end between `return` and `(`, nor between `)` and `=>`: the parenthesis moves over the erased lines. */
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

/** An arrow function's own, behind `async` and its type parameters. */
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
