// One set of pages, parts, layouts and modules that fit together (contract section 11). A request runs on one generation
// from its first line to the end of its response; a generation that is no longer served is released with its last request.

import { relative, sep } from 'node:path';
import { LRUCache } from 'lru-cache';
import { nearest } from '../diagnostics/nearest.ts';
import type { PageCompiler } from './compiled.ts';
import { Dependencies } from './dependencies.ts';
import { NODE_DISK } from './disk.ts';
import type { HiddenFiles } from './hidden-files.ts';
import type { LoadedPage, Located, PageSet } from './index.ts';
import { PageLibrary } from './library.ts';
import { Locator } from './locate.ts';
import type { ModuleCompiler } from './modules/compiled-module.ts';
import type { SiteModule } from './modules/record.ts';
import { SiteModules } from './modules.ts';
import { servedPages, shortUrl } from './named.ts';
import type { ServedModuleLog } from './served-modules.ts';
import { Snapshot } from './snapshot.ts';
import { SnapshotDisk } from './snapshot-disk.ts';
import type { OnOutside, Sources } from './sources.ts';

/** What all generations of a site share. */
export interface GenerationTools {
  readonly pages: PageCompiler;
  readonly modules: ModuleCompiler;
  /** Files and folders that are never served nor run. */
  readonly hidden: HiddenFiles;
  /** Warns of modules that anyone may fetch. */
  readonly served?: ServedModuleLog;
  /** Hears of files outside of the root that are read. */
  readonly onOutside?: OnOutside;
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
}

/** What the visitors of a generation have used, by absolute path. */
export interface Used {
  readonly pages: readonly string[];
  readonly modules: readonly string[];
}

/** URLs whose page is remembered by a generation. */
const REMEMBERED_URLS = 5000;

/** One generation; under debug the only one, whose sources are the disk. */
export class Generation<S extends Sources = Sources> implements PageSet {
  /** root_dir of this generation: absolute, with symbolic links resolved. */
  readonly root: string;
  readonly sources: S;
  readonly dependencies: Dependencies;
  readonly modules: SiteModules;
  readonly #library: PageLibrary;
  readonly #locator: Locator;
  readonly #located = new LRUCache<string, Located>({ max: REMEMBERED_URLS });
  readonly #isLive: boolean;
  #users = 0;
  #onRelease: (() => void) | undefined;

  constructor(root: string, sources: S, tools: GenerationTools, modules?: SiteModules) {
    this.root = root;
    this.sources = sources;
    const { pages: compiler, modules: moduleCompiler, log } = tools;
    this.dependencies = new Dependencies({ root, sources, pages: compiler, modules: moduleCompiler });
    const live = !isSnapshot(sources);
    this.#isLive = live;
    this.#locator = new Locator(
      root,
      tools.hidden,
      isSnapshot(sources) ? new SnapshotDisk(sources) : NODE_DISK,
    );
    this.modules =
      modules ??
      new SiteModules({
        root,
        sources,
        compiler: moduleCompiler,
        live,
        log,
        onDynamicImport: (importer, path) => this.dependencies.addDynamic(importer, path),
      });
    this.#library = new PageLibrary({
      root,
      sources,
      compiler,
      modules: this.modules,
      dependencies: this.dependencies,
      live,
      onLoad: (file) => tools.served?.note(this.dependencies.madeOf(file), this),
    });
  }

  locate(path: string): Located {
    if (this.#isLive) return this.#explained(this.#locator.locate(path), path);
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
    return { kind: 'none', tried, nearest: nearest(path, servedPages(this).map(shortUrl)) };
  }

  /** The page of a file, compiled; at once when it is in memory and unchanged. Throws a Problem. */
  load(file: string): LoadedPage | Promise<LoadedPage> {
    return this.#library.load(file);
  }

  /**
   * What its visitors have used.
   * @param root the folder below which the paths are given, where the site has moved
   */
  used(root: string): Used {
    const inRoot = (file: string) => root + file.slice(this.root.length);
    const pages = this.#library.loaded();
    const modules = [...this.modules.all()].filter(({ done }) => done !== undefined).map(({ file }) => file);
    return root === this.root
      ? { pages, modules }
      : { pages: pages.map(inRoot), modules: modules.map(inRoot) };
  }

  /**
   * The generation of other sources below the same root.
   * @param affected the files that changed and all that use them; modules that are not among them keep their state
   */
  next(sources: Snapshot, affected: ReadonlySet<string>, tools: GenerationTools): Generation<Snapshot> {
    const learned = (importer: string, path: string) => made.dependencies.addDynamic(importer, path);
    const modules = this.modules.next({ root: this.root, sources, onDynamicImport: learned }, affected);
    const made = new Generation(this.root, sources, tools, modules);
    made.dependencies.learnFrom(this.dependencies);
    return made;
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

function isSnapshot(sources: Sources): sources is Snapshot {
  return sources instanceof Snapshot;
}
