// The disk as the locator of a generation sees it: pages come from the snapshot, all other files from the disk.

import { basename, dirname, sep } from 'node:path';
import { isPageFile } from './hidden-names.ts';
import { type Disk, type DiskEntry, NODE_DISK } from './site-disk.ts';
import type { Sources } from './sources.ts';

/** A disk whose pages never change. */
export class SnapshotDisk implements Disk {
  readonly #sources: Sources;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  entry(path: string): DiskEntry | undefined {
    if (isPageFile(path)) {
      const stamp = this.#sources.stamp(path);
      return stamp === '' ? undefined : { kind: 'file', stamp, changed: 0 };
    }
    const found = NODE_DISK.entry(path);
    if (found !== undefined || !this.#hasPagesBelow(path)) return found;
    return { kind: 'folder', stamp: 'snapshot', changed: 0 };
  }

  realPath(path: string): string | undefined {
    return isPageFile(path) ? this.#sources.realPath(path) : NODE_DISK.realPath(path);
  }

  names(folder: string): readonly string[] {
    const pages = this.#sources.pages().filter((file) => dirname(file) === folder);
    const others = NODE_DISK.names(folder).filter((name) => !isPageFile(name));
    return [...others, ...pages.map((file) => basename(file))];
  }

  isNamed(path: string): boolean {
    return isPageFile(path) ? this.#sources.isNamed(path) : NODE_DISK.isNamed(path);
  }

  #hasPagesBelow(folder: string): boolean {
    return this.#sources.pages().some((file) => file.startsWith(folder + sep));
  }
}
