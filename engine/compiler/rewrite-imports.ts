// Imports of a page or module → reads of module namespaces, which keep bindings live: `x` becomes `$1.x` wherever it
// refers to the import. The module system itself is in pages/.

import type { ImportDeclaration, ModuleDeclaration, Program, Statement } from 'acorn';
import { Lines } from '../diagnostics/position.ts';
import { Problem } from '../diagnostics/problem.ts';
import type { Survey } from './3-analyse/survey.ts';
import { type Edit, lineBreaksOf } from './4-emit/edits.ts';
import type { ImportFact } from './facts.ts';
import { type ImportPlaces, importPlaces } from './import-places.ts';
import { ImportedModules } from './imported-modules.ts';
import { ModuleNames } from './module-names.ts';
import type { Scopes, Use } from './scopes.ts';
import { writtenNames } from './written-names.ts';

/** The edits for the imports of a source, and the parameters that its code then has. */
export interface RewrittenImports {
  readonly edits: readonly Edit[];
  /** The names of the parameters that take the namespaces of modules. */
  readonly modules: readonly string[];
  /** The modules, in the order of `modules`. */
  readonly facts: readonly ImportFact[];
  /** The expression that reads each imported name. */
  readonly bindings: ReadonlyMap<string, string>;
  /** The name for `import(…)`; undefined if it is not used. */
  readonly dynamic: string | undefined;
  /** The name for `import.meta`; undefined if it is not used. */
  readonly meta: string | undefined;
}

/** A source with its analysis. */
export interface ImportingSource {
  readonly file: string;
  /** The JavaScript from which the tree was parsed. */
  readonly erased: string;
  readonly tree: Program;
  readonly survey: Survey;
  readonly scopes: Scopes;
}

/**
 * Rewrites the imports of a tree. Exports remain, but the modules that they name are counted.
 * @throws Problem `import-assigned`
 */
export function rewriteImports({
  file,
  erased: source,
  tree,
  survey,
  scopes,
}: ImportingSource): RewrittenImports {
  const names = new ModuleNames(writtenNames(source, tree));
  const places = importPlaces(survey);
  const modules = importedModules(source, tree, names);
  const bindings = modules.bindings;
  return {
    edits: [
      ...tree.body.filter(isImport).map((node) => removal(node, source)),
      ...useEdits(scopes.usesOfImports(), bindings, places, { source, file }),
      ...places.dynamic.map((start) => ({ start, end: start + 'import'.length, text: names.dynamic })),
      ...places.metas.map(({ start, end }) => ({ start, end, text: names.meta })),
    ],
    modules: modules.names,
    facts: modules.facts,
    bindings,
    dynamic: places.dynamic.length > 0 ? names.dynamic : undefined,
    meta: places.metas.length > 0 ? names.meta : undefined,
  };
}

/** The edit that leaves an empty statement in place of a declaration. */
export function removal(node: { readonly start: number; readonly end: number }, source: string): Edit {
  const { start, end } = node;
  return { start, end, text: `;${lineBreaksOf(source.slice(start, end))}` };
}

function isImport(node: Statement | ModuleDeclaration): node is ImportDeclaration {
  return node.type === 'ImportDeclaration';
}

function importedModules(source: string, tree: Program, names: ModuleNames): ImportedModules {
  const modules = new ImportedModules(new Lines(source), names);
  for (const node of tree.body) {
    if (isImport(node) || node.type === 'ExportAllDeclaration') modules.add(node, node.source);
    else if (node.type === 'ExportNamedDeclaration' && node.source) modules.add(node, node.source);
  }
  return modules;
}

function useEdits(
  uses: ReadonlyMap<string, readonly Use[]>,
  bindings: ReadonlyMap<string, string>,
  places: ImportPlaces,
  { source, file }: { readonly source: string; readonly file: string },
): Edit[] {
  const edits: Edit[] = [];
  for (const [name, access] of bindings) {
    for (const use of uses.get(name) ?? []) {
      if (use.assigned) {
        throw new Problem('import-assigned', { params: { name }, file, ...new Lines(source).at(use.start) });
      }
      if (!places.exported.has(use.start)) edits.push(useEdit(use, name, access, places));
    }
  }
  return edits;
}

/**
 * The edit for one use of an import. A called import becomes `(0,$1.f)()`, because `$1.f()` would pass the module as
 * `this`. The `;` before it keeps the parenthesis from becoming the arguments of a line above without a semicolon.
 */
function useEdit({ start, end }: Use, name: string, access: string, places: ImportPlaces): Edit {
  if (places.shorthands.has(start)) return { start, end, text: `${name}:${access}` };
  if (!places.called.has(start) || !/[.[]/.test(access)) return { start, end, text: access };
  return { start, end, text: `${places.statements.has(start) ? ';' : ''}(0,${access})` };
}
