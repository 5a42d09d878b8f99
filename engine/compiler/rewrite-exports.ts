// Exports of a module → getters of its namespace. Getters keep exports live, and hoisted functions usable in import
// cycles.

import type { ExportDefaultDeclaration, ExportNamedDeclaration, Program } from 'acorn';
import { afterTrivia } from './2-parse/trivia.ts';
import { type Edit, lineBreaksOf } from './4-emit/edits.ts';
import { boundNames } from './bound-names.ts';
import { exportAccess, moduleExportName } from './imported-modules.ts';
import { ModuleNames } from './module-names.ts';
import { type RewrittenImports, removal } from './rewrite-imports.ts';
import { writtenNames } from './written-names.ts';

/** The edits for the exports of a module, and the members of its namespace. */
export interface RewrittenExports {
  readonly edits: readonly Edit[];
  /** The exported names with the expressions that read them. */
  readonly getters: readonly (readonly [name: string, expression: string])[];
  /** The indexes of imports that the module exports as a whole (`export *`). */
  readonly stars: readonly number[];
  /** Whether the default export is a function without a name, to which the module itself must give one. */
  readonly hasUnnamedFunction: boolean;
}

/** Rewrites the exports of a tree whose imports are rewritten by `imports`. */
export function rewriteExports(source: string, tree: Program, imports: RewrittenImports): RewrittenExports {
  const edits: Edit[] = [];
  const getters: [string, string][] = [];
  const stars: number[] = [];
  let hasUnnamedFunction = false;
  const indexes = new Map<unknown, number>(imports.facts.map(({ specifier }, index) => [specifier, index]));
  const indexOf = (specifier: unknown) => indexes.get(specifier) ?? -1;
  const moduleOf = (specifier: unknown) => imports.modules[indexOf(specifier)] ?? '';
  const defaultName = new ModuleNames(writtenNames(source, tree)).default;
  for (const node of tree.body) {
    if (node.type === 'ExportAllDeclaration') {
      edits.push(removal(node, source));
      if (node.exported) getters.push([moduleExportName(node.exported), moduleOf(node.source.value)]);
      else stars.push(indexOf(node.source.value));
    } else if (node.type === 'ExportDefaultDeclaration') {
      edits.push(...defaultEdits(node, source, defaultName));
      getters.push(['default', ownName(node) ?? defaultName]);
      hasUnnamedFunction = node.declaration.type === 'FunctionDeclaration' && !node.declaration.id;
    } else if (node.type === 'ExportNamedDeclaration') {
      edits.push(node.declaration ? unexported(node, node.declaration, source) : removal(node, source));
      getters.push(...namedGetters(node, node.source && moduleOf(node.source.value), imports.bindings));
    }
  }
  return { edits, getters, stars, hasUnnamedFunction };
}

/** Removes the keywords before a declaration. */
function unexported(
  node: { readonly start: number },
  declaration: { readonly start: number },
  source: string,
): Edit {
  const { start } = node;
  const end = declaration.start;
  return { start, end, text: lineBreaksOf(source.slice(start, end)) };
}

function namedGetters(
  node: ExportNamedDeclaration,
  module: string | null | undefined,
  bindings: ReadonlyMap<string, string>,
): [string, string][] {
  if (node.declaration) return boundNames(node.declaration).map((name) => [name, name]);
  return node.specifiers.map((specifier) => {
    const local = moduleExportName(specifier.local);
    const read = module ? exportAccess(module, local) : (bindings.get(local) ?? local);
    return [moduleExportName(specifier.exported), read];
  });
}

function ownName({ declaration }: ExportDefaultDeclaration): string | undefined {
  const isDeclaration = declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
  return isDeclaration ? declaration.id?.name : undefined;
}

/** The offset behind `function` and `*`, also with comments between them. */
function functionNamePlace(
  { start, async, generator }: { start: number; async: boolean; generator: boolean },
  source: string,
): number {
  const keyword = async ? afterTrivia(source, start + 'async'.length) : start;
  const behind = keyword + 'function'.length;
  return generator ? afterTrivia(source, behind) + 1 : behind;
}

/**
 * A named function or class remains a declaration. A function without a name gets one, so that it is hoisted. Any
 * other value becomes a constant that is destructured from an object, because this gives a class or arrow function
 * the name `default`.
 */
function defaultEdits(node: ExportDefaultDeclaration, source: string, name: string): Edit[] {
  const { declaration } = node;
  if (ownName(node) !== undefined) return [unexported(node, declaration, source)];
  if (declaration.type === 'FunctionDeclaration') {
    const at = functionNamePlace(declaration, source);
    return [unexported(node, declaration, source), { start: at, end: at, text: ` ${name}` }];
  }
  const words = source.slice(
    node.start,
    afterTrivia(source, node.start + 'export'.length) + 'default'.length,
  );
  const end = source.charAt(node.end - 1) === ';' ? node.end - 1 : node.end;
  return [
    {
      start: node.start,
      end: node.start + words.length,
      text: `const {default:${name}}={default:${lineBreaksOf(words)}`,
    },
    { start: end, end, text: '};' },
  ];
}
