// What is allowed in a page and is hardly meant: values that are not printed, errors that are not thrown, functions that
// print when it is too late.

import type { AnyNode, CallExpression, ExpressionStatement, Node } from 'acorn';
import type { Lines } from '../../diagnostics/position.ts';
import { type Warning, warning } from '../../diagnostics/problem.ts';
import type { CodeSegment, Segment } from '../1-scan/segments.ts';
import type { Use } from '../scopes.ts';
import type { Emits } from './flow/output-nodes.ts';
import { childrenOf, type Survey } from './survey.ts';

/** What is looked at. */
export interface Suspect {
  readonly source: string;
  readonly file: string;
  readonly segments: readonly Segment[];
  readonly survey: Survey;
  readonly free: ReadonlyMap<string, readonly Use[]>;
  readonly emits: Pick<Emits, 'emitting' | 'mentions' | 'names'>;
}

type Code = 'value-unused' | 'error-not-thrown' | 'late-print';

export function warningsOf(suspect: Suspect, lines: Lines): Warning[] {
  const found: [Code, number][] = [];
  const wholeTags = new Map(
    suspect.segments.flatMap((segment) =>
      segment.kind === 'code' ? [wholeTag(suspect.source, segment)] : [],
    ),
  );
  const errors = new Set(suspect.free.get('HttpError')?.map(({ start }) => start));
  const note = (node: ExpressionStatement): void => {
    const { expression } = node;
    const isCall = expression.type === 'CallExpression' || expression.type === 'NewExpression';
    if (isCall && errors.has(expression.callee.start)) found.push(['error-not-thrown', node.start]);
    else if (expression.type === 'CallExpression' && printsLate(expression, suspect.emits))
      found.push(['late-print', latePlace(expression, suspect.emits)]);
    else if (wholeTags.get(node.start) === expression.end && isPure(expression))
      found.push(['value-unused', node.start]);
  };
  for (const { node } of suspect.survey.nodes) if (node.type === 'ExpressionStatement') note(node);
  return found.map(([code, offset]) => warning(code, { file: suspect.file, ...lines.at(offset) }));
}

/** Where a tag's code begins and ends, a semicolon at its end left out. */
function wholeTag(source: string, { innerStart, innerEnd }: CodeSegment): [number, number] {
  const code = source.slice(innerStart, innerEnd);
  const start = innerStart + code.length - code.trimStart().length;
  let end = code.length;
  while (end > 0 && /[\s;]/.test(code.charAt(end - 1))) end--;
  return [start, innerStart + end];
}

const PURE: ReadonlySet<string> = new Set([
  'Identifier',
  'MemberExpression',
  'ChainExpression',
  'Literal',
  'TemplateLiteral',
  'TemplateElement',
  'BinaryExpression',
  'LogicalExpression',
  'ConditionalExpression',
]);

/** Whether evaluating it does nothing; a directive (`"use strict"`) is none of these. */
function isPure(node: AnyNode): boolean {
  if (node.type === 'Literal' && typeof node.value === 'string') return false;
  return isPureInside(node);
}

function isPureInside(node: AnyNode): boolean {
  return PURE.has(node.type) && childrenOf(node).every(isPureInside);
}

/** A call whose result is dropped, of or with an asynchronous function that prints. */
function printsLate(call: CallExpression, emits: Suspect['emits']): boolean {
  return lateFunction(call, emits) !== undefined;
}

function latePlace(call: CallExpression, emits: Suspect['emits']): number {
  return lateFunction(call, emits)?.start ?? call.start;
}

function lateFunction(
  { callee, arguments: given }: CallExpression,
  emits: Suspect['emits'],
): Node | undefined {
  // Include and Section say themselves that they must be awaited.
  if (emits.names.has(callee.start)) return undefined;
  const called = emits.mentions.get(callee.start)?.node;
  if (called !== undefined && isLate(called, emits)) return callee;
  return [callee, ...given].find((node) => isLate(node, emits));
}

function isLate(node: Node, { emitting }: Suspect['emits']): boolean {
  return emitting.has(node) && isAsyncFunction(node);
}

function isAsyncFunction(node: Node): boolean {
  return 'async' in node && node.async === true && FUNCTIONS.has(node.type);
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
]);
