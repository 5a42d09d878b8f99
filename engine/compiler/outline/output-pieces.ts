// The pieces that the value of one output prints: a text, markup of an `html` template, the content of a layout.

import type { AnyNode } from 'acorn';
import { isAttrsCall } from '../3-analyse/field-attributes.ts';
import { isFunction } from '../3-analyse/flow/output-nodes.ts';
import { bindPattern } from './bind-pattern.ts';
import { calledFrame, evaluate, type Frame, frameInRound } from './evaluate-expression.ts';
import { calledFunction, type OutlinedPage } from './outlined-source.ts';
import { roundsOf, textsOf } from './possible-value.ts';
import type { PrintedPiece } from './printed-piece.ts';
import { templateText } from './printed-text.ts';

/** The output whose pieces are wanted. */
export interface PrintedOutput {
  readonly page: OutlinedPage;
  readonly around: {
    readonly content: readonly PrintedPiece[] | undefined;
    readonly sections: ReadonlyMap<string, readonly PrintedPiece[]>;
  };
  readonly start: number;
  readonly isRaw: boolean;
  /** Whether a condition is true in the sample. */
  readonly isTrue: (test: AnyNode, frame: Frame) => boolean;
}

/** The pieces that an output prints for its expression. */
export function outputPieces(node: AnyNode, frame: Frame, output: PrintedOutput): readonly PrintedPiece[] {
  const { page, start } = output;
  if (isMarkup(node, page)) return markupPieces(node, frame, output);
  if (node.type === 'CallExpression' && isAttrsCall(node)) {
    const [name] = node.arguments;
    return [{ kind: 'attrs', value: name && evaluate(name, frame), page, start }];
  }
  return [{ kind: output.isRaw ? 'raw' : 'escaped', value: evaluate(node, frame), page, start }];
}

/** Whether markup may stand in the value of an expression. A function of the page that gives markup is followed. */
function isMarkup(node: AnyNode, page: OutlinedPage): boolean {
  if (page.markup.has(node)) return true;
  const called = node.type === 'CallExpression' ? calledFunction(node, page) : undefined;
  return called !== undefined && page.markup.has(called.body);
}

function markupPieces(node: AnyNode, frame: Frame, output: PrintedOutput): readonly PrintedPiece[] {
  const { page, around, isTrue } = output;
  const unknown = (): readonly PrintedPiece[] => [
    { kind: 'unknown', value: undefined, page, start: output.start },
  ];
  switch (node.type) {
    case 'Identifier':
      return node.name === 'CONTENT' ? (around.content ?? unknown()) : unknown();
    case 'ChainExpression':
      return outputPieces(node.expression, frame, output);
    case 'AwaitExpression':
      return outputPieces(node.argument, frame, output);
    case 'ConditionalExpression':
      return outputPieces(isTrue(node.test, frame) ? node.consequent : node.alternate, frame, output);
    case 'LogicalExpression':
      if (node.operator === '&&')
        return isTrue(node.left, frame) ? outputPieces(node.right, frame, output) : [];
      return outputPieces(node.left, frame, output);
    case 'TaggedTemplateExpression':
      if (node.tag.type !== 'Identifier' || node.tag.name !== 'html') return unknown();
      return templatePieces(node.quasi, frame, output);
    case 'CallExpression':
      return callPieces(node, frame, output) ?? unknown();
    default:
      return unknown();
  }
}

function templatePieces(
  { quasis, expressions }: Extract<AnyNode, { type: 'TemplateLiteral' }>,
  frame: Frame,
  output: PrintedOutput,
): readonly PrintedPiece[] {
  return quasis.flatMap((quasi, index): readonly PrintedPiece[] => {
    const text = templateText(quasi, output.page);
    const expression = expressions[index];
    if (expression === undefined) return [text];
    return [text, ...outputPieces(expression, frame, { ...output, start: expression.start, isRaw: false })];
  });
}

function callPieces(
  call: Extract<AnyNode, { type: 'CallExpression' }>,
  frame: Frame,
  output: PrintedOutput,
): readonly PrintedPiece[] | undefined {
  const { callee } = call;
  const [first] = call.arguments;
  if (callee.type === 'Identifier' && !output.page.declared.has(callee.start)) {
    if (callee.name === 'SECTION') {
      const [name = '', ...others] = first === undefined ? [] : textsOf(evaluate(first, frame));
      return others.length === 0 ? (output.around.sections.get(name) ?? []) : undefined;
    }
    if (callee.name === 'raw' && first !== undefined)
      return outputPieces(first, frame, { ...output, isRaw: true });
    return undefined;
  }
  const called = calledFunction(call, output.page);
  if (called !== undefined) {
    const result = resultOf(called.body);
    return result && outputPieces(result, calledFrame(called, call, frame), output);
  }
  return mappedPieces(call, frame, output);
}

/** The pieces of `list.map((item) => html`…`)`, and of `.join('')` behind it. */
function mappedPieces(
  { callee, arguments: [first] }: Extract<AnyNode, { type: 'CallExpression' }>,
  frame: Frame,
  output: PrintedOutput,
): readonly PrintedPiece[] | undefined {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return undefined;
  const { object, property } = callee;
  if (property.name === 'join') return outputPieces(object, frame, output);
  const result = first && isFunction(first) ? resultOf(first.body) : undefined;
  if (property.name !== 'map' || result === undefined || first === undefined || !isFunction(first))
    return undefined;
  const { params } = first;
  return roundsOf(evaluate(object, frame)).flatMap(({ item, index }, round) => {
    const given = [item, index];
    const values = params.flatMap((param, at) =>
      bindPattern(param, given[at], (node) => evaluate(node, frame)),
    );
    return outputPieces(result, frameInRound(frame, first, round, values, params[1]?.start), output);
  });
}

function resultOf(body: AnyNode): AnyNode | undefined {
  if (body.type !== 'BlockStatement') return body;
  const last = body.body.at(-1);
  return body.body.length === 1 && last?.type === 'ReturnStatement'
    ? (last.argument ?? undefined)
    : undefined;
}
