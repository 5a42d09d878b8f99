// The files that one response shows, for live reload.

import type { Pages } from '../../pages/index.ts';
import { fileStamp, type Stamp } from '../../pages/site-disk.ts';

/**
 * The files that one response depends on, with their stamps from before they were read. If a file is saved while the page runs,
 * its stamp differs afterwards, so the tab learns that it shows an earlier version.
 */
export class ShownFiles {
  /** Absolute paths of included pages and of the error page. Their paths may be computed at run time. */
  readonly included = new Set<string>();
  readonly #pages: Pages;
  readonly #stamps = new Map<string, Stamp>();

  constructor(pages: Pages) {
    this.#pages = pages;
  }

  /** Notes the stamps of pages and their dependencies. Called before the pages are loaded. */
  note(pages: readonly string[]): void {
    for (const file of this.#pages.filesOf(...pages))
      if (!this.#stamps.has(file)) this.#stamps.set(file, fileStamp(file));
  }

  /** Adds a page whose path the response's own page does not tell. Called before it is loaded. */
  include(page: string): void {
    this.note([page]);
    this.included.add(page);
  }

  /** The stamp of a file from before it was read; that of now for a file that was learned of later. */
  stampOf(file: string): Stamp {
    return this.#stamps.get(file) ?? fileStamp(file);
  }
}
