// Resolves names to their declarations. This file alone knows eslint-scope and passes acorn's tree to it.

import type { Node, Program } from 'acorn';
import { analyze, type Reference, type Scope, type Variable } from 'eslint-scope';
import type * as ESTree from 'estree';

/** A use of a variable, by the offset of its identifier. */
export interface Use {
  readonly start: number;
  readonly end: number;
  readonly assigned: boolean;
}

/**
 * A function with a name that is bound to it: the name of its declaration, or of the variable that is initialized
 * with it.
 */
export interface BoundFunction {
  readonly name: string;
  readonly node: Node;
}

/** The declaration of a name. */
export interface DeclaredName {
  readonly kind: 'variable' | 'parameter' | 'import' | 'function' | 'other';
  /** The offset of the identifier in the declaration. */
  readonly at: number;
  /** The offset of the declarator, the import specifier or the function. */
  readonly node: number;
  /** Whether the name gets another value after its declaration. */
  readonly isReassigned: boolean;
  /** The offsets at which it gets one. */
  readonly writes: readonly number[];
}

/** The scopes of one tree. */
export class Scopes {
  readonly #scopes: readonly Scope[];
  readonly #module: Scope | undefined;

  constructor(tree: Program) {
    this.#scopes = scopesOf(tree);
    this.#module = this.#scopes.find(({ type }) => type === 'module');
  }

  /** The uses of every imported variable, by its name. */
  usesOfImports(): Map<string, Use[]> {
    const imported = this.#module?.variables.filter((variable) =>
      variable.defs.some((def) => def.type === 'ImportBinding'),
    );
    return new Map(imported?.map((variable) => [variable.name, variable.references.flatMap(useOf)]));
  }

  /** The uses of every name that the source does not declare, in the order of the source. */
  freeNames(): Map<string, Use[]> {
    const names = new Map<string, Use[]>();
    for (const reference of this.#module?.through ?? []) {
      const { name } = reference.identifier;
      const uses = names.get(name) ?? [];
      for (const use of useOf(reference)) uses.push(use);
      names.set(name, uses);
    }
    return names;
  }

  /** The declaration that each use of a declared name belongs to, by the offset of the use. */
  declaredNames(): Map<number, DeclaredName> {
    const names = new Map<number, DeclaredName>();
    for (const { defs, references } of this.#scopes.flatMap((scope) => scope.variables)) {
      const [def] = defs;
      if (def?.node.range === undefined || def.name.range === undefined) continue;
      const written = references.filter((each) => each.isWrite() && each.init !== true);
      const writes = written.flatMap(useOf).map(({ start }) => start);
      const isReassigned = defs.length > 1 || writes.length > 0;
      const [at] = def.name.range;
      const kind = DEFINITIONS[def.type] ?? 'other';
      const name = { kind, at, node: def.node.range[0], isReassigned, writes };
      for (const { start } of references.flatMap(useOf)) names.set(start, name);
    }
    return names;
  }

  /** The uses of names that are bound to these functions, by offset. */
  usesOfFunctions(functions: ReadonlySet<Node>): Map<number, BoundFunction> {
    const uses = new Map<number, BoundFunction>();
    if (functions.size === 0) return uses;
    const byStart = new Map([...functions].map((node) => [node.start, node]));
    for (const variable of this.#scopes.flatMap((scope) => scope.variables)) {
      const node = variable.defs.map((def) => byStart.get(functionStart(def))).find((found) => found);
      if (node === undefined) continue;
      const read = variable.references.filter((reference) => reference.isRead());
      for (const { start } of read.flatMap(useOf)) uses.set(start, { name: variable.name, node });
    }
    return uses;
  }
}

const DEFINITIONS: Readonly<Record<string, DeclaredName['kind']>> = {
  Variable: 'variable',
  Parameter: 'parameter',
  ImportBinding: 'import',
  FunctionName: 'function',
};

function scopesOf(tree: Program): readonly Scope[] {
  if (!isESTree(tree)) return [];
  return analyze(tree, { ecmaVersion: 2022, sourceType: 'module', ignoreEval: true }).scopes;
}

/** acorn's tree is an ESTree. Only the two type declarations differ. */
function isESTree(tree: unknown): tree is ESTree.Program {
  return typeof tree === 'object' && tree !== null && 'body' in tree;
}

function useOf(reference: Reference): Use[] {
  const range = reference.identifier.range;
  return range === undefined ? [] : [{ start: range[0], end: range[1], assigned: reference.isWrite() }];
}

/** The offset of the function that a definition declares or is initialized with; -1 without one. */
function functionStart({ type, node }: Variable['defs'][number]): number {
  if (type === 'FunctionName') return node.range?.[0] ?? -1;
  return type === 'Variable' ? (node.init?.range?.[0] ?? -1) : -1;
}
