// Loads and runs the modules of a site. Each version of a file runs once, with live bindings, cycles and top-level
// await as in Node. Node loads packages (external-modules.ts); module-instances.ts owns the instances.

import type { ImportFact } from '../../compiler/facts.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { HiddenFiles } from '../hidden-files.ts';
import { DiskSources } from '../sources.ts';
import { type ImportMeta, moduleCompiler } from './compiled-module.ts';
import { ExternalModules, type Namespace } from './external-modules.ts';
import { type CheckedImports, checkImports } from './import-check.ts';
import { missingExport, starNames } from './module-exports.ts';
import { ModuleInstances, type ModuleInstancesOptions } from './module-instances.ts';
import { type ImportReference, type ImportTarget, importedPath } from './module-resolution.ts';
import { runningOrder } from './running-order.ts';
import { type Dependency, metaOf, type SiteModule } from './site-module.ts';

export type { Namespace } from './external-modules.ts';

/** The settings of a module loader. */
export interface ModuleLoaderOptions extends ModuleInstancesOptions {
  /** Called for each `import()`: with the importing file and the path that it names. */
  readonly onDynamicImport?: (importer: string, path: string) => void;
}

/** The loaded modules of one generation; under debug, the newest version of each. */
export class ModuleLoader {
  readonly #options: ModuleLoaderOptions;
  readonly #instances: ModuleInstances;
  readonly #external: ExternalModules;

  /**
   * @param before the loader of the generation before
   * @param affected files whose modules are loaded again; all others keep their instance and its state
   */
  constructor(
    options: ModuleLoaderOptions,
    before?: ModuleLoader,
    affected: ReadonlySet<string> = new Set(),
  ) {
    const shared = before === undefined ? [] : before.#instances.unaffectedBy(affected);
    this.#options = options;
    this.#instances = new ModuleInstances(options, shared);
    this.#external = before === undefined ? new ExternalModules() : before.#external;
    for (const module of shared) this.#own(module);
  }

  /** All module instances. */
  all(): Iterable<SiteModule> {
    return this.#instances.all();
  }

  /** Whether this generation uses this instance for its file. */
  has(module: SiteModule): boolean {
    return this.#instances.get(module.file) === module;
  }

  /** The namespace of a module if its newest version has run; otherwise undefined, and `load` must be called. */
  loadNow(wanted: ImportReference, importer: string): Namespace | undefined {
    const target = this.#targetIfAny(wanted, importer);
    if (target === undefined) return undefined;
    if (target.kind === 'external') return this.#external.get(target.specifier, importer);
    this.#instances.refresh(target.file);
    const module = this.#instances.get(target.file);
    if (module?.done !== true) return undefined;
    const isMissing = typeof wanted === 'object' && missingExport(wanted, module, importer) !== undefined;
    return isMissing ? undefined : module.namespace;
  }

  /**
   * The namespace of a module, which runs if it has not run yet.
   * @param importer absolute path of the importing page or module
   * @throws Problem, or the error that the module throws
   */
  async load(wanted: ImportReference, importer: string): Promise<Namespace> {
    const target = this.#instances.target(wanted, importer);
    const module = await (target.kind === 'external'
      ? this.#loadExternal(wanted, target.specifier, importer)
      : this.loadFile(target.file));
    const missing = typeof wanted === 'object' ? missingExport(wanted, module, importer) : undefined;
    if (missing !== undefined) throw missing;
    return module.namespace ?? {};
  }

  /** The module of a file, which runs if it has not run yet. */
  async loadFile(file: string): Promise<SiteModule> {
    this.#instances.refresh(file);
    const module = this.#instances.module(file);
    this.#instances.link(module);
    const groups = runningOrder(module);
    const fresh = groups.flat().filter(({ done }) => done === undefined);
    for (const each of fresh) await this.#loadExternals(each);
    for (const each of fresh) refuseMissingExports(each);
    for (const group of groups) await this.#runGroup(group);
    return module;
  }

  /** The function behind `import()` in a page or, with `module`, in a module. */
  dynamicImport(importer: string, module?: SiteModule): (specifier: unknown) => Promise<Namespace> {
    return async (specifier) => {
      // Continues in a later microtask: the importing module must have run, or be suspended, before another module that
      // imports it is linked.
      await undefined;
      const wanted = String(specifier);
      const path = importedPath(wanted, importer, this.#options.sources.root);
      if (path !== undefined) this.#options.onDynamicImport?.(importer, path);
      const target = this.#instances.target(wanted, importer);
      if (target.kind === 'external') return this.load(wanted, importer);
      const loading = this.loadFile(target.file);
      const imported = this.#instances.get(target.file);
      if (imported !== undefined) module?.dynamicDependencies.add(imported);
      return (await loading).namespace;
    };
  }

  /** `import.meta` of a page. It has no `hot`, because a page runs for each request and holds nothing open. */
  pageMeta(file: string): Omit<ImportMeta, 'hot'> {
    const { url, filename, dirname } = metaOf(file, () => undefined);
    return { url, filename, dirname };
  }

  /** Checks imports without running any code. */
  check(imports: readonly ImportFact[], importer: string): CheckedImports {
    return checkImports(imports, importer, this.#instances);
  }

  /** Disposes of the modules that no other generation uses. */
  close(isKept?: (module: SiteModule) => boolean): void {
    this.#instances.giveUpAll(isKept);
  }

  #targetIfAny(wanted: ImportReference, importer: string): ImportTarget | undefined {
    try {
      return this.#instances.target(wanted, importer);
    } catch (error) {
      if (error instanceof Problem) return undefined;
      throw error;
    }
  }

  async #loadExternal(wanted: ImportReference, specifier: string, importer: string): Promise<Dependency> {
    const namespace = await this.#external.load(wanted, specifier, importer);
    return { kind: 'external', specifier, namespace };
  }

  async #loadExternals(module: SiteModule): Promise<void> {
    for (const [fact, dependency] of linksOf(module)) {
      if (dependency.kind === 'site' || dependency.namespace !== undefined) continue;
      dependency.namespace = await this.#external.load(fact, dependency.specifier, module.file);
    }
  }

  /** Runs a group of modules that import each other. Returns a promise only if one of them awaits. */
  #runGroup(group: readonly SiteModule[]): void | Promise<void> {
    const state = group[0]?.done;
    if (state === true) return undefined;
    if (state !== undefined) return state;
    for (const module of group) {
      this.#own(module);
      module.instantiate(starNames(module));
    }
    try {
      const running = runInOrder(group, 0)?.then(
        () => settle(group, true),
        (error: unknown) => this.#failed(group, error),
      );
      settle(group, running ?? true);
      return running;
    } catch (error) {
      return this.#failed(group, error);
    }
  }

  /** Makes the module's `import()` load modules of this generation. */
  #own(module: SiteModule): void {
    module.importDynamically = this.dynamicImport(module.file, module);
  }

  #failed(group: readonly SiteModule[], error: unknown): never {
    this.#instances.giveUpFailed(group);
    throw error;
  }
}

/**
 * A loader for modules that are not imported by pages, such as a site's own session store. Modules load as for pages
 * (TypeScript is erased, Node loads packages), but only once, and apart from the pages' modules, which run again when
 * their files change.
 * @param root the folder that a leading `/` refers to
 * @returns a function that loads a module by its specifier and the absolute path of the importing file
 */
export function isolatedModuleLoader(
  root: string,
  log: ModuleLoaderOptions['log'],
): (specifier: string, importer: string) => Promise<Namespace> {
  const sources = new DiskSources(root, new HiddenFiles([]), undefined, false);
  const modules = new ModuleLoader({ sources, compiler: moduleCompiler(false), log });
  return (specifier, importer) => modules.load(specifier, importer);
}

/** The imports of a module with their targets. */
function linksOf(module: SiteModule): [ImportFact, Dependency][] {
  return module.compiled.imports.flatMap((fact, index): [ImportFact, Dependency][] => {
    const dependency = module.dependencies[index];
    return dependency === undefined ? [] : [[fact, dependency]];
  });
}

function refuseMissingExports(module: SiteModule): void {
  for (const [fact, dependency] of linksOf(module)) {
    const missing = missingExport(fact, dependency, module.file);
    if (missing !== undefined) throw missing;
  }
}

function runInOrder(group: readonly SiteModule[], from: number): void | Promise<void> {
  for (let index = from; index < group.length; index++) {
    const running = group[index]?.run();
    if (running !== undefined) return running.then(() => runInOrder(group, index + 1));
  }
}

function settle(group: readonly SiteModule[], state: Promise<void> | true): void {
  for (const module of group) module.done = state;
}
