// Files and folders that are never served, run or watched, whatever their names: the configuration file and the files
// of the session store. The configuration names them by paths that may contain symbolic links; requested files are
// compared by their real path.

import { basename, dirname, join } from 'node:path';
import { NODE_DISK } from './site-disk.ts';
import { isInside } from './site-paths.ts';

/** Decides for absolute paths whether they are hidden. */
export interface Hidden {
  covers(path: string): boolean;
}

/** Hides nothing: for sets of files without a configuration. */
export const NOTHING_HIDDEN: Hidden = { covers: () => false };

/**
 * Hidden paths and their real paths. A link may be switched at any time (a release, a mounted volume), so the real
 * paths are resolved at each query: 4 µs for each hidden path. Real paths that were resolved before stay hidden.
 */
export class HiddenFiles implements Hidden {
  readonly #named: readonly string[];
  readonly #covered: Set<string>;

  /** @param named absolute paths, which need not exist */
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

  /** A view for many queries: links are resolved once, now. */
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

/**
 * The real path. If nothing exists there, it is the real path of the nearest existing folder with the rest appended.
 */
function realPath(path: string): string {
  const real = NODE_DISK.realPath(path);
  if (real !== undefined) return real;
  const folder = dirname(path);
  return folder === path ? path : join(realPath(folder), basename(path));
}
