// Opens a folder as a set of pages: finds, loads, checks and watches them.

import { realpathSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { LRUCache } from 'lru-cache';
import { nearest } from '../diagnostics/nearest.ts';
import { Problem } from '../diagnostics/problem.ts';
import { asError, asWarning, checkPages } from './check.ts';
import { isHiddenName } from './hidden.ts';
import type { Finding, LoadedPage, Located, LocatedPage, Pages, PagesOptions } from './index.ts';
import { isInside } from './inside.ts';
import { PageLibrary } from './library.ts';
import { LinkedFiles } from './linked-files.ts';
import { Locator } from './locate.ts';
import { SiteModules } from './modules.ts';
import { namedPage, shortUrl } from './named.ts';
import { pageFiles } from './page-files.ts';
import { type RoutedPage, routeProblems, shadowedPage } from './route-check.ts';
import { ServedModuleLog } from './served-modules.ts';
import { type FolderWatch, watchFolder } from './watch.ts';

/**
 * Opens the pages below `root_dir`.
 * @throws Problem `root-missing` when the folder does not exist
 */
export async function openPages(options: PagesOptions): Promise<Pages> {
  const site = new SitePages(realFolder(options.root_dir), options);
  await site.watch();
  return site;
}

function realFolder(folder: string): string {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found?.isDirectory()) throw new Problem('root-missing', { holes: { folder }, value: folder });
  return realpathSync.native(folder);
}

/** URLs whose page is remembered without debug, where the disk is not asked for every request. */
const REMEMBERED_URLS = 5000;

class SitePages implements Pages {
  readonly root: string;
  readonly #options: PagesOptions;
  readonly #locator: Locator;
  readonly #modules: SiteModules;
  readonly #library: PageLibrary;
  readonly #located = new LRUCache<string, Located>({ max: REMEMBERED_URLS });
  readonly #listeners = new Set<(files: readonly string[]) => void>();
  readonly #links = new LinkedFiles();
  #logged: ReadonlySet<string> = new Set();
  #watcher: FolderWatch | undefined;

  constructor(root: string, options: PagesOptions) {
    this.root = root;
    this.#options = options;
    this.#locator = new Locator(root, options.hidden);
    this.#modules = new SiteModules({ root, debug: options.debug, log: options.log });
    const served = new ServedModuleLog(root, this.#locator, (message) => options.log('warn', message));
    this.#library = new PageLibrary(root, options, this.#modules, served, (files) =>
      this.#watchLinked(files),
    );
  }

  locate(path: string): Located {
    const known = this.#options.debug ? undefined : this.#located.get(path);
    if (known !== undefined) return known;
    const found = this.#locator.locate(path);
    if (found.kind === 'page' && !this.#options.debug) this.#located.set(path, found);
    return found.kind === 'none' && this.#options.debug ? this.#explained(found, path) : found;
  }

  named(path: string): LocatedPage {
    const { hidden } = this.#options;
    return namedPage(path, {
      root: this.root,
      locate: (url) => this.#locator.locate(url),
      names: () => pageFiles(this.root, hidden.asNow()).map((file) => this.#name(file)),
    });
  }

  load(file: string): LoadedPage | Promise<LoadedPage> {
    return this.#library.load(file);
  }

  mayServe(real: string): boolean {
    return this.#locator.mayServe(real);
  }

  count(): number {
    return this.#servedPages().length;
  }

  routeProblems(): Problem[] {
    return routeProblems(this.#routedPages());
  }

  async check(files?: readonly string[]): Promise<Finding[]> {
    const tools = { root: this.root, locator: this.#locator, modules: this.#modules };
    const pages = files ?? pageFiles(this.root, this.#options.hidden.asNow());
    return [...this.#checkRoutes(new Set(pages)), ...checkPages(pages, tools)];
  }

  /** What is wrong with the names of these pages. */
  #checkRoutes(chosen: ReadonlySet<string>): Finding[] {
    const routed = this.#routedPages();
    const isStatic = (url: string) => this.#locator.locate(url).kind === 'static';
    const problems = routeProblems(routed).filter(({ file }) => file !== undefined && chosen.has(file));
    const shadowed = routed
      .filter(({ file }) => chosen.has(file))
      .map((page) => shadowedPage(page, isStatic));
    return [...problems.map(asError), ...shadowed.filter((found) => found !== undefined).map(asWarning)];
  }

  onChange(listener: (files: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#watcher?.close();
    this.#modules.close();
  }

  async watch(): Promise<void> {
    if (!this.#options.watch) return;
    const watcher = watchFolder(this.root, {
      ignored: this.#options.hidden,
      onChange: (files) => this.#changed(files),
      onUnreadable: (path) => this.#options.log('warn', `${path} may not be read and is not watched`),
      onError: (error) => this.#options.log('warn', 'the site is not watched', error),
    });
    this.#watcher = watcher;
    await watcher.ready;
  }

  #changed(changed: readonly string[]): void {
    const files = this.#links.withUsedPaths(changed);
    this.#located.clear();
    this.#library.changed(files);
    if (changed.some((file) => file.includes('['))) this.#logRouteProblems();
    for (const listener of this.#listeners) listener(files);
  }

  /** A page that is saved under such a name while the site runs cannot refuse the start any more; it is logged once. */
  #logRouteProblems(): void {
    const problems = this.routeProblems();
    for (const problem of problems)
      if (!this.#logged.has(problem.message)) this.#options.log('error', problem.message);
    this.#logged = new Set(problems.map(({ message }) => message));
  }

  /** Files that are reached through a link change under another name, or outside of what is watched. */
  #watchLinked(files: ReadonlySet<string>): void {
    if (!this.#options.watch) return;
    for (const file of files) {
      const real = this.#links.add(file);
      if (real !== undefined && !isInside(this.root, real)) this.#watcher?.add(real);
    }
  }

  #explained(found: Located & { kind: 'none' }, path: string): Located {
    const tried = found.tried.map((file) => `/${this.#name(file)}`);
    return { kind: 'none', tried, nearest: nearest(path, this.#servedPages().map(shortUrl)) };
  }

  /** The pages that have a URL. */
  #servedPages(): string[] {
    const names = this.#routedPages().map(({ name }) => name);
    return names.filter((name) => !name.split('/').some((part) => isHiddenName(part)));
  }

  #routedPages(): RoutedPage[] {
    return pageFiles(this.root, this.#options.hidden.asNow()).map((file) => ({
      file,
      name: this.#name(file),
    }));
  }

  #name(file: string): string {
    return relative(this.root, file).split(sep).join('/');
  }
}
