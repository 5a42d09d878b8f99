// Compiles files, each version once. Two versions of each file are kept, because the generation in use and the one in
// preparation share all but a few files.

import { Problem } from '../diagnostics/problem.ts';
import { messageOf } from '../diagnostics/thrown.ts';
import type { Stamp } from './site-disk.ts';
import type { Readable } from './sources.ts';

const KEPT = 2;

/** One version of one file. */
export interface SourceVersion {
  readonly file: string;
  readonly stamp: Stamp;
  readonly text: string;
}

/** A cache of compiled versions by file and stamp. */
export class SourceCompiler<T extends { readonly stamp: Stamp }> {
  readonly #versions = new Map<string, readonly T[]>();
  readonly #unreadable: 'page-unreadable' | 'module-unreadable';
  readonly #compile: (source: SourceVersion) => T;

  /** @param unreadable the code of the error for a file that cannot be read */
  constructor(unreadable: 'page-unreadable' | 'module-unreadable', compile: (source: SourceVersion) => T) {
    this.#unreadable = unreadable;
    this.#compile = compile;
  }

  /**
   * The compiled version of a file. The stamp is taken before the file is read, so that a save in between makes the
   * next call compile it again.
   * @throws Problem if the file does not compile or cannot be read
   */
  get(file: string, sources: Readable): T {
    const stamp = sources.stamp(file);
    const known = this.#versions.get(file) ?? [];
    const found = known.find((version) => version.stamp === stamp);
    if (found !== undefined && known[0] === found) return found;
    const version = found ?? this.#compile({ file, stamp, text: this.#read(file, sources) });
    const others = known.filter((other) => other !== version);
    this.#versions.set(file, [version, ...others].slice(0, KEPT));
    return version;
  }

  #read(file: string, sources: Readable): string {
    try {
      return sources.read(file);
    } catch (cause) {
      throw new Problem(this.#unreadable, { file, params: { reason: messageOf(cause) } });
    }
  }
}
