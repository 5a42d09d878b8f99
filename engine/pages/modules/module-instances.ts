// The module instances of one generation; under debug, of the newest version of each file. They are compiled and linked
// here, and discarded when a file changes; module-loader.ts runs them.

import type { ImportFact } from '../../compiler/facts.ts';
import type { Stamp } from '../site-disk.ts';
import type { Sources } from '../sources.ts';
import type { ModuleCompiler } from './compiled-module.ts';
import { type ImportReference, type ImportTarget, importTarget } from './module-resolution.ts';
import { type Dependency, SiteModule } from './site-module.ts';

/** The sources, compiler and log of module instances. */
export interface ModuleInstancesOptions {
  readonly sources: Sources;
  readonly compiler: ModuleCompiler;
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
}

/** Module instances by real path. */
export class ModuleInstances {
  readonly #options: ModuleInstancesOptions;
  readonly #modules = new Map<string, SiteModule>();
  /** Versions that did not compile, which are not compiled again until their file changes. */
  readonly #failures = new Map<string, { readonly stamp: Stamp; readonly error: unknown }>();

  /** @param shared instances of an earlier generation that are kept, with their state */
  constructor(options: ModuleInstancesOptions, shared: Iterable<SiteModule> = []) {
    this.#options = options;
    for (const module of shared) this.#modules.set(module.file, module);
  }

  /** All module instances. */
  all(): Iterable<SiteModule> {
    return this.#modules.values();
  }

  /** The instances of other files that do not depend on these files, neither by an import nor by `import()`. */
  unaffectedBy(files: ReadonlySet<string>): SiteModule[] {
    const all = [...this.#modules.values()];
    const affected = new Set(this.#importing(all.filter(({ file }) => files.has(file))));
    return all.filter((module) => !affected.has(module));
  }

  /** The current instance of a file. */
  get(file: string): SiteModule | undefined {
    return this.#modules.get(file);
  }

  /** @throws Problem if the file does not exist or is not a module */
  target(wanted: ImportReference, importer: string): ImportTarget {
    return importTarget(wanted, importer, this.#options.sources);
  }

  /**
   * The compiled module of a file; it may not have run yet.
   * @throws Problem if it does not compile
   */
  module(file: string): SiteModule {
    const known = this.#modules.get(file);
    if (known !== undefined) return known;
    const { compiler, sources } = this.#options;
    const stamp = sources.stamp(file);
    const failure = this.#failures.get(file);
    if (failure?.stamp === stamp) throw failure.error;
    try {
      const module = new SiteModule(compiler.get(file, sources));
      this.#modules.set(file, module);
      this.#failures.delete(file);
      return module;
    } catch (error) {
      this.#failures.set(file, { stamp, error });
      throw error;
    }
  }

  /**
   * Finds and compiles all dependencies of a module.
   * @throws Problem if one of them is missing or does not compile
   */
  link(root: SiteModule): void {
    const seen = new Set<SiteModule>([root]);
    for (const module of seen) {
      if (module.dependencies.length < module.compiled.imports.length) {
        module.dependencies = module.compiled.imports.map((fact) => this.#dependency(fact, module.file));
      }
      for (const dependency of module.siteDependencies) seen.add(dependency);
    }
  }

  #dependency(fact: ImportFact, importer: string): Dependency {
    const target = this.target(fact, importer);
    if (target.kind !== 'external') return this.module(target.file);
    return { kind: 'external', specifier: target.specifier, namespace: undefined };
  }

  /** Discards the outdated instances among a file's dependencies, and all instances that depend on them. */
  refresh(file: string): void {
    const { sources } = this.#options;
    if (!sources.isLive) return;
    const outdated = this.#needed(file).filter(
      (module) => module.compiled.stamp !== sources.stamp(module.file),
    );
    for (const module of this.#importing(outdated)) this.#giveUp(module);
  }

  /** Discards the modules of a failed run, and the modules that waited for them. */
  giveUpFailed(group: readonly SiteModule[]): void {
    for (const module of this.#importing(group)) {
      if (module.done === undefined || group.includes(module)) this.#giveUp(module);
    }
  }

  /** Discards all instances that no other generation uses. */
  giveUpAll(isKept: (module: SiteModule) => boolean = () => false): void {
    for (const module of [...this.#modules.values()]) if (!isKept(module)) this.#giveUp(module);
  }

  /** The instance of a file and its dependencies, direct or not. */
  #needed(file: string): SiteModule[] {
    const module = this.#modules.get(file);
    const found = new Set(module === undefined ? [] : [module]);
    for (const next of found)
      for (const dependency of [...next.siteDependencies, ...next.dynamicDependencies]) found.add(dependency);
    return [...found];
  }

  /** These instances and all that depend on them. */
  #importing(modules: readonly SiteModule[]): Iterable<SiteModule> {
    const found = new Set(modules);
    if (found.size === 0) return found;
    for (let before = -1; before !== found.size; ) {
      before = found.size;
      for (const module of this.#modules.values()) {
        const imports = [...module.siteDependencies, ...module.dynamicDependencies];
        if (imports.some((dependency) => found.has(dependency))) found.add(module);
      }
    }
    return found;
  }

  #giveUp(module: SiteModule): void {
    if (this.#modules.get(module.file) === module) this.#modules.delete(module.file);
    module.giveUp((message, cause) => this.#options.log('error', message, cause));
  }
}
