// Finds the nodes of a page's tree that print, and the nodes that affect the output, which alone the flow analysis
// visits.

import type { AnyNode, Node } from 'acorn';
import { anchorOf, type Overlay, outputStart } from '../../1-scan/overlay.ts';
import { isOutput, type OutputSegment, type Segment, type TextSegment } from '../../1-scan/segments.ts';
import type { BoundFunction, Scopes } from '../../scopes.ts';
import type { Survey, SurveyedNode } from '../survey.ts';

/** The page names that the analysis knows. `flush` stands for a use of RESPONSE that may send the output. */
export type PrintingName = 'print' | 'Include' | 'Section' | 'html' | 'flush';

/** The nodes of a page's tree that print. */
export interface OutputNodes {
  /** Texts by the offset of the empty statement that the overlay has for each. */
  readonly texts: ReadonlyMap<number, TextSegment>;
  /** Outputs by the offset of their statement. */
  readonly outputs: ReadonlyMap<number, OutputSegment>;
  /** The text directly behind an output; '' if something else follows. */
  readonly followingText: ReadonlyMap<OutputSegment, string>;
  /** The page names by the offset of their identifier. */
  readonly names: ReadonlyMap<number, PrintingName>;
  /** Functions and static blocks whose own body prints. */
  readonly printingFunctions: ReadonlySet<Node>;
  /** The uses of names that are bound to such functions, by offset. */
  readonly functionUses: ReadonlyMap<number, BoundFunction>;
  /** Every node that contains one of these, a jump, an await or a yield. */
  readonly affectsOutput: ReadonlySet<Node>;
}

/** The forms of a page that the search needs. */
export interface OutputNodeSource {
  readonly segments: readonly Segment[];
  readonly overlay: Overlay;
  readonly survey: Survey;
  readonly scopes: Scopes;
}

export function outputNodesOf(source: OutputNodeSource, names: OutputNodes['names']): OutputNodes {
  const texts = new Map<number, TextSegment>();
  const outputs = new Map<number, OutputSegment>();
  const followingText = new Map<OutputSegment, string>();
  for (const [index, segment] of source.segments.entries()) {
    if (isOutput(segment)) {
      const next = source.segments[index + 1];
      outputs.set(outputStart(segment), segment);
      followingText.set(segment, next?.kind === 'text' ? next.value : '');
    }
    if (segment.kind === 'text' && source.overlay.printed.has(segment)) texts.set(anchorOf(segment), segment);
  }
  const own = { texts, outputs, names };
  const printingFunctions = new Set<Node>();
  for (const { node, owner } of source.survey.nodes)
    if (owner !== undefined && printsHere(node, own)) printingFunctions.add(owner);
  const functionUses = source.scopes.usesOfFunctions(printingFunctions);
  const affectsOutput = nodesThatAffectOutput(source.survey.nodes, {
    ...own,
    followingText,
    printingFunctions,
    functionUses,
  });
  return { ...own, followingText, printingFunctions, functionUses, affectsOutput };
}

/** A text between the members of a class, whose `;` belongs to the class and is no statement. */
export function strayText({ texts, affectsOutput }: OutputNodes): TextSegment | undefined {
  const stray = new Map(texts);
  for (const { start, type } of affectsOutput) if (type === 'EmptyStatement') stray.delete(start);
  return stray.values().next().value;
}

type Own = Pick<OutputNodes, 'texts' | 'outputs' | 'names'>;

/** Whether a node itself prints. */
function printsHere(node: AnyNode, { texts, outputs, names }: Own): boolean {
  if (node.type === 'EmptyStatement') return texts.has(node.start);
  if (node.type === 'ExpressionStatement') return outputs.has(node.start);
  if (node.type !== 'Identifier') return false;
  const name = names.get(node.start);
  return name === 'print' || name === 'Include' || name === 'flush';
}

/** The nodes that affect the output themselves, and all nodes around them. */
function nodesThatAffectOutput(
  nodes: readonly SurveyedNode[],
  found: Omit<OutputNodes, 'affectsOutput'>,
): Set<Node> {
  const affectsOutput = new Set<Node>();
  for (const placed of nodes) {
    if (!affectsOutputItself(placed.node, found)) continue;
    let at: SurveyedNode | undefined = placed;
    for (; at !== undefined && !affectsOutput.has(at.node); at = at.parent) affectsOutput.add(at.node);
  }
  return affectsOutput;
}

function affectsOutputItself(node: AnyNode, found: Omit<OutputNodes, 'affectsOutput'>): boolean {
  if (ALWAYS.has(node.type) || printsHere(node, found) || found.printingFunctions.has(node)) return true;
  return node.type === 'Identifier' && (found.names.has(node.start) || found.functionUses.has(node.start));
}

const ALWAYS: ReadonlySet<string> = new Set([
  'ReturnStatement',
  'BreakStatement',
  'ContinueStatement',
  'ThrowStatement',
  'AwaitExpression',
  'YieldExpression',
]);

/** The function nodes among acorn's types. */
export type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

export function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}
