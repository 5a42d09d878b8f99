// The names that a page uses and does not declare: those are the engine's (QUERY, Session, _email) or JavaScript's own.

import type { Program } from 'acorn';
import { analyze } from 'eslint-scope';
import type * as ESTree from 'estree';

/** A use of a free name. */
export interface FreeUse {
  readonly start: number;
  readonly assigned: boolean;
}

/** Every free name with its uses, in the order of the source. */
export function freeNames(tree: Program): Map<string, FreeUse[]> {
  // acorn's and estree's types describe the same tree (https://github.com/estree/estree) in two ways.
  const scopes = analyze(tree as unknown as ESTree.Program, {
    ecmaVersion: 2022,
    sourceType: 'module',
    ignoreEval: true,
  });
  const names = new Map<string, FreeUse[]>();
  for (const reference of scopes.globalScope?.through ?? []) {
    const identifier = reference.identifier as ESTree.Identifier & { start: number };
    const uses = names.get(identifier.name) ?? [];
    uses.push({ start: identifier.start, assigned: reference.isWrite() });
    names.set(identifier.name, uses);
  }
  return names;
}
