// One version of one module of the site: compiled, linked, run once.

import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Body, CompiledSiteModule, Dispose, Getter, ImportMeta } from './compiled-module.ts';
import type { Namespace } from './external-modules.ts';

/** What a module that is imported is, to the one that imports it. */
export type Dependency = SiteModule | ExternalModule;

/** A package, or a module of Node's; the namespace is there once it is loaded. */
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
  /** In the order of its imports; filled when it is linked. */
  dependencies: readonly Dependency[] = [];
  /** The modules of the site that it has imported while it ran, by `import()`. */
  readonly dynamicDependencies = new Set<SiteModule>();
  /** undefined: not begun; a promise: runs; true: has run. */
  done: Promise<void> | true | undefined;
  /** What its `import()` does: asks the newest generation that this instance belongs to. */
  importDynamically: (specifier: unknown) => Promise<Namespace> = unlinked;
  readonly #disposers: Dispose[] = [];
  #body: Body | undefined;
  #isGivenUp = false;

  constructor(compiled: CompiledSiteModule) {
    this.file = compiled.file;
    this.compiled = compiled;
  }

  /** The modules of the site that it imports. */
  get siteDependencies(): SiteModule[] {
    return this.dependencies.filter((dependency) => dependency.kind === 'site');
  }

  /**
   * First step: functions are hoisted and the namespace gets its names; nothing of the module has run.
   * @param starNames names of other modules that are exported again, and where they are read
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

  /** Second step: the module runs. */
  run(): void | Promise<void> {
    const step = this.#body?.next();
    return step instanceof Promise ? step.then(() => undefined) : undefined;
  }

  /** Closes what it holds open; it stays usable for who has it. */
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

  /** What begins to hold something open after it was given up closes it again. */
  #addDisposer(dispose: Dispose): void {
    if (this.#isGivenUp) dispose();
    else this.#disposers.push(dispose);
  }
}

/** `import.meta` of a file. */
export function metaOf(file: string, dispose: (dispose: Dispose) => void): ImportMeta {
  return { url: pathToFileURL(file).href, filename: file, dirname: dirname(file), hot: { dispose } };
}

/** The first step of an asynchronous body is done when it returns; its promise says nothing more. */
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
