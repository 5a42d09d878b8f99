// The sources of pages and modules: read from the disk at each look (debug), or a set of files that was read as a whole
// (snapshot.ts). Compiler, modules and the dependency graph read through this interface and nothing else.

import { readFileSync } from 'node:fs';
import type { HiddenFiles } from './hidden-files.ts';
import { pageFiles } from './page-files.ts';
import { type Disk, fileStamp, NODE_DISK, type Stamp } from './site-disk.ts';
import { isInside } from './site-paths.ts';

/** Hears of a file outside of the root that is read, by its real path: the watcher of the root does not see it change. */
export type OnOutside = (file: string) => void;

/** The sources of one site. */
export interface Sources {
  /** root_dir, absolute, with symbolic links resolved: where a leading `/` starts. */
  readonly root: string;
  /** Whether the sources change, so that every load looks at them. */
  readonly isLive: boolean;
  /** The disk as the locator sees it. */
  readonly disk: Disk;
  /** Tells one version of a file from another; empty: there is no such file. */
  stamp(file: string): Stamp;
  /** @throws the error of the file system */
  read(file: string): string;
  /** The path with symbolic links resolved; undefined: there is no such file. */
  realPath(file: string): string | undefined;
  /** Every page, by absolute path, in a stable order. */
  pages(): readonly string[];
}

/** What reading needs of them. */
export type Readable = Pick<Sources, 'root' | 'stamp' | 'read'>;

/** The sources as they are on the disk now. */
export class DiskSources implements Sources {
  readonly root: string;
  readonly isLive: boolean;
  readonly disk = NODE_DISK;
  readonly #hidden: HiddenFiles;
  readonly #onOutside: OnOutside;

  /**
   * @param hidden files and folders that are no part of the site
   * @param onOutside hears of files outside of the root that are read
   */
  constructor(root: string, hidden: HiddenFiles, onOutside: OnOutside = () => undefined, isLive = true) {
    this.root = root;
    this.isLive = isLive;
    this.#hidden = hidden;
    this.#onOutside = onOutside;
  }

  stamp(file: string): Stamp {
    return fileStamp(file);
  }

  read(file: string): string {
    const real = this.realPath(file) ?? file;
    if (!isInside(this.root, real)) this.#onOutside(real);
    return readFileSync(file, 'utf8');
  }

  realPath(file: string): string | undefined {
    return NODE_DISK.realPath(file);
  }

  pages(): readonly string[] {
    return pageFiles(this.root, this.#hidden.asNow());
  }
}
