// One set of pages, parts, layouts and modules that fit together (contract section 11). A request runs on one generation
// from its first line to the end of its response; a generation that is no longer served is released with its last request.

import { relative, sep } from 'node:path';
import { LRUCache } from 'lru-cache';
import { nearestName } from '../diagnostics/nearest.ts';
import { Problem } from '../diagnostics/problem.ts';
import { pageCompiler } from './compiled-page.ts';
import { type Compilers, DependencyGraph } from './dependency-graph.ts';
import type { HiddenFiles } from './hidden-files.ts';
import type { LoadedPage, Located, PageSet, PagesOptions } from './index.ts';
import { Locator } from './locator.ts';
import { moduleCompiler } from './modules/compiled-module.ts';
import { ModuleLoader } from './modules/module-loader.ts';
import type { SiteModule } from './modules/site-module.ts';
import { servedPages, shortUrl } from './named-page.ts';
import { closureOf } from './page-closure.ts';
import { PageLibrary } from './page-library.ts';
import type { ServedModuleLog } from './served-modules.ts';
import { isInside } from './site-paths.ts';
import type { OnOutside, Sources } from './sources.ts';

/** What all generations of a site share. */
export interface GenerationTools extends Compilers {
  /** Files and folders that are never served nor run. */
  readonly hidden: HiddenFiles;
  /** Warns of modules that anyone may fetch. */
  readonly served: ServedModuleLog | undefined;
  /** Hears of files outside of the root that are read. */
  readonly onOutside: OnOutside;
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
}

/** The tools for the generations of a site. */
export function toolsFor(
  { debug, hidden, log, onParsed }: Pick<PagesOptions, 'debug' | 'hidden' | 'log' | 'onParsed'>,
  onOutside: OnOutside,
  served?: ServedModuleLog,
): GenerationTools {
  const pages = pageCompiler(debug, onParsed);
  return { pages, modules: moduleCompiler(debug), hidden, log, onOutside, served };
}

/** What visitors have used, by absolute path. */
export interface Used {
  readonly pages: readonly string[];
  readonly modules: readonly string[];
}

/** The generation that another one comes after. */
interface Before {
  readonly generation: Generation;
  /** The files that changed and all that use them; modules that are not among them keep their state. */
  readonly affected: ReadonlySet<string>;
}

/** URLs whose page is remembered by a generation. */
const REMEMBERED_URLS = 5000;

/** One generation; under debug the only one, whose sources are the disk. */
export class Generation<S extends Sources = Sources> implements PageSet {
  readonly sources: S;
  readonly dependencies: DependencyGraph;
  readonly modules: ModuleLoader;
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
    this.#library = new PageLibrary({
      sources,
      compiler: tools.pages,
      modules,
      dependencies,
      onLoad: (file) => tools.served?.note(dependencies.madeOf([file]), this),
    });
  }

  /** What visitors have used in the generations before. */
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

  /** Files have come or gone: a static file may answer where a page did. */
  forgetLocations(): void {
    this.#located.clear();
  }

  #explained(found: Located, path: string): Located {
    if (found.kind !== 'none') return found;
    const tried = found.tried.map((file) => `/${relative(this.root, file).split(sep).join('/')}`);
    return { kind: 'none', tried, nearest: nearestName(path, servedPages(this).map(shortUrl)) };
  }

  /** The page of a file, compiled; at once when it is in memory and unchanged. Throws a Problem. */
  load(file: string): LoadedPage | Promise<LoadedPage> {
    return this.#library.load(file);
  }

  /** What keeps a page from being loaded, told without running anything. */
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

  /** The generation of other sources; in another folder it shares nothing with this one. */
  next<T extends Sources>(sources: T, affected: Iterable<string>): Generation<T> {
    const before = { generation: this, affected: new Set(affected) };
    const next = new Generation(sources, this.#tools, sources.root === this.root ? before : undefined);
    next.#used = this.#usedIn(sources);
    return next;
  }

  /** What visitors have used up to now, at its places below the root of other sources; what is not there is forgotten. */
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

  /** A request begins to use this generation. */
  retain(): void {
    this.#users++;
  }

  /** A request has ended that used it. */
  release(): void {
    this.#users--;
    this.#releaseIfUnused();
  }

  /** The generation is no longer served: `released` is called when the last request has ended. */
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

  /** Closes what its modules hold open, but for those that another generation keeps. */
  close(isKept?: (module: SiteModule) => boolean): void {
    this.modules.close(isKept);
  }
}
