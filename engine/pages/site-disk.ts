// Synchronous queries of the disk: a call takes 2 to 10 µs, its asynchronous counterpart 40 µs. No function throws: a
// path that cannot be examined counts as absent.

import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';

/** The state of a file on the disk; equal stamps mean equal content. Empty if there is no regular file. */
export type Stamp = string;

/** The stamp of a file now. Takes about 4 µs. */
export function fileStamp(file: string): Stamp {
  const found = attempt(() => statSync(file, { throwIfNoEntry: false }));
  return found?.isFile() === true ? `${found.mtimeMs}:${found.ctimeMs}:${found.size}:${found.ino}` : '';
}

/** The kind and state of a path, with symbolic links followed. */
export interface DiskEntry {
  readonly kind: 'file' | 'folder' | 'other';
  /** A text that changes whenever a name is added to or removed from a folder. */
  readonly stamp: string;
  /** The time of the last change, in milliseconds since 1970. */
  readonly changed: number;
}

/** The part of a disk that the locator reads. */
export interface Disk {
  entry(path: string): DiskEntry | undefined;
  /** The path with symbolic links resolved, each name spelt as on the disk. */
  realPath(path: string): string | undefined;
  /** The names in a folder; none if it cannot be read. */
  names(folder: string): readonly string[];
  /** Whether there is something under this path: a file, a folder, or a symbolic link, even one that leads nowhere. */
  isNamed(path: string): boolean;
}

export const NODE_DISK: Disk = {
  entry(path) {
    const found = attempt(() => statSync(path, { throwIfNoEntry: false }));
    return found && { kind: kindOf(found), stamp: folderStamp(found), changed: found.ctimeMs };
  },
  realPath: (path) => attempt(() => realpathSync.native(path)),
  names: (folder) => attempt(() => readdirSync(folder)) ?? [],
  isNamed: (path) => attempt(() => lstatSync(path, { throwIfNoEntry: false })) !== undefined,
};

function kindOf(stats: Stats): DiskEntry['kind'] {
  if (stats.isFile()) return 'file';
  return stats.isDirectory() ? 'folder' : 'other';
}

function folderStamp({ dev, ino, mtimeMs, ctimeMs }: Stats): string {
  return `${dev}:${ino}:${mtimeMs}:${ctimeMs}`;
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
