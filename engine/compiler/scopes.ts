// Which declaration a name refers to: the one place where eslint-scope meets acorn's tree.

import type { Program } from 'acorn';
import { analyze, type Reference, type Scope, type Variable } from 'eslint-scope';
import type * as ESTree from 'estree';

/** A use of a variable, by the offset of its identifier. */
export interface Use {
  readonly start: number;
  readonly end: number;
  readonly assigned: boolean;
}

/** The uses of every variable that an import declares, by its name. */
export function usesOfImports(tree: Program): Map<string, Use[]> {
  const scope = moduleScope(tree);
  const imported = scope?.variables.filter((variable) =>
    variable.defs.some((def) => def.type === 'ImportBinding'),
  );
  return new Map(imported?.map((variable) => [variable.name, usesOf(variable)]));
}

function moduleScope(tree: Program): Scope | undefined {
  if (!isESTree(tree)) return undefined;
  const scopes = analyze(tree, { ecmaVersion: 2022, sourceType: 'module', ignoreEval: true });
  return scopes.globalScope?.childScopes.find((scope) => scope.type === 'module');
}

/** acorn's tree is the same one as ESTree's; only the two type declarations differ. */
function isESTree(tree: unknown): tree is ESTree.Program {
  return typeof tree === 'object' && tree !== null && 'body' in tree;
}

function usesOf(variable: Variable): Use[] {
  return variable.references.flatMap(useOf);
}

function useOf(reference: Reference): Use[] {
  const range = reference.identifier.range;
  return range === undefined ? [] : [{ start: range[0], end: range[1], assigned: reference.isWrite() }];
}

/** Every name that a source uses and does not declare, with its uses in the order of the source. */
export function freeNames(tree: Program): Map<string, Use[]> {
  const names = new Map<string, Use[]>();
  for (const reference of moduleScope(tree)?.through ?? []) {
    const { name } = reference.identifier;
    names.set(name, [...(names.get(name) ?? []), ...useOf(reference)]);
  }
  return names;
}
