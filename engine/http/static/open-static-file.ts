// Opens a static file if it may be served (README.md, *From URL to file*). The locator has checked its path, but a folder of
// the path may have been replaced by a link since. So the file is opened first, and the descriptor is checked: its real path
// must be one that may be served, and it must be a regular file. All bytes are read from that descriptor.

import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, type Stats } from 'node:fs';
import { relative, sep } from 'node:path';
import { isPageFile } from '../../pages/hidden-names.ts';
import type { PageSet } from '../../pages/index.ts';
import { NODE_DISK } from '../../pages/site-disk.ts';

/** An open file that may be served. */
export interface OpenStaticFile {
  /** The URL path below the root, percent-encoded. */
  readonly url: string;
  /** The path with symbolic links resolved. */
  readonly real: string;
  readonly stats: Stats;
  /** The file descriptor, which the caller closes. */
  readonly descriptor: number;
}

/** Returns the real path of an open file; undefined if it cannot be determined for certain. */
export type RealPathOf = (descriptor: number, stats: Stats, path: string) => string | undefined;

/** The number of attempts, because a file may be replaced while it is opened. */
const ATTEMPTS = 5;

// NONBLOCK: if the file was replaced by a FIFO, opening it must not wait for a writer.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * Opens a located static file; undefined if it does not exist any more or must not be served.
 * @param realPathOf the way to get the real path of an open file on this system
 */
export function openStaticFile(
  pages: Pick<PageSet, 'root' | 'mayServe'>,
  located: string,
  realPathOf = REAL_PATH_OF,
): OpenStaticFile | undefined {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const descriptor = openedDescriptor(located);
    if (descriptor === undefined) return undefined;
    let file: OpenStaticFile | 'replaced' | undefined;
    try {
      file = checkedFile(pages, located, descriptor, realPathOf);
    } finally {
      if (typeof file !== 'object') closeSync(descriptor);
    }
    if (file !== 'replaced') return file;
  }
  return undefined;
}

const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM', 'ENXIO', 'ENODEV', 'ENAMETOOLONG']);

function openedDescriptor(path: string): number | undefined {
  try {
    return openSync(path, FLAGS);
  } catch (error) {
    if (error instanceof Error && 'code' in error && ABSENT.has(String(error.code))) return undefined;
    throw error;
  }
}

function checkedFile(
  pages: Pick<PageSet, 'root' | 'mayServe'>,
  located: string,
  descriptor: number,
  realPathOf: RealPathOf,
): OpenStaticFile | 'replaced' | undefined {
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) return undefined;
  const real = realPathOf(descriptor, stats, located);
  if (real === undefined) return 'replaced';
  if (!pages.mayServe(real) || isPageFile(real)) return undefined;
  return {
    url: `/${relative(pages.root, real).split(sep).map(encodeURIComponent).join('/')}`,
    real,
    stats,
    descriptor,
  };
}

/** The kernel knows the path of a descriptor, and marks the path if the file was removed. */
export const realPathByDescriptor: RealPathOf = (descriptor, stats) => {
  const path = readlinkSync(`/proc/self/fd/${descriptor}`);
  if (stats.nlink > 0 && !path.endsWith(' (deleted)')) return path;
  return isSameFile(path, stats) ? path : undefined;
};

/** Resolves the path again, before and after a check that it still leads to the open file. */
export const realPathByName: RealPathOf = (_descriptor, stats, path) => {
  const real = NODE_DISK.realPath(path);
  const isSame = real !== undefined && isSameFile(real, stats) && NODE_DISK.realPath(path) === real;
  return isSame ? real : undefined;
};

function isSameFile(path: string, { dev, ino }: Stats): boolean {
  const now = lstatSync(path, { throwIfNoEntry: false });
  return now?.dev === dev && now.ino === ino;
}

const REAL_PATH_OF = canAskKernel() ? realPathByDescriptor : realPathByName;

function canAskKernel(): boolean {
  try {
    return process.platform === 'linux' && readlinkSync('/proc/self/fd/0') !== '';
  } catch {
    return false;
  }
}
