// The versions of a site's modules that are in use, who imports whom, and what is given up when a file changes.
// It compiles and links; running is for pages/modules.ts.

import { realpathSync } from 'node:fs';
import type { ImportFact } from '../../compiler/facts.ts';
import { type Stamp, stampOf } from '../stamp.ts';
import { Importers } from './importers.ts';
import { type Dependency, SiteModule } from './record.ts';
import { pathOf, specifierOf, type Target, targetOf, type Wanted } from './resolve.ts';

/** What the modules of a site need to know. */
export interface SiteModulesOptions {
  /** root_dir, absolute: where a leading `/` starts. */
  readonly root: string;
  /** true: every load looks at the files on disk. false: only `changed` makes a module run again. */
  readonly debug: boolean;
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
}

/** A target that is a file of the site. */
export type FileTarget = Exclude<Target, { readonly kind: 'external' }>;

/** The modules of one site by absolute, real path. */
export class ModuleGraph {
  readonly #options: SiteModulesOptions;
  readonly #modules = new Map<string, SiteModule>();
  /** Versions that did not compile: they are not compiled again until they change. */
  readonly #failures = new Map<string, { readonly stamp: Stamp; readonly error: unknown }>();
  readonly #importers = new Importers();

  constructor(options: SiteModulesOptions) {
    this.#options = options;
  }

  /** The version that is in use, if there is one. */
  get(file: string): SiteModule | undefined {
    return this.#modules.get(file);
  }

  /** @throws Problem when there is no such file, or it is no module */
  target(wanted: Wanted, importer: string): Target {
    return targetOf(wanted, importer, this.#options.root);
  }

  /** Remembers who imports what, also under the name that is written: the file may not be there yet, or be a link. */
  note(wanted: Wanted, importer: string): void {
    const specifier = specifierOf(wanted);
    const path = pathOf(specifier, importer, this.#options.root);
    if (path === undefined) return;
    this.#importers.add(importer, path);
    this.#importers.add(importer, realPath(path));
  }

  /**
   * The module of a file, compiled, not run.
   * @throws Problem when it does not compile
   */
  module({ file, kind }: FileTarget): SiteModule {
    const known = this.#modules.get(file);
    if (known !== undefined) return known;
    const stamp = stampOf(file);
    const failure = this.#failures.get(file);
    if (failure?.stamp === stamp) throw failure.error;
    try {
      const module = new SiteModule(file, kind, this.#options.debug);
      this.#modules.set(file, module);
      this.#failures.delete(file);
      return module;
    } catch (error) {
      this.#failures.set(file, { stamp, error });
      throw error;
    }
  }

  /**
   * Finds and compiles everything that a module needs.
   * @throws Problem when something of it does not compile or is missing
   */
  link(root: SiteModule): void {
    const seen = new Set<SiteModule>([root]);
    for (const module of seen) {
      if (module.dependencies.length < module.imports.length) {
        module.dependencies = module.imports.map((fact) => this.#dependency(fact, module.file));
      }
      for (const dependency of module.siteDependencies) seen.add(dependency);
    }
  }

  #dependency(fact: ImportFact, importer: string): Dependency {
    this.note(fact, importer);
    const target = this.target(fact, importer);
    if (target.kind !== 'external') return this.module(target);
    return { kind: 'external', specifier: target.specifier, namespace: undefined };
  }

  /** Everything that a file imports, and what that imports. */
  usedBy(file: string): Set<string> {
    return this.#importers.usedBy(file);
  }

  /** With debug, gives up whatever has changed on disk among a file and what it imports. */
  refresh(file: string): void {
    if (this.#options.debug) this.#giveUpOutdated([file, ...this.#importers.usedBy(file)]);
  }

  /** Gives up what these files have changed; gives them, their importers, and the importers of those. */
  changed(files: readonly string[]): Set<string> {
    const all = new Set(files.flatMap((file) => [file, realPath(file)]));
    const affected = this.#importers.affectedBy(all);
    this.#giveUpOutdated(all);
    for (const file of all) this.#importers.forget(file);
    return affected;
  }

  /** Of a failed run nothing is kept: neither the modules, nor those that waited for them. */
  giveUpFailed(group: readonly SiteModule[]): void {
    for (const module of this.#importing(group.map(({ file }) => file))) {
      if (module.done === undefined || group.includes(module)) this.#giveUp(module);
    }
  }

  giveUpAll(): void {
    for (const module of [...this.#modules.values()]) this.#giveUp(module);
  }

  #giveUpOutdated(files: Iterable<string>): void {
    const outdated = [...files].filter((file) => this.#isOutdated(file));
    if (outdated.length === 0) return;
    for (const module of this.#importing(outdated)) this.#giveUp(module);
    for (const file of outdated) this.#importers.forget(file);
  }

  #isOutdated(file: string): boolean {
    const module = this.#modules.get(file);
    return module !== undefined && module.stamp !== stampOf(file);
  }

  /** The modules of these files, and all that import them. */
  #importing(files: readonly string[]): SiteModule[] {
    const affected = [...this.#importers.affectedBy(files)];
    return affected.map((file) => this.#modules.get(file)).filter((module) => module !== undefined);
  }

  #giveUp(module: SiteModule): void {
    this.#modules.delete(module.file);
    module.giveUp((message, cause) => this.#options.log('error', message, cause));
  }
}

function realPath(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    return file;
  }
}
