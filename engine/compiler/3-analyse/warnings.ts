// Warnings for code that is allowed but probably not intended: values that are not printed, errors that are not thrown,
// functions that print too late.

import type { AnyNode, CallExpression, ExpressionStatement, Node } from 'acorn';
import type { Lines } from '../../diagnostics/position.ts';
import { type Warning, warning } from '../../diagnostics/problem.ts';
import type { CodeSegment, Segment } from '../1-scan/segments.ts';
import { childNodes } from '../2-parse/syntax-nodes.ts';
import type { Use } from '../scopes.ts';
import type { OutputNodes } from './flow/output-nodes.ts';
import type { Survey } from './survey.ts';

/** The page as the search for warnings needs it. */
export interface Suspect {
  readonly source: string;
  readonly file: string;
  readonly segments: readonly Segment[];
  readonly survey: Survey;
  readonly free: ReadonlyMap<string, readonly Use[]>;
  readonly nodes: Pick<OutputNodes, 'printingFunctions' | 'functionUses' | 'names'>;
}

type WarningCode = 'value-unused' | 'error-not-thrown' | 'late-print';

export function warningsOf(suspect: Suspect, lines: Lines): Warning[] {
  const found: [WarningCode, number][] = [];
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
    else if (expression.type === 'CallExpression' && printsLate(expression, suspect.nodes))
      found.push(['late-print', latePlace(expression, suspect.nodes)]);
    else if (wholeTags.get(node.start) === expression.end && isPure(expression))
      found.push(['value-unused', node.start]);
  };
  for (const { node } of suspect.survey.nodes) if (node.type === 'ExpressionStatement') note(node);
  return found.map(([code, offset]) => warning(code, { file: suspect.file, ...lines.at(offset) }));
}

/** The offsets at which the code of a tag begins and ends, without white space and semicolons around it. */
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

/** Whether evaluation has no effect. A directive (`"use strict"`) counts as an effect. */
function isPure(node: AnyNode): boolean {
  if (node.type === 'Literal' && typeof node.value === 'string') return false;
  return isPureInside(node);
}

function isPureInside(node: AnyNode): boolean {
  return PURE.has(node.type) && childNodes(node).every(isPureInside);
}

/** Whether a call drops the promise of an asynchronous function that prints, as its callee or as an argument. */
function printsLate(call: CallExpression, nodes: Suspect['nodes']): boolean {
  return lateFunction(call, nodes) !== undefined;
}

function latePlace(call: CallExpression, nodes: Suspect['nodes']): number {
  return lateFunction(call, nodes)?.start ?? call.start;
}

function lateFunction(
  { callee, arguments: given }: CallExpression,
  nodes: Suspect['nodes'],
): Node | undefined {
  // Include and Section throw their own errors when they are not awaited.
  if (nodes.names.has(callee.start)) return undefined;
  const called = nodes.functionUses.get(callee.start)?.node;
  if (called !== undefined && isLate(called, nodes)) return callee;
  return [callee, ...given].find((node) => isLate(node, nodes));
}

function isLate(node: Node, { printingFunctions }: Suspect['nodes']): boolean {
  return printingFunctions.has(node) && isAsyncFunction(node);
}

function isAsyncFunction(node: Node): boolean {
  return 'async' in node && node.async === true && FUNCTIONS.has(node.type);
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
]);
