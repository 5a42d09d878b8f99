// The versions of files that were compiled last: two of each, because a generation that is being prepared and the one in
// use often share all but a few files.

import type { Stamp } from './stamp.ts';

const KEPT = 2;

/** Compiled versions by file and stamp. */
export class RecentVersions<T extends { readonly file: string; readonly stamp: Stamp }> {
  readonly #versions = new Map<string, readonly T[]>();

  /** The version of a file with this stamp; `compile` makes it if it is not there. */
  get(file: string, stamp: Stamp, compile: () => T): T {
    const known = this.#versions.get(file) ?? [];
    const found = known.find((version) => version.stamp === stamp);
    if (found !== undefined && known[0] === found) return found;
    const version = found ?? compile();
    const others = known.filter((other) => other !== version);
    this.#versions.set(file, [version, ...others].slice(0, KEPT));
    return version;
  }
}
