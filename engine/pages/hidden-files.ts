// Files and folders that are never served, run or watched whatever their names: the configuration file, what the store keeps.
// The configuration names them by paths that may lead over symbolic links; a file that is asked for comes as its real path.

import { basename, dirname, join } from 'node:path';
import { NODE_DISK } from './site-disk.ts';
import { isInside } from './site-paths.ts';

/** Tells of absolute paths whether they are hidden. */
export interface Hidden {
  covers(path: string): boolean;
}

/** For sets of files without a configuration. */
export const NOTHING_HIDDEN: Hidden = { covers: () => false };

/**
 * Hidden paths, and the real paths that they lead to. A link may be switched at any time (a release, a mounted volume), so
 * the real paths are looked up whenever a path is judged: 4 µs for each hidden one. Those that were seen before stay hidden.
 */
export class HiddenFiles implements Hidden {
  readonly #named: readonly string[];
  readonly #covered: Set<string>;

  /** @param named absolute paths; there need not be anything yet */
  constructor(named: readonly string[]) {
    this.#named = named;
    this.#covered = new Set(named);
    this.#look();
  }

  /** @param path a real path, or one as the watcher names it */
  covers(path: string): boolean {
    this.#look();
    return this.#isCovered(path);
  }

  /** The same for many paths at once: the disk is asked once. */
  asNow(): Hidden {
    this.#look();
    return { covers: (path) => this.#isCovered(path) };
  }

  #look(): void {
    for (const path of this.#named) this.#covered.add(realPath(path));
  }

  #isCovered(path: string): boolean {
    for (const hidden of this.#covered) if (isInside(hidden, path)) return true;
    return false;
  }
}

/** The real path; where there is nothing yet, that of the nearest folder with the rest behind it. */
function realPath(path: string): string {
  const real = NODE_DISK.realPath(path);
  if (real !== undefined) return real;
  const folder = dirname(path);
  return folder === path ? path : join(realPath(folder), basename(path));
}
