// The names that modules export, known from the sources before any code runs, and errors for imports of other names.

import type { ImportFact } from '../../compiler/facts.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { Dependency, SiteModule } from './site-module.ts';

/**
 * The names that a module exports by `export *`, each with the module that defines it. A module's own names precede
 * them; if two modules export one name, the first `export *` wins.
 */
export function starNames(
  module: SiteModule,
  within: ReadonlySet<SiteModule> = new Set(),
): Map<string, Dependency> {
  const names = new Map<string, Dependency>();
  const path = new Set([...within, module]);
  for (const index of module.compiled.stars) {
    const from = module.dependencies[index];
    if (from === undefined || (from.kind === 'site' && path.has(from))) continue;
    for (const name of exportNames(from, path)) {
      if (name !== 'default' && !module.compiled.exports.includes(name) && !names.has(name))
        names.set(name, from);
    }
  }
  return names;
}

/** All names that a module exports. */
export function exportNames(module: Dependency, within: ReadonlySet<SiteModule> = new Set()): string[] {
  if (module.kind === 'external') return Object.keys(module.namespace ?? {});
  return [...module.compiled.exports, ...starNames(module, within).keys()];
}

/** Errors for the names of an import that the module does not export. */
export function missingExports(fact: ImportFact, module: Dependency, importer: string): Problem[] {
  if (!isKnown(module)) return [];
  const names = exportNames(module);
  const { specifier, line, column } = fact;
  return fact.names
    .filter((wanted) => !names.includes(wanted))
    .map((name) => {
      const params = { name, specifier, advice: advice(name, names) };
      return new Problem('export-missing', { file: importer, line, column, params, value: name });
    });
}

/** The first error of `missingExports`, which keeps the importing module from running. */
export function missingExport(fact: ImportFact, module: Dependency, importer: string): Problem | undefined {
  return missingExports(fact, module, importer)[0];
}

/** Whether all exported names are known. The names of a package are known only when it has been loaded. */
function isKnown(module: Dependency, within: ReadonlySet<Dependency> = new Set()): boolean {
  if (module.kind === 'external') return module.namespace !== undefined;
  const path = new Set([...within, module]);
  return module.compiled.stars.every((index) => {
    const from = module.dependencies[index];
    return from === undefined || path.has(from) || isKnown(from, path);
  });
}

function advice(name: string, names: readonly string[]): string {
  const has = names.length === 0 ? 'It exports nothing.' : `It exports ${names.slice(0, 20).join(', ')}.`;
  return name === 'default' ? has : `${has} If ${name} is a type, write \`import { type ${name} }\`.`;
}
