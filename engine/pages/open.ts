// Opens a folder as a set of pages: finds, loads, checks and watches them.

import type { Problem } from '../diagnostics/problem.ts';
import { asError, asWarning, checkPages } from './check.ts';
import { PageCompiler } from './compiled.ts';
import type { Generation, GenerationTools } from './generation.ts';
import type { Audience } from './generation-change.ts';
import {
  FollowedGenerations,
  type GenerationSource,
  LiveGeneration,
  liveIn,
  PlannedGenerations,
} from './generation-source.ts';
import type { Finding, LoadedPage, LocatedPage, PageSet, Pages, PagesOptions } from './index.ts';
import { ModuleCompiler } from './modules/compiled-module.ts';
import { namedPage, pageNames, servedPages } from './named.ts';
import { realFolder } from './real-folder.ts';
import { type RoutedPage, routeProblems, shadowedPage } from './route-check.ts';
import { ServedModuleLog } from './served-modules.ts';
import { SiteWatch } from './site-watch.ts';

/**
 * Opens the pages below `root_dir`.
 * @throws Problem `root-missing` when the folder does not exist
 */
export async function openPages(options: PagesOptions): Promise<Pages> {
  const site = new SitePages(realFolder(options.root_dir), options);
  await site.watch();
  return site;
}

class SitePages implements Pages {
  readonly #options: PagesOptions;
  readonly #tools: GenerationTools;
  readonly #listeners = new Set<(files: readonly string[]) => void>();
  readonly #served: GenerationSource;
  readonly audience: Audience | undefined;
  readonly #outside = new Set<string>();
  #watch: SiteWatch | undefined;
  #logged: ReadonlySet<string> = new Set();

  constructor(root: string, options: PagesOptions) {
    this.#options = options;
    const { debug, log, hidden, sources } = options;
    this.#tools = {
      pages: new PageCompiler(debug),
      modules: new ModuleCompiler(debug),
      log,
      hidden,
      served: new ServedModuleLog((message) => log('warn', message)),
      onOutside: (file) => this.#watchOutside(file),
    };
    if (sources === undefined) {
      this.#served = debug
        ? new LiveGeneration(root, this.#tools)
        : new PlannedGenerations(root, this.#tools);
    } else {
      const followed = new FollowedGenerations(sources, this.#tools);
      this.#served = followed;
      this.audience = followed.served;
    }
  }

  get current(): Generation {
    return this.#served.current;
  }

  get root(): string {
    return this.current.root;
  }

  begin(): PageSet {
    const { current } = this;
    current.retain();
    return current;
  }

  named(path: string): LocatedPage {
    return namedPage(path, this.current);
  }

  load(file: string): LoadedPage | Promise<LoadedPage> {
    return this.current.load(file);
  }

  filesOf(file: string): ReadonlySet<string> {
    return this.current.dependencies.madeOf(file);
  }

  count(): number {
    return servedPages(this.current).length;
  }

  routeProblems(): Problem[] {
    return routeProblems(routedPages(this.current));
  }

  async check(files?: readonly string[]): Promise<Finding[]> {
    const live = liveIn(this.root, this.#tools);
    const pages = files ?? live.sources.pages();
    return [...checkRoutes(new Set(pages), live), ...checkPages(pages, live, this.#tools)];
  }

  onChange(listener: (files: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#watch?.close();
    await this.#served.close();
  }

  async watch(): Promise<void> {
    const { watch, root_dir: folder, hidden, log, sources } = this.#options;
    if (!watch || sources !== undefined) return;
    this.#watch = new SiteWatch({
      folder,
      root: this.root,
      hidden,
      log,
      onChange: (files) => this.#changed(files),
      onMove: (root) => this.#served.moved(root),
    });
    for (const file of this.#outside) this.#watch.add(file);
    await this.#watch.ready;
    this.#served.watched();
  }

  #watchOutside(file: string): void {
    this.#outside.add(file);
    this.#watch?.add(file);
  }

  /** A page that is saved under such a name while the site runs cannot refuse the start any more; it is logged once. */
  #logRouteProblems(): void {
    const problems = routeProblems(routedPages(liveIn(this.root, this.#tools)));
    for (const { message } of problems) if (!this.#logged.has(message)) this.#options.log('error', message);
    this.#logged = new Set(problems.map(({ message }) => message));
  }

  #changed(files: readonly string[]): void {
    this.#served.changed(files);
    if (files.some((file) => file.includes('['))) this.#logRouteProblems();
    for (const listener of this.#listeners) listener(files);
  }
}

function routedPages({ root, sources }: Pick<Generation, 'root' | 'sources'>): RoutedPage[] {
  const names = pageNames({ root, sources });
  return sources.pages().map((file, index) => ({ file, name: names[index] ?? '' }));
}

/** What is wrong with the names of these pages. */
function checkRoutes(chosen: ReadonlySet<string>, generation: Generation): Finding[] {
  const routed = routedPages(generation);
  const isStatic = (url: string) => generation.locate(url).kind === 'static';
  const problems = routeProblems(routed).filter(({ file }) => file !== undefined && chosen.has(file));
  const shadowed = routed.filter(({ file }) => chosen.has(file)).map((page) => shadowedPage(page, isStatic));
  return [...problems.map(asError), ...shadowed.filter((found) => found !== undefined).map(asWarning)];
}
