// Checks imports without running any code, for `karrigell check`.

import type { ImportFact } from '../../compiler/facts.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { missingPackage } from './external-modules.ts';
import { missingExports } from './module-exports.ts';
import type { ModuleInstances } from './module-instances.ts';
import type { SiteModule } from './site-module.ts';

/** A module of the site, with the first import of it. */
export interface ImportedFile {
  readonly file: string;
  readonly fact: ImportFact;
  readonly importer: string;
}

/** The result of a check of imports. */
export interface CheckedImports {
  readonly problems: readonly Problem[];
  /** The imported modules, directly or not, each once. */
  readonly modules: readonly ImportedFile[];
}

/** Collects the errors in a file's imports and in those of the imported modules. */
export function checkImports(
  imports: readonly ImportFact[],
  importer: string,
  instances: ModuleInstances,
): CheckedImports {
  const problems: Problem[] = [];
  const modules = new Map<string, ImportedFile>();
  const visit = (facts: readonly ImportFact[], from: string): void => {
    for (const fact of facts) {
      const module = moduleOf(fact, from, instances, problems);
      if (module === undefined || modules.has(module.file)) continue;
      modules.set(module.file, { file: module.file, fact, importer: from });
      visit(module.compiled.imports, module.file);
    }
  };
  visit(imports, importer);
  return { problems, modules: [...modules.values()] };
}

/** The module of the site that an import names; undefined for a package and for a module that does not compile. */
function moduleOf(
  fact: ImportFact,
  importer: string,
  instances: ModuleInstances,
  problems: Problem[],
): SiteModule | undefined {
  try {
    const target = instances.target(fact, importer);
    if (target.kind === 'external') {
      problems.push(
        ...[missingPackage(fact, target.specifier, importer)].filter((problem) => problem !== undefined),
      );
      return undefined;
    }
    instances.refresh(target.file);
    const module = instances.module(target.file);
    module.compiled.factory();
    if (isComplete(module, instances)) problems.push(...missingExports(fact, module, importer));
    return module;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    problems.push(error);
    return undefined;
  }
}

/** Whether all imports of a module exist and compile. If one does not, that import has its own error. */
function isComplete(module: SiteModule, instances: ModuleInstances): boolean {
  try {
    instances.link(module);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
