// The files of a site as they were on the disk a moment ago. An editor asks many times a second, and a look at 1,000 pages takes
// 10 ms and more.

import { relative, sep } from 'node:path';
import { NOTHING_HIDDEN } from '../hidden-files.ts';
import { isHiddenName, isPageFile } from '../hidden-names.ts';
import { entriesBelow } from '../page-files.ts';
import { fileStamp, type Stamp } from '../site-disk.ts';

/** The files of a site, by absolute path. */
export interface SiteFiles {
  /** Every page, parts and layouts too. */
  readonly pages: readonly string[];
  /** The files that are served as they are. */
  readonly statics: readonly string[];
}

/** A look lasts so many milliseconds, for editors that tell of no changes on the disk. */
const LASTS = 2000;

/** The disk below one folder. */
export class DiskLook {
  readonly #root: string;
  readonly #now: () => number;
  #taken = Number.NEGATIVE_INFINITY;
  #files: SiteFiles = { pages: [], statics: [] };
  #stamps = new Map<string, Stamp>();
  /** Changes whenever a file was added or removed. */
  version = 0;

  constructor(root: string, now: () => number) {
    this.#root = root;
    this.#now = now;
  }

  get files(): SiteFiles {
    this.#renew();
    return this.#files;
  }

  stamp(file: string): Stamp {
    this.#renew();
    const known = this.#stamps.get(file);
    if (known !== undefined) return known;
    const stamp = fileStamp(file);
    this.#stamps.set(file, stamp);
    return stamp;
  }

  /** The disk has changed. */
  forget(): void {
    this.#taken = Number.NEGATIVE_INFINITY;
  }

  #renew(): void {
    if (this.#now() - this.#taken < LASTS) return;
    const files = filesBelow(this.#root);
    if (names(files) !== names(this.#files)) this.version++;
    this.#files = files;
    this.#stamps = new Map();
    this.#taken = this.#now();
  }
}

function names({ pages, statics }: SiteFiles): string {
  return [...pages, '', ...statics].join('\n');
}

function filesBelow(root: string): SiteFiles {
  const pages: string[] = [];
  const statics: string[] = [];
  for (const { entry, path } of entriesBelow(root, NOTHING_HIDDEN)) {
    if (!entry.isFile()) continue;
    if (isPageFile(entry.name)) pages.push(path);
    else if (
      !relative(root, path)
        .split(sep)
        .some((part) => isHiddenName(part))
    )
      statics.push(path);
  }
  return { pages, statics };
}
