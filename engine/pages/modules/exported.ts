// Which names a module has, told from the sources before anything runs, and whether every import finds its name.

import type { ImportFact } from '../../compiler/facts.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { Dependency, SiteModule } from './record.ts';

/**
 * The names that a module exports with `export *`, and where each is read. Its own names come first, and of two
 * modules with the same name the one that is named first.
 */
export function starNames(
  module: SiteModule,
  within: ReadonlySet<SiteModule> = new Set(),
): Map<string, Dependency> {
  const names = new Map<string, Dependency>();
  const path = new Set([...within, module]);
  for (const index of module.stars) {
    const from = module.dependencies[index];
    if (from === undefined || (from.kind === 'site' && path.has(from))) continue;
    for (const name of exportNames(from, path)) {
      if (name !== 'default' && !module.ownExports.includes(name) && !names.has(name)) names.set(name, from);
    }
  }
  return names;
}

/** All names of a module. */
export function exportNames(module: Dependency, within: ReadonlySet<SiteModule> = new Set()): string[] {
  if (module.kind === 'external') return Object.keys(module.namespace ?? {});
  return [...module.ownExports, ...starNames(module, within).keys()];
}

/** The Problem of an import that asks a module for a name it does not have; undefined when all are there. */
export function missingExport(fact: ImportFact, module: Dependency, importer: string): Problem | undefined {
  if (!isKnown(module)) return undefined;
  const names = exportNames(module);
  const name = fact.names.find((wanted) => !names.includes(wanted));
  if (name === undefined) return undefined;
  const { specifier, line, column } = fact;
  const holes = { name, specifier, advice: advice(name, names) };
  return new Problem('export-missing', { file: importer, line, column, holes, value: name });
}

/** The names of a package are known once it is loaded. */
function isKnown(module: Dependency, within: ReadonlySet<Dependency> = new Set()): boolean {
  if (module.kind === 'external') return module.namespace !== undefined;
  const path = new Set([...within, module]);
  return module.stars.every((index) => {
    const from = module.dependencies[index];
    return from === undefined || path.has(from) || isKnown(from, path);
  });
}

function advice(name: string, names: readonly string[]): string {
  const has = names.length === 0 ? 'It exports nothing.' : `It exports ${names.slice(0, 20).join(', ')}.`;
  return name === 'default' ? has : `${has} If ${name} is a type, write \`import { type ${name} }\`.`;
}
