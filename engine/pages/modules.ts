// The modules of a site: each runs once per version of its file, with live bindings, cycles and top-level await as in
// Node. When a file changes, it and its importers run again at the next load; their siblings keep their state.
// Packages are left to Node (modules/external.ts). What one version is, is in modules/record.ts.

import { realpathSync } from 'node:fs';
import type { ImportFact } from '../compiler/facts.ts';
import { Problem } from '../diagnostics/problem.ts';
import { missingExport, starNames } from './modules/exported.ts';
import { ExternalModules, missingPackage, type Namespace } from './modules/external.ts';
import { runningOrder } from './modules/groups.ts';
import { Importers } from './modules/importers.ts';
import { type Dependency, type ImportMeta, metaOf, SiteModule } from './modules/record.ts';
import { isPath, pathOf, specifierOf, type Target, targetOf, type Wanted } from './modules/resolve.ts';
import { type Stamp, stampOf } from './stamp.ts';

/** What the modules of a site need to know. */
export interface SiteModulesOptions {
  /** root_dir, absolute: where a leading `/` starts. */
  readonly root: string;
  /** true: every load looks at the files on disk. false: only `changed` makes a module run again. */
  readonly debug: boolean;
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
}

type FileTarget = Exclude<Target, { readonly kind: 'external' }>;

/** The loaded modules of one site. */
export class SiteModules {
  readonly #options: SiteModulesOptions;
  readonly #modules = new Map<string, SiteModule>();
  /** Versions that did not compile: they are not compiled again until they change. */
  readonly #failures = new Map<string, { readonly stamp: Stamp; readonly error: unknown }>();
  readonly #importers = new Importers();
  readonly #external = new ExternalModules();

  constructor(options: SiteModulesOptions) {
    this.#options = options;
  }

  /** The namespace of a module if it has run and is the newest; else undefined, and `load` has work to do. */
  loadNow(wanted: Wanted, importer: string): Namespace | undefined {
    const target = this.#targetIfAny(wanted, importer);
    if (target === undefined) return undefined;
    if (target.kind === 'external') return this.#external.get(target.specifier, importer);
    this.#refresh(target.file);
    const module = this.#modules.get(target.file);
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
    this.#note(wanted, importer);
    const target = targetOf(wanted, importer, this.#options.root);
    const module =
      target.kind === 'external'
        ? await this.#loadExternal(wanted, target.specifier, importer)
        : await this.#loadFile(target);
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
    return this.#importers.usedBy(file);
  }

  /** Files that were saved, added or removed: gives them, their importers, and the importers of those. */
  changed(files: readonly string[]): Set<string> {
    const all = new Set(files.flatMap((file) => [file, realPath(file)]));
    const affected = this.#importers.affectedBy(all);
    this.#giveUpOutdated(all);
    for (const file of all) this.#importers.forget(file);
    return affected;
  }

  /** What would go wrong with these imports, told without running anything. */
  check(imports: readonly ImportFact[], importer: string): Problem[] {
    const problems: Problem[] = [];
    const seen = new Set<string>();
    const visit = (facts: readonly ImportFact[], from: string): void => {
      for (const fact of facts) {
        const module = this.#checked(fact, from, problems);
        if (module === undefined || seen.has(module.file)) continue;
        seen.add(module.file);
        visit(module.imports, module.file);
      }
    };
    visit(imports, importer);
    return problems;
  }

  /** Closes what the modules hold open. */
  close(): void {
    for (const module of this.#modules.values()) this.#giveUp(module);
  }

  #checked(fact: ImportFact, importer: string, problems: Problem[]): SiteModule | undefined {
    try {
      const target = targetOf(fact, importer, this.#options.root);
      const problem =
        target.kind === 'external' ? missingPackage(fact, target.specifier, importer) : undefined;
      if (problem !== undefined) problems.push(problem);
      if (target.kind === 'external') return undefined;
      this.#refresh(target.file);
      const module = this.#module(target);
      const missing = this.#linked(module) ? missingExport(fact, module, importer) : undefined;
      if (missing !== undefined) problems.push(missing);
      return module;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problems.push(error);
      return undefined;
    }
  }

  /** Whether a module and all that it imports compile and are there; if not, its own check says why. */
  #linked(module: SiteModule): boolean {
    try {
      this.#link(module);
      return true;
    } catch (error) {
      if (error instanceof Problem) return false;
      throw error;
    }
  }

  #targetIfAny(wanted: Wanted, importer: string): Target | undefined {
    try {
      return targetOf(wanted, importer, this.#options.root);
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
    this.#refresh(target.file);
    const module = this.#module(target);
    this.#link(module);
    const groups = runningOrder(module);
    const fresh = groups.flat().filter(({ done }) => done === undefined);
    await this.#loadExternals(fresh);
    for (const each of fresh) checkImports(each);
    for (const group of groups) await this.#runGroup(group);
    return module;
  }

  /** Compiles a module, but does not run it. */
  #module({ file, kind }: FileTarget): SiteModule {
    const known = this.#modules.get(file);
    if (known !== undefined) return known;
    const stamp = stampOf(file);
    const failure = this.#failures.get(file);
    if (failure?.stamp === stamp) throw failure.error;
    try {
      const module = new SiteModule(file, kind);
      this.#modules.set(file, module);
      this.#failures.delete(file);
      return module;
    } catch (error) {
      this.#failures.set(file, { stamp, error });
      throw error;
    }
  }

  /** Finds and compiles everything that a module needs. */
  #link(root: SiteModule): void {
    const seen = new Set<SiteModule>([root]);
    for (const module of seen) {
      if (module.dependencies.length < module.imports.length) {
        module.dependencies = module.imports.map((fact) => this.#dependency(fact, module.file));
      }
      for (const dependency of module.siteDependencies) seen.add(dependency);
    }
  }

  #dependency(fact: ImportFact, importer: string): Dependency {
    this.#note(fact, importer);
    const target = targetOf(fact, importer, this.#options.root);
    if (target.kind !== 'external') return this.#module(target);
    const { specifier } = target;
    return { kind: 'external', specifier, namespace: this.#external.get(specifier, importer) };
  }

  async #loadExternals(modules: readonly SiteModule[]): Promise<void> {
    for (const module of modules) {
      for (const [index, dependency] of module.dependencies.entries()) {
        const fact = module.imports[index];
        if (dependency.kind === 'site' || dependency.namespace !== undefined || fact === undefined) continue;
        dependency.namespace = await this.#external.load(fact, dependency.specifier, module.file);
      }
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

  /** Nothing of a failed run is kept: neither the modules, nor those that waited for them. */
  #failed(group: readonly SiteModule[], error: unknown): never {
    const affected = this.#importers.affectedBy(group.map(({ file }) => file));
    for (const file of affected) {
      const module = this.#modules.get(file);
      if (module !== undefined && (module.done === undefined || group.includes(module))) this.#giveUp(module);
    }
    throw error;
  }

  /** With debug, gives up whatever has changed on disk among a file and what it imports. */
  #refresh(file: string): void {
    if (this.#options.debug) this.#giveUpOutdated([file, ...this.#importers.usedBy(file)]);
  }

  #giveUpOutdated(files: Iterable<string>): void {
    const outdated = [...files].filter((file) => this.#isOutdated(file));
    if (outdated.length === 0) return;
    for (const file of this.#importers.affectedBy(outdated)) {
      const module = this.#modules.get(file);
      if (module !== undefined) this.#giveUp(module);
    }
    for (const file of outdated) this.#importers.forget(file);
  }

  #isOutdated(file: string): boolean {
    const module = this.#modules.get(file);
    return module !== undefined && module.stamp !== stampOf(file);
  }

  #giveUp(module: SiteModule): void {
    this.#modules.delete(module.file);
    module.giveUp((message, cause) => this.#options.log('error', message, cause));
  }

  /** Remembers who imports what, also under the name that is written: the file may not be there yet, or be a link. */
  #note(wanted: Wanted, importer: string): void {
    const specifier = specifierOf(wanted);
    if (!isPath(specifier)) return;
    const path = pathOf(specifier, importer, this.#options.root);
    this.#importers.add(importer, path);
    this.#importers.add(importer, realPath(path));
  }
}

function checkImports(module: SiteModule): void {
  for (const [index, fact] of module.imports.entries()) {
    const dependency = module.dependencies[index];
    const missing = dependency && missingExport(fact, dependency, module.file);
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

function realPath(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    return file;
  }
}
