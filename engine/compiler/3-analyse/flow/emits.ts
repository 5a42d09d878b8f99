// What of a page's tree prints, and which parts of the tree the flow must look at. One walk each; it judges nothing.

import type { AnyNode, Node, Program } from 'acorn';
import { anchorOf, type Overlay, outputStart } from '../../1-scan/overlay.ts';
import { isOutput, type OutputSegment, type Segment, type TextSegment } from '../../1-scan/segments.ts';
import { type BoundFunction, usesOfFunctions } from '../../scopes.ts';
import { childrenOf } from '../survey.ts';

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
  readonly tree: Program;
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
  findEmitting(source.tree, undefined, own, emitting);
  const mentions = emitting.size === 0 ? new Map() : usesOfFunctions(source.tree, emitting);
  const loud = new Set<Node>();
  findLoud(source.tree, { ...own, behind, emitting, mentions }, loud);
  return { ...own, behind, emitting, mentions, loud };
}

/** A text that stands where no statement can: between the members of a class, which take its `;` for their own. */
export function strayText({ texts, loud }: Emits): TextSegment | undefined {
  const statements = new Set([...loud].map(({ start, type }) => (type === 'EmptyStatement' ? start : -1)));
  return [...texts].find(([offset]) => !statements.has(offset))?.[1];
}

type Own = Pick<Emits, 'texts' | 'outputs' | 'names'>;

/** @param owner the function that `node` is the body of, if any */
function findEmitting(node: AnyNode, owner: Node | undefined, own: Own, emitting: Set<Node>): void {
  if (owner !== undefined && emits(node, own)) emitting.add(owner);
  for (const child of childrenOf(node)) findEmitting(child, ownerOf(node, child, owner), own, emitting);
}

/** Parameters and the fields of a class run apart from any body: what prints there is bound to its place. */
function ownerOf(node: AnyNode, child: Node, owner: Node | undefined): Node | undefined {
  if (isFunction(node)) return child === node.body ? node : undefined;
  if (node.type === 'StaticBlock') return node;
  if (node.type === 'PropertyDefinition') return child === node.value ? undefined : owner;
  return owner;
}

/** Whether a node itself prints. */
function emits(node: AnyNode, { texts, outputs, names }: Own): boolean {
  if (node.type === 'EmptyStatement') return texts.has(node.start);
  if (node.type === 'ExpressionStatement') return outputs.has(node.start);
  if (node.type !== 'Identifier') return false;
  const name = names.get(node.start);
  return name === 'print' || name === 'Include' || name === 'flush';
}

function findLoud(node: AnyNode, found: Omit<Emits, 'loud'>, loud: Set<Node>): boolean {
  let isLoud = isLoudItself(node, found);
  for (const child of childrenOf(node)) if (findLoud(child, found, loud)) isLoud = true;
  if (isLoud) loud.add(node);
  return isLoud;
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
