// A generation: one consistent set of pages, parts, layouts and modules (docs/going-live.md). A request runs on one
// generation from its first line to the end of its response. A generation that is no longer served is released with its
// last request.

import { relative, sep } from 'node:path';
import { LRUCache } from 'lru-cache';
import { nearestName } from '../diagnostics/nearest.ts';
import { Problem } from '../diagnostics/problem.ts';
import { withoutBrackets } from '../forms/field-name.ts';
import { pageCompiler } from './compiled-page.ts';
import { type Compilers, DependencyGraph } from './dependency-graph.ts';
import type { HiddenFiles } from './hidden-files.ts';
import type { LoadedPage, Located, PageSet, PagesOptions } from './index.ts';
import { Locator } from './locator.ts';
import { moduleCompiler } from './modules/compiled-module.ts';
import { ModuleLoader } from './modules/module-loader.ts';
import type { SiteModule } from './modules/site-module.ts';
import { servedPages, shortUrl } from './named-page.ts';
import { OncePages } from './once-pages.ts';
import { closureOf } from './page-closure.ts';
import { PageLibrary } from './page-library.ts';
import type { ServedModuleLog } from './served-modules.ts';
import { isInside } from './site-paths.ts';
import type { OnOutside, Sources } from './sources.ts';

/** The objects that all generations of a site share. */
export interface GenerationTools extends Compilers {
  /** The names of all fields that pages of the site show as passwords, in any version that was compiled. */
  readonly passwords: ReadonlySet<string>;
  /** Files and folders that are never served or run. */
  readonly hidden: HiddenFiles;
  /** Warns of modules that are served as static files; undefined without a log. */
  readonly served: ServedModuleLog | undefined;
  /** Called with files outside of the root that are read. */
  readonly onOutside: OnOutside;
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
}

/** The shared objects for the generations of a site. */
export function toolsFor(
  {
    debug,
    runs = true,
    hidden,
    log,
    onParsed,
  }: Pick<PagesOptions, 'debug' | 'runs' | 'hidden' | 'log' | 'onParsed'>,
  onOutside: OnOutside,
  served?: ServedModuleLog,
): GenerationTools {
  const passwords = new Set<string>();
  const isDebuggable = debug && runs;
  const pages = pageCompiler(isDebuggable, onParsed, passwords);
  return { pages, passwords, modules: moduleCompiler(isDebuggable), hidden, log, onOutside, served };
}

/** The pages and modules that requests have used, by absolute path. */
export interface Used {
  readonly pages: readonly string[];
  readonly modules: readonly string[];
}

/** The generation before another one. */
interface Before {
  readonly generation: Generation;
  /** The changed files and all files that depend on them. Other modules keep their instance and its state. */
  readonly affected: ReadonlySet<string>;
}

/** The largest number of URLs whose page is cached in a generation. */
const REMEMBERED_URLS = 5000;

/** One generation; under debug the only one, whose sources are the disk. */
export class Generation<S extends Sources = Sources> implements PageSet {
  readonly sources: S;
  readonly dependencies: DependencyGraph;
  readonly modules: ModuleLoader;
  readonly once: OncePages;
  readonly #tools: GenerationTools;
  readonly #library: PageLibrary;
  readonly #locator: Locator;
  readonly #located = new LRUCache<string, Located>({ max: REMEMBERED_URLS });
  #used: Used = { pages: [], modules: [] };
  #users = 0;
  #onRelease: (() => void) | undefined;

  constructor(sources: S, tools: GenerationTools, before?: Before) {
    const dependencies = new DependencyGraph(sources, tools, before?.generation.dependencies);
    const modules = new ModuleLoader(
      {
        sources,
        compiler: tools.modules,
        log: tools.log,
        onDynamicImport: (importer, path) => dependencies.learn(importer, path),
      },
      before?.generation.modules,
      before?.affected,
    );
    this.sources = sources;
    this.dependencies = dependencies;
    this.modules = modules;
    this.#tools = tools;
    this.#locator = new Locator(sources.root, tools.hidden, sources.disk);
    const compiler = tools.pages;
    this.once = new OncePages({ sources, compiler, locate: (path) => this.locate(path) });
    this.#library = new PageLibrary({
      sources,
      compiler,
      modules,
      dependencies,
      onLoad: (file) => tools.served?.note(dependencies.madeOf([file]), this),
    });
  }

  /** The pages and modules that were used in the generations before. */
  get used(): Used {
    return this.#used;
  }

  get root(): string {
    return this.sources.root;
  }

  locate(path: string): Located {
    if (this.sources.isLive) return this.#explained(this.#locator.locate(path), path);
    const known = this.#located.get(path);
    if (known !== undefined) return known;
    const found = this.#locator.locate(path);
    if (found.kind === 'page') this.#located.set(path, found);
    return found;
  }

  mayServe(real: string): boolean {
    return this.#locator.mayServe(real);
  }

  isPassword(field: string): boolean {
    return this.#tools.passwords.has(withoutBrackets(field));
  }

  guardsOf(real: string): readonly string[] {
    return this.#locator.guardsOf(real);
  }

  /** Clears the cache of URLs, because a new static file may precede a page. */
  forgetLocations(): void {
    this.#located.clear();
  }

  #explained(found: Located, path: string): Located {
    if (found.kind !== 'none') return found;
    const tried = found.tried.map((file) => `/${relative(this.root, file).split(sep).join('/')}`);
    return { ...found, tried, nearest: () => nearestName(path, servedPages(this).map(shortUrl)) };
  }

  /**
   * The compiled page of a file; a promise only if the page has to be compiled or its modules have to run.
   * @throws (or rejects with) Problem
   */
  load(file: string): LoadedPage | Promise<LoadedPage> {
    return this.#library.load(file);
  }

  loadGuard(file: string): LoadedPage | Promise<LoadedPage> {
    if (!this.sources.isNamed(file)) throw new Problem('before-waiting', { file });
    return this.#library.load(file);
  }

  /** The error that would keep a page from loading, found without running any code; undefined if there is none. */
  problemOf(file: string): unknown {
    try {
      const { files } = closureOf(file, { sources: this.sources, compiler: this.#tools.pages });
      for (const part of files) {
        const [problem] = this.modules.check(part.facts.imports, part.file).problems;
        if (problem !== undefined) return problem;
      }
      return undefined;
    } catch (error) {
      if (error instanceof Problem || error instanceof SyntaxError) return error;
      throw error;
    }
  }

  /**
   * The next generation, over other sources. If they lie in another folder, it shares no module instances with this
   * one.
   */
  next<T extends Sources>(sources: T, affected: Iterable<string>): Generation<T> {
    const before = { generation: this, affected: new Set(affected) };
    const next = new Generation(sources, this.#tools, sources.root === this.root ? before : undefined);
    next.#used = this.#usedIn(sources);
    return next;
  }

  /**
   * The pages and modules used so far, as paths below the root of other sources. Files that do not exist there are
   * omitted.
   */
  #usedIn(sources: Sources): Used {
    const placed = (files: Iterable<string>) =>
      [...files]
        .map((file) => (isInside(this.root, file) ? sources.root + file.slice(this.root.length) : file))
        .filter((file) => sources.stamp(file) !== '');
    const ran = [...this.modules.all()].filter(({ done }) => done !== undefined).map(({ file }) => file);
    return {
      pages: placed(new Set([...this.#used.pages, ...this.#library.loaded()])),
      modules: placed(ran),
    };
  }

  /** Counts a request that begins to use this generation. */
  retain(): void {
    this.#users++;
  }

  /** Counts a request that has ended. */
  release(): void {
    this.#users--;
    this.#releaseIfUnused();
  }

  /** Marks the generation as no longer served. `released` is called when its last request has ended. */
  retire(released: () => void): void {
    this.#onRelease = released;
    this.#releaseIfUnused();
  }

  #releaseIfUnused(): void {
    if (this.#users > 0 || this.#onRelease === undefined) return;
    const released = this.#onRelease;
    this.#onRelease = undefined;
    released();
  }

  /** Disposes of the modules that no other generation uses. */
  close(isKept?: (module: SiteModule) => boolean): void {
    this.modules.close(isKept);
  }
}
