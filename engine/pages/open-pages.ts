// Opens a folder as a set of pages: finds, loads, checks and watches them.

import { pageKindProblem } from '../compiler/page-kind.ts';
import type { Problem } from '../diagnostics/problem.ts';
import { Dependents } from './dependency-graph.ts';
import { type Generation, type GenerationTools, toolsFor } from './generation.ts';
import type { Audience } from './generation-change.ts';
import { type GenerationSource, LiveGeneration, liveIn, SnapshotGenerations } from './generation-source.ts';
import { guardsOfFile, unreadableGuards } from './guards.ts';
import type {
  FileUsers,
  Finding,
  Guard,
  LoadedPage,
  LocatedPage,
  OnceUse,
  PageSet,
  Pages,
  PagesOptions,
} from './index.ts';
import { namedPage, servedPages } from './named-page.ts';
import { onceWarnings } from './once-check.ts';
import { asError, asWarning, checkPages } from './page-check.ts';
import { routedPages, routeProblems, shadowedPage } from './route-check.ts';
import { ServedModuleLog } from './served-modules.ts';
import { realFolder } from './site-paths.ts';
import { SiteWatch } from './site-watch.ts';
import { Snapshot } from './snapshot.ts';

/**
 * Opens the pages below `root_dir`.
 * @throws Problem `root-missing` when the folder does not exist
 */
export async function openPages(options: PagesOptions): Promise<Pages> {
  const pages = new SitePages(realFolder(options.root_dir), options);
  await pages.watched();
  return pages;
}

class SitePages implements Pages {
  readonly #tools: GenerationTools;
  readonly #listeners = new Set<(files: readonly string[]) => void>();
  readonly #served: GenerationSource;
  readonly #watch: SiteWatch | undefined;
  readonly audience: Audience | undefined;

  constructor(root: string, options: PagesOptions) {
    const { debug, log, sources } = options;
    const isWatched = options.watch && sources === undefined;
    // Watching begins before the first file is read, so that no change is missed.
    if (isWatched)
      this.#watch = new SiteWatch(root, {
        ...options,
        onChange: (files) => this.#changed(files),
        onMove: (moved) => this.#served.moved(moved),
      });
    const served = new ServedModuleLog((message) => log('warn', message));
    this.#tools = toolsFor(options, (file) => this.#watch?.add(file), served);
    if (debug) {
      this.#served = new LiveGeneration(root, this.#tools);
      return;
    }
    const first = sources === undefined ? Snapshot.take(root, this.#tools) : Snapshot.from(sources);
    const generations = new SnapshotGenerations(first, this.#tools, isWatched);
    this.#served = generations;
    if (sources !== undefined) this.audience = generations.served;
  }

  /** Resolves when all later changes will be noticed. */
  async watched(): Promise<void> {
    await this.#watch?.ready;
    this.#served.watched();
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

  loadGuard(file: string): LoadedPage | Promise<LoadedPage> {
    return this.current.loadGuard(file);
  }

  guardsOf(file: string): readonly Guard[] {
    return guardsOfFile(file, this.current.sources);
  }

  filesOf(...pages: readonly string[]): ReadonlySet<string> {
    return this.current.dependencies.madeOf(pages);
  }

  firstOnce(): OnceUse | undefined {
    return this.current.once.first();
  }

  users(): FileUsers {
    const { dependencies, sources } = this.current;
    return new Dependents([dependencies], sources.pages());
  }

  files(): readonly string[] {
    return liveIn(this.root, this.#tools).sources.pages();
  }

  count(): number {
    return servedPages(this.current).length;
  }

  routeProblems(): Problem[] {
    const pages = routedPages(this.current.sources);
    const kinds = pages.map(({ file }) => pageKindProblem(file)).filter((problem) => problem !== undefined);
    return [...kinds, ...routeProblems(pages)];
  }

  async check(files?: readonly string[]): Promise<Finding[]> {
    const live = liveIn(this.root, this.#tools);
    const pages = files ?? live.sources.pages();
    const chosen = new Set(pages);
    return [
      ...checkRoutes(chosen, live),
      ...checkPages(pages, live, this.#tools),
      ...onceWarnings(chosen, live, this.#tools).map(asWarning),
    ];
  }

  onChange(listener: (files: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#watch?.close();
    await this.#served.close();
  }

  #changed(files: readonly string[]): void {
    this.#served.changed(files);
    for (const listener of this.#listeners) listener(files);
  }
}

/** Findings about the names of these pages. */
function checkRoutes(chosen: ReadonlySet<string>, generation: Generation): Finding[] {
  const routed = routedPages(generation.sources);
  const isStatic = (url: string) => generation.locate(url).kind === 'static';
  const problems = routeProblems(routed).filter(({ file }) => file !== undefined && chosen.has(file));
  const shadowed = routed.filter(({ file }) => chosen.has(file)).map((page) => shadowedPage(page, isStatic));
  const unreadable = unreadableGuards([...chosen], generation.sources);
  return [
    ...[...problems, ...unreadable].map(asError),
    ...shadowed.filter((found) => found !== undefined).map(asWarning),
  ];
}
