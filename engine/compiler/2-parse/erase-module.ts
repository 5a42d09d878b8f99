// Erases imports and exports of types, as with `verbatimModuleSyntax`: only those with the keyword `type` are erased.

import type { Blanks } from './blanks.ts';
import { nodeAt, nodesAt, type SyntaxNode } from './syntax-nodes.ts';
import { afterTrivia } from './trivia.ts';

const TYPE_DECLARATIONS: ReadonlySet<string> = new Set([
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSDeclareFunction',
]);

/** `import type …`, `import { type T } …` */
export function eraseImport(node: SyntaxNode, blanks: Blanks): boolean {
  if (node.importKind === 'type') {
    blanks.blankDeclaration(node);
    return true;
  }
  eraseSpecifiers(node, 'importKind', blanks);
  return false;
}

/** `export type …`, `export interface …`, `export declare …`, `export { type T }` */
export function eraseExport(node: SyntaxNode, blanks: Blanks): boolean {
  const declaration = nodeAt(node, 'declaration');
  const isType =
    declaration !== undefined && (TYPE_DECLARATIONS.has(declaration.type) || declaration.declare === true);
  if (isType || (node.exportKind === 'type' && declaration === undefined)) {
    blanks.blankDeclaration(node);
    return true;
  }
  // The eraser of the namespace itself decides whether it contains values.
  if (declaration?.type === 'TSModuleDeclaration') blanks.blank(node.start, declaration.start);
  eraseSpecifiers(node, 'exportKind', blanks);
  return false;
}

function eraseSpecifiers(node: SyntaxNode, kind: string, blanks: Blanks): void {
  for (const specifier of nodesAt(node, 'specifiers')) {
    if (specifier[kind] !== 'type') continue;
    const next = afterTrivia(blanks.source, specifier.end);
    blanks.blank(specifier.start, blanks.source.charAt(next) === ',' ? next + 1 : specifier.end);
  }
}
