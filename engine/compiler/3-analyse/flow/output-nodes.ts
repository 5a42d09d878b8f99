// Finds the nodes of a page's tree that print, and the parts of the tree that the flow must look at. It judges nothing.

import type { AnyNode, Node } from 'acorn';
import { anchorOf, type Overlay, outputStart } from '../../1-scan/overlay.ts';
import { isOutput, type OutputSegment, type Segment, type TextSegment } from '../../1-scan/segments.ts';
import type { BoundFunction, Scopes } from '../../scopes.ts';
import type { PlacedNode, Survey } from '../survey.ts';

/** The engine's names that the flow knows; `flush` stands where RESPONSE is named to send what is printed. */
export type PrintingName = 'print' | 'Include' | 'Section' | 'html' | 'flush';

/** What prints where in a page's tree. */
export interface Emits {
  /** By the offset of the empty statement that stands for the text. */
  readonly texts: ReadonlyMap<number, TextSegment>;
  /** By the offset of the statement that stands for the output. */
  readonly outputs: ReadonlyMap<number, OutputSegment>;
  /** The text that stands directly behind an output, '' where it is something else. */
  readonly behind: ReadonlyMap<OutputSegment, string>;
  /** The engine's names by the offset of their identifier. */
  readonly names: ReadonlyMap<number, PrintingName>;
  /** Functions and static blocks whose own body prints. */
  readonly emitting: ReadonlySet<Node>;
  /** Where a name that is bound to such a function stands, by offset. */
  readonly mentions: ReadonlyMap<number, BoundFunction>;
  /** Every node that has any of these, a jump, an await or a yield in it. */
  readonly loud: ReadonlySet<Node>;
}

/** What the page is made of, as far as this looks at it. */
export interface EmitSource {
  readonly segments: readonly Segment[];
  readonly overlay: Overlay;
  readonly survey: Survey;
  readonly scopes: Scopes;
}

export function emitsOf(source: EmitSource, names: Emits['names']): Emits {
  const texts = new Map<number, TextSegment>();
  const outputs = new Map<number, OutputSegment>();
  const behind = new Map<OutputSegment, string>();
  for (const [index, segment] of source.segments.entries()) {
    if (isOutput(segment)) {
      const next = source.segments[index + 1];
      outputs.set(outputStart(segment), segment);
      behind.set(segment, next?.kind === 'text' ? next.value : '');
    }
    if (segment.kind === 'text' && source.overlay.printed.has(segment)) texts.set(anchorOf(segment), segment);
  }
  const own = { texts, outputs, names };
  const emitting = new Set<Node>();
  for (const { node, owner } of source.survey.nodes)
    if (owner !== undefined && emits(node, own)) emitting.add(owner);
  const mentions = source.scopes.usesOfFunctions(emitting);
  const loud = loudNodes(source.survey.nodes, { ...own, behind, emitting, mentions });
  return { ...own, behind, emitting, mentions, loud };
}

/** A text that stands where no statement can: between the members of a class, which take its `;` for their own. */
export function strayText({ texts, loud }: Emits): TextSegment | undefined {
  const stray = new Map(texts);
  for (const { start, type } of loud) if (type === 'EmptyStatement') stray.delete(start);
  return stray.values().next().value;
}

type Own = Pick<Emits, 'texts' | 'outputs' | 'names'>;

/** Whether a node itself prints. */
function emits(node: AnyNode, { texts, outputs, names }: Own): boolean {
  if (node.type === 'EmptyStatement') return texts.has(node.start);
  if (node.type === 'ExpressionStatement') return outputs.has(node.start);
  if (node.type !== 'Identifier') return false;
  const name = names.get(node.start);
  return name === 'print' || name === 'Include' || name === 'flush';
}

/** The nodes that are loud themselves, and all around them. */
function loudNodes(nodes: readonly PlacedNode[], found: Omit<Emits, 'loud'>): Set<Node> {
  const loud = new Set<Node>();
  for (const placed of nodes) {
    if (!isLoudItself(placed.node, found)) continue;
    let at: PlacedNode | undefined = placed;
    for (; at !== undefined && !loud.has(at.node); at = at.parent) loud.add(at.node);
  }
  return loud;
}

function isLoudItself(node: AnyNode, found: Omit<Emits, 'loud'>): boolean {
  if (LOUD.has(node.type) || emits(node, found) || found.emitting.has(node)) return true;
  return node.type === 'Identifier' && (found.names.has(node.start) || found.mentions.has(node.start));
}

const LOUD: ReadonlySet<string> = new Set([
  'ReturnStatement',
  'BreakStatement',
  'ContinueStatement',
  'ThrowStatement',
  'AwaitExpression',
  'YieldExpression',
]);

/** The nodes that are functions, in acorn's types. */
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
