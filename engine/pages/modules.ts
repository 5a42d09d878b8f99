// The modules of a site: each runs once per version of its file, with live bindings, cycles and top-level await as in
// Node. When a file changes, it and its importers run again at the next load; their siblings keep their state.
// Packages are left to Node (modules/external.ts); versions and importers are kept by modules/graph.ts.

import type { ImportFact } from '../compiler/facts.ts';
import { Problem } from '../diagnostics/problem.ts';
import { type CheckedImports, checkImports } from './modules/check.ts';
import { missingExport, starNames } from './modules/exported.ts';
import { ExternalModules, type Namespace } from './modules/external.ts';
import { type FileTarget, ModuleGraph, type SiteModulesOptions } from './modules/graph.ts';
import { runningOrder } from './modules/groups.ts';
import { type Dependency, type ImportMeta, metaOf, type SiteModule } from './modules/record.ts';
import type { Target, Wanted } from './modules/resolve.ts';

export type { Namespace } from './modules/external.ts';
export type { SiteModulesOptions } from './modules/graph.ts';

/** The loaded modules of one site. */
export class SiteModules {
  readonly #graph: ModuleGraph;
  readonly #external = new ExternalModules();

  constructor(options: SiteModulesOptions) {
    this.#graph = new ModuleGraph(options);
  }

  /** The namespace of a module if it has run and is the newest; else undefined, and `load` has work to do. */
  loadNow(wanted: Wanted, importer: string): Namespace | undefined {
    const target = this.#targetIfAny(wanted, importer);
    if (target === undefined) return undefined;
    if (target.kind === 'external') return this.#external.get(target.specifier, importer);
    this.#graph.note(wanted, importer);
    this.#graph.refresh(target.file);
    const module = this.#graph.get(target.file);
    if (module?.done !== true) return undefined;
    const isMissing = typeof wanted === 'object' && missingExport(wanted, module, importer) !== undefined;
    return isMissing ? undefined : module.namespace;
  }

  /**
   * The namespace of a module, which runs if it has not. The importer counts as such from now on, also when this fails.
   * @param importer absolute path of the page or module that imports
   * @throws Problem, or what the module throws while it runs
   */
  async load(wanted: Wanted, importer: string): Promise<Namespace> {
    this.#graph.note(wanted, importer);
    const target = this.#graph.target(wanted, importer);
    const module = await (target.kind === 'external'
      ? this.#loadExternal(wanted, target.specifier, importer)
      : this.#loadFile(target));
    const missing = typeof wanted === 'object' ? missingExport(wanted, module, importer) : undefined;
    if (missing !== undefined) throw missing;
    return module.namespace ?? {};
  }

  /** `import()` as a file has it. */
  dynamicImport(importer: string): (specifier: unknown) => Promise<Namespace> {
    return async (specifier) => {
      // A module that is running must have run, or wait, before another one that imports it is looked at.
      await undefined;
      return this.load(String(specifier), importer);
    };
  }

  /** `import.meta` of a page; a page runs for each request and holds nothing that could be closed. */
  pageMeta(file: string): Omit<ImportMeta, 'hot'> {
    const { url, filename, dirname } = metaOf(file, () => undefined);
    return { url, filename, dirname };
  }

  /** Absolute paths of everything that a page or module imports, and what that imports. */
  uses(file: string): ReadonlySet<string> {
    return this.#graph.usedBy(file);
  }

  /** Files that were saved, added or removed: gives them, their importers, and the importers of those. */
  changed(files: readonly string[]): Set<string> {
    return this.#graph.changed(files);
  }

  /** What would go wrong with these imports, told without running anything. */
  check(imports: readonly ImportFact[], importer: string): CheckedImports {
    return checkImports(imports, importer, this.#graph);
  }

  /** Closes what the modules hold open. */
  close(): void {
    this.#graph.giveUpAll();
  }

  #targetIfAny(wanted: Wanted, importer: string): Target | undefined {
    try {
      return this.#graph.target(wanted, importer);
    } catch (error) {
      if (error instanceof Problem) return undefined;
      throw error;
    }
  }

  async #loadExternal(wanted: Wanted, specifier: string, importer: string): Promise<Dependency> {
    const namespace = await this.#external.load(wanted, specifier, importer);
    return { kind: 'external', specifier, namespace };
  }

  async #loadFile(target: FileTarget): Promise<SiteModule> {
    this.#graph.refresh(target.file);
    const module = this.#graph.module(target);
    this.#graph.link(module);
    const groups = runningOrder(module);
    const fresh = groups.flat().filter(({ done }) => done === undefined);
    for (const each of fresh) await this.#loadExternals(each);
    for (const each of fresh) refuseMissingExports(each);
    for (const group of groups) await this.#runGroup(group);
    return module;
  }

  async #loadExternals(module: SiteModule): Promise<void> {
    for (const [fact, dependency] of linksOf(module)) {
      if (dependency.kind === 'site' || dependency.namespace !== undefined) continue;
      dependency.namespace = await this.#external.load(fact, dependency.specifier, module.file);
    }
  }

  /** Runs modules that import each other; at once unless one of them awaits. */
  #runGroup(group: readonly SiteModule[]): void | Promise<void> {
    const state = group[0]?.done;
    if (state === true) return undefined;
    if (state !== undefined) return state;
    for (const module of group) module.instantiate(this.dynamicImport(module.file), starNames(module));
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

  #failed(group: readonly SiteModule[], error: unknown): never {
    this.#graph.giveUpFailed(group);
    throw error;
  }
}

/** The imports of a module with what they lead to. */
function linksOf(module: SiteModule): [ImportFact, Dependency][] {
  return module.imports.flatMap((fact, index): [ImportFact, Dependency][] => {
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
