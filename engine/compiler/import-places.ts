// Where in a tree a name stands in a way that matters to what it is replaced with, and where `import(…)`,
// `import.meta` and await stand. One walk.

import type { Program } from 'acorn';
import { childNodes, isNode, nodeAt, nodesAt, type SyntaxNode } from './2-parse/nodes.ts';

/** Offsets, each of the name itself. */
export interface ImportPlaces {
  /** Names that are called, or tag a template. */
  readonly called: ReadonlySet<number>;
  /** `{ x }` as a value. */
  readonly shorthands: ReadonlySet<number>;
  /** Names in `export { x }`. */
  readonly exported: ReadonlySet<number>;
  /** The beginnings of expression statements in a list of statements. */
  readonly statements: ReadonlySet<number>;
  /** The `import` of every `import(…)`. */
  readonly dynamic: readonly number[];
  readonly metas: readonly SyntaxNode[];
  /** Whether the top level awaits. */
  readonly awaits: boolean;
}

interface Places {
  readonly called: Set<number>;
  readonly shorthands: Set<number>;
  readonly exported: Set<number>;
  readonly statements: Set<number>;
  readonly dynamic: number[];
  readonly metas: SyntaxNode[];
  awaits: boolean;
}

/** Finds the places in a tree of plain JavaScript. */
export function importPlaces(tree: Program): ImportPlaces {
  const places: Places = {
    called: new Set(),
    shorthands: new Set(),
    exported: new Set(),
    statements: new Set(),
    dynamic: [],
    metas: [],
    awaits: false,
  };
  const program: unknown = tree;
  if (isNode(program)) visit(program, false, places);
  return places;
}

function visit(node: SyntaxNode, inFunction: boolean, places: Places): void {
  note(node, places);
  const isAwait = node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await === true);
  if (isAwait && !inFunction) places.awaits = true;
  const inside = inFunction || /Function/.test(node.type);
  for (const child of childNodes(node)) visit(child, inside, places);
}

function note(node: SyntaxNode, places: Places): void {
  const callee = nodeAt(node, 'callee') ?? nodeAt(node, 'tag');
  if (callee?.type === 'Identifier' && node.type !== 'NewExpression') places.called.add(callee.start);
  if (node.type === 'Property' && node.shorthand === true) places.shorthands.add(node.start);
  if (node.type === 'ExportSpecifier') places.exported.add(nodeAt(node, 'local')?.start ?? -1);
  if (node.type === 'ImportExpression') places.dynamic.push(node.start);
  if (node.type === 'MetaProperty' && nodeAt(node, 'meta')?.name === 'import') places.metas.push(node);
  for (const statement of [...nodesAt(node, 'body'), ...nodesAt(node, 'consequent')]) {
    if (statement.type === 'ExpressionStatement') places.statements.add(statement.start);
  }
}
