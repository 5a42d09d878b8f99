// The positions of names that need care when an import is replaced by a read of its module, and the positions of
// `import(…)` and `import.meta`.

import type { AnyNode, MetaProperty } from 'acorn';
import { isStatementList, type Survey } from './3-analyse/survey.ts';

/** Offsets of names, by their syntactic role. */
export interface ImportPlaces {
  /** Names that are called or that tag a template. */
  readonly called: Set<number>;
  /** `{ x }` as a value. */
  readonly shorthands: Set<number>;
  /** Names in `export { x }`. */
  readonly exported: Set<number>;
  /** The beginnings of expression statements in a list of statements. */
  readonly statements: Set<number>;
  /** The keyword `import` of every `import(…)`. */
  readonly dynamic: number[];
  readonly metas: MetaProperty[];
}

/** Finds the positions in a tree of plain JavaScript. */
export function importPlaces({ nodes }: Survey): ImportPlaces {
  const places: ImportPlaces = {
    called: new Set(),
    shorthands: new Set(),
    exported: new Set(),
    statements: new Set(),
    dynamic: [],
    metas: [],
  };
  for (const { node, parent } of nodes) note(node, parent?.node, places);
  return places;
}

function note(node: AnyNode, parent: AnyNode | undefined, places: ImportPlaces): void {
  switch (node.type) {
    case 'CallExpression':
      noteCalled(node.callee, places);
      break;
    case 'TaggedTemplateExpression':
      noteCalled(node.tag, places);
      break;
    case 'Property':
      if (node.shorthand) places.shorthands.add(node.start);
      break;
    case 'ExportSpecifier':
      places.exported.add(node.local.start);
      break;
    case 'ExpressionStatement':
      if (isStatementList(parent)) places.statements.add(node.start);
      break;
    case 'ImportExpression':
      places.dynamic.push(node.start);
      break;
    case 'MetaProperty':
      if (node.meta.name === 'import') places.metas.push(node);
  }
}

function noteCalled(callee: AnyNode, places: ImportPlaces): void {
  if (callee.type === 'Identifier') places.called.add(callee.start);
}
