// One version of a module of the site: compiled, linked, run once.

import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Body, CompiledSiteModule, Dispose, Getter, ImportMeta } from './compiled-module.ts';
import type { Namespace } from './external-modules.ts';

/** A dependency as its importer sees it. */
export type Dependency = SiteModule | ExternalModule;

/** A package or a built-in module of Node; it has a namespace when it has been loaded. */
export interface ExternalModule {
  readonly kind: 'external';
  readonly specifier: string;
  namespace: Namespace | undefined;
}

/** A module of the site. */
export class SiteModule {
  readonly kind = 'site';
  readonly file: string;
  readonly compiled: CompiledSiteModule;
  readonly namespace: Record<string, unknown> = Object.create(null);
  /** The dependencies in the order of the imports; set when the module is linked. */
  dependencies: readonly Dependency[] = [];
  /** The modules of the site that this one has imported by `import()`. */
  readonly dynamicDependencies = new Set<SiteModule>();
  /** Undefined before the module runs, a promise while it runs, true afterwards. */
  done: Promise<void> | true | undefined;
  /** The function behind its `import()`, which loads modules of the newest generation that uses this instance. */
  importDynamically: (specifier: unknown) => Promise<Namespace> = unlinked;
  readonly #disposers: Dispose[] = [];
  #body: Body | undefined;
  #isGivenUp = false;

  constructor(compiled: CompiledSiteModule) {
    this.file = compiled.file;
    this.compiled = compiled;
  }

  /** The modules of the site among the dependencies. */
  get siteDependencies(): SiteModule[] {
    return this.dependencies.filter((dependency) => dependency.kind === 'site');
  }

  /**
   * First step: hoists functions and defines the names of the namespace. No statement of the module has run.
   * @param starNames the names of `export *`, each with the module that defines it
   */
  instantiate(starNames: ReadonlyMap<string, Dependency>): void {
    const getters = new Map<string, Getter>();
    for (const [name, from] of starNames) getters.set(name, () => from.namespace?.[name]);
    const modules = this.dependencies.map(({ namespace }) => namespace);
    const collect = (own: readonly (readonly [string, Getter])[]) => {
      for (const [name, get] of own) getters.set(name, get);
    };
    this.#body = this.compiled.factory()(
      collect,
      (specifier) => this.importDynamically(specifier),
      metaOf(this.file, (dispose) => this.#addDisposer(dispose)),
      ...modules,
    );
    settle(this.#body.next());
    fillNamespace(this.namespace, getters);
  }

  /** Second step: runs the module. Returns a promise if the module awaits. */
  run(): void | Promise<void> {
    const step = this.#body?.next();
    return step instanceof Promise ? step.then(() => undefined) : undefined;
  }

  /** Calls the `import.meta.hot.dispose` callbacks. Code that still holds the module can go on using it. */
  giveUp(log: (message: string, cause: unknown) => void): void {
    this.#isGivenUp = true;
    const failed = (error: unknown) => log(`import.meta.hot.dispose of ${this.file} failed`, error);
    for (const dispose of this.#disposers.splice(0)) {
      try {
        const closing = dispose();
        if (closing instanceof Promise) closing.catch(failed);
      } catch (error) {
        failed(error);
      }
    }
  }

  /** Calls the callback at once if the module has been discarded already. */
  #addDisposer(dispose: Dispose): void {
    if (this.#isGivenUp) dispose();
    else this.#disposers.push(dispose);
  }
}

/** `import.meta` of a file. */
export function metaOf(file: string, dispose: (dispose: Dispose) => void): ImportMeta {
  return { url: pathToFileURL(file).href, filename: file, dirname: dirname(file), hot: { dispose } };
}

/** The first step of an asynchronous body has ended when it returns, so its promise is ignored. */
function settle(step: unknown): void {
  if (step instanceof Promise) step.catch(() => undefined);
}

function fillNamespace(namespace: Record<string, unknown>, getters: ReadonlyMap<string, Getter>): void {
  for (const [name, get] of [...getters].sort(([a], [b]) => (a < b ? -1 : 1))) {
    Object.defineProperty(namespace, name, { get, enumerable: true });
  }
  Object.defineProperty(namespace, Symbol.toStringTag, { value: 'Module' });
  Object.preventExtensions(namespace);
}

function unlinked(): never {
  throw new TypeError('a module runs as part of a site');
}
