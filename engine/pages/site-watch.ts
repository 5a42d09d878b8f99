// Watches a site as a whole: the files below root_dir, and where root_dir leads.

import { resolve } from 'node:path';
import { Problem } from '../diagnostics/problem.ts';
import type { HiddenFiles } from './hidden-files.ts';
import { watchRootLink } from './root-link.ts';
import { type FolderWatch, watchFolder } from './watch.ts';

/** What is watched, and what hears of it. */
export interface SiteWatchOptions {
  /** root_dir as it is configured; it may be or lie behind a symbolic link. */
  readonly folder: string;
  /** Its real path. */
  readonly root: string;
  /** Files and folders that are no part of the site. */
  readonly hidden: HiddenFiles;
  readonly log: (level: 'warn' | 'error', message: string, cause?: unknown) => void;
  /** Files were saved, added or removed: their absolute paths. */
  readonly onChange: (files: readonly string[]) => void;
  /** root_dir leads to another folder, or is there again: its real path. */
  readonly onMove: (root: string) => void;
}

/** A watched site. */
export class SiteWatch {
  readonly #options: SiteWatchOptions;
  readonly #stopWatchingRoot: () => void;
  readonly #outside = new Set<string>();
  #files: FolderWatch;

  constructor(options: SiteWatchOptions) {
    this.#options = options;
    const folder = resolve(options.folder);
    this.#files = this.#watchFiles(options.root);
    this.#stopWatchingRoot = watchRootLink(folder, options.root, {
      onMove: (root) => this.#moved(root),
      onVanish: () => {
        const problem = new Problem('root-vanished', { holes: { folder }, value: folder });
        options.log('error', 'the site is not there', problem);
      },
    });
  }

  /** Fulfilled when every change from now on is reported. */
  get ready(): Promise<void> {
    return this.#files.ready;
  }

  /** Watches a file outside of the root as well. */
  add(file: string): void {
    this.#outside.add(file);
    this.#files.add(file);
  }

  async close(): Promise<void> {
    this.#stopWatchingRoot();
    await this.#files.close();
  }

  #watchFiles(root: string): FolderWatch {
    const { hidden, log, onChange } = this.#options;
    const onError = (error: unknown) => log('warn', 'the site is not watched', error);
    const onUnreadable = (path: string) => log('warn', `${path} may not be read and is not watched`);
    return watchFolder(root, { ignored: hidden, onChange, onError, onUnreadable });
  }

  #moved(root: string): void {
    void this.#files.close();
    this.#files = this.#watchFiles(root);
    for (const file of this.#outside) this.#files.add(file);
    this.#options.onMove(root);
  }
}
