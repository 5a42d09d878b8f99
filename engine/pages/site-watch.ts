// Watches a site: the files below root_dir, and the folder that root_dir leads to.

import { resolve } from 'node:path';
import { Problem } from '../diagnostics/problem.ts';
import { type FolderWatch, watchFolder } from './folder-watch.ts';
import type { PagesOptions } from './index.ts';
import { watchRootLink } from './root-link.ts';
import { routedPages, routeProblems } from './route-check.ts';
import { DiskSources } from './sources.ts';

/** The site to watch, and the callbacks. */
export interface SiteWatchOptions extends Pick<PagesOptions, 'root_dir' | 'hidden' | 'log'> {
  /**
   * Called with the absolute paths of files that were saved, added or removed; with none if changes may have been
   * missed.
   */
  readonly onChange: (files: readonly string[]) => void;
  /** Called with the real path if root_dir leads to another folder, or exists again. */
  readonly onMove: (root: string) => void;
}

/** A watched site. */
export class SiteWatch {
  readonly #options: SiteWatchOptions;
  readonly #stopWatchingRoot: () => void;
  readonly #outside = new Set<string>();
  #root: string;
  #files: FolderWatch;
  #isClosed = false;
  #logged: ReadonlySet<string> = new Set();

  /** @param root the real path of root_dir */
  constructor(root: string, options: SiteWatchOptions) {
    this.#options = options;
    const folder = resolve(options.root_dir);
    this.#root = root;
    this.#files = this.#watchFiles();
    this.#stopWatchingRoot = watchRootLink(folder, root, {
      onMove: (moved) => this.#moved(moved),
      onVanish: () => {
        const problem = new Problem('root-vanished', { params: { folder }, value: folder });
        options.log('error', 'the site is not there', problem);
      },
    });
  }

  /** Resolves when all later changes will be reported. */
  get ready(): Promise<void> {
    return this.#files.ready;
  }

  /** Watches a file outside of the root, too. */
  add(file: string): void {
    this.#outside.add(file);
    this.#files.add(file);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopWatchingRoot();
    await this.#files.close();
  }

  #watchFiles(): FolderWatch {
    const { hidden, log } = this.#options;
    const onChange = (files: readonly string[]) => this.#changed(files);
    const onError = (error: unknown) => log('warn', 'the site is not watched', error);
    const onUnreadable = (path: string) => log('warn', `${path} may not be read and is not watched`);
    const files = watchFolder(this.#root, { ignored: hidden, onChange, onError, onUnreadable });
    // Changes that were saved before watching had begun are not reported, so all files are compared once.
    void files.ready.then(() => {
      if (this.#files === files && !this.#isClosed) onChange([]);
    });
    return files;
  }

  #changed(files: readonly string[]): void {
    if (files.some((file) => file.includes('['))) this.#logRouteProblems();
    this.#options.onChange(files);
  }

  /**
   * Logs once each page whose name gives no URL. At the start of a site such a page is an error; a running site goes
   * on.
   */
  #logRouteProblems(): void {
    const { hidden, log } = this.#options;
    const problems = routeProblems(routedPages(new DiskSources(this.#root, hidden)));
    for (const { message } of problems) if (!this.#logged.has(message)) log('error', message);
    this.#logged = new Set(problems.map(({ message }) => message));
  }

  #moved(root: string): void {
    void this.#files.close();
    this.#root = root;
    this.#files = this.#watchFiles();
    for (const file of this.#outside) this.#files.add(file);
    this.#options.onMove(root);
  }
}
