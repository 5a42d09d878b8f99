// The interface through which the compiler, the modules and the dependency graph read sources, and its implementation
// over the disk (for debug). snapshot.ts implements it over one consistent set of files.

import { readFileSync } from 'node:fs';
import type { HiddenFiles } from './hidden-files.ts';
import { pageFiles } from './page-files.ts';
import { type Disk, fileStamp, NODE_DISK, type Stamp } from './site-disk.ts';
import { isInside } from './site-paths.ts';

/**
 * Called with the real path of a file outside of the root that is read, because the watcher of the root does not see it
 * change.
 */
export type OnOutside = (file: string) => void;

/** The sources of one site. */
export interface Sources {
  /** root_dir: absolute, with symbolic links resolved. Paths with a leading `/` start here. */
  readonly root: string;
  /** Whether the sources may change, so that every load has to compare stamps. */
  readonly isLive: boolean;
  /** The disk as the locator sees it. */
  readonly disk: Disk;
  /** Identifies the version of a file; empty if there is no such file. */
  stamp(file: string): Stamp;
  /** @throws the error of the file system */
  read(file: string): string;
  /** The path with symbolic links resolved; undefined if there is no such file. */
  realPath(file: string): string | undefined;
  /** Whether there is something under the path of a page, even if it is no readable file. */
  isNamed(file: string): boolean;
  /** Every page, by absolute path, in a stable order. */
  pages(): readonly string[];
}

/** The part of the sources that reading needs. */
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
   * @param onOutside called with files outside of the root that are read
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
    // Reading a pipe would wait for a writer.
    if (fileStamp(file) === '') throw new Error('it is no regular file');
    return readFileSync(file, 'utf8');
  }

  realPath(file: string): string | undefined {
    return NODE_DISK.realPath(file);
  }

  isNamed(file: string): boolean {
    return NODE_DISK.isNamed(file);
  }

  pages(): readonly string[] {
    return pageFiles(this.root, this.#hidden.asNow());
  }
}
