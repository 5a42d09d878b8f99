// Files that pages use through symbolic links. The watcher follows no link, since a link may lead outside or in a circle, so it
// names a changed file by its real path and a link that leads elsewhere by the link's; pages know the path that they have used.

import { realpathSync } from 'node:fs';
import { sep } from 'node:path';

/** The used files whose path has a link in it. */
export class LinkedFiles {
  readonly #realPaths = new Map<string, string>();

  /** Takes a used file; gives its real path where that differs. */
  add(file: string): string | undefined {
    const real = realPath(file);
    if (real === undefined || real === file) return undefined;
    this.#realPaths.set(file, real);
    return real;
  }

  /** The changed files, with the paths under which pages use them. */
  withUsedPaths(changed: readonly string[]): readonly string[] {
    if (this.#realPaths.size === 0) return changed;
    const names = new Set(changed);
    const used: string[] = [];
    for (const [file, real] of this.#realPaths) {
      if (names.has(real) || changed.some((path) => file === path || file.startsWith(path + sep)))
        used.push(file);
    }
    return [...changed, ...used];
  }
}

function realPath(file: string): string | undefined {
  try {
    return realpathSync.native(file);
  } catch {
    return undefined;
  }
}
