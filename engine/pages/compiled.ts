// Page files compiled, each once for every version of its source.

import { readFileSync } from 'node:fs';
import type { PageFacts } from '../compiler/facts.ts';
import { compilePage } from '../compiler/index.ts';
import { Problem } from '../diagnostics/problem.ts';
import { messageOf } from '../diagnostics/thrown.ts';
import type { Surroundings } from '../runtime/layout.ts';
import type { PageScope } from '../runtime/names.ts';
import { executable } from './executable.ts';
import type { PageKit } from './page-kit.ts';
import { type Stamp, stampOf } from './stamp.ts';

/** A compiled page's function: it gives what the page printed. */
export type PageFunction = (
  scope: PageScope,
  data: unknown,
  around: Surroundings,
) => string | Promise<string>;

/** One version of one page file. */
export interface CompiledFile {
  readonly file: string;
  readonly stamp: Stamp;
  readonly facts: PageFacts;
  /** Links the page with its kit and the modules that it imports. */
  readonly factory: (kit: PageKit, ...modules: readonly unknown[]) => PageFunction;
}

/** The compiled pages of a site by absolute path. */
export class CompiledPages {
  readonly #files = new Map<string, CompiledFile>();
  readonly #outdated = new Set<string>();
  readonly #keepsStamps: boolean;
  readonly #isDebuggable: boolean;

  /**
   * @param keepsStamps compares a file with the disk at every call, else only after `changed`
   * @param isDebuggable gives the compiled code a source map
   */
  constructor(keepsStamps: boolean, isDebuggable: boolean) {
    this.#keepsStamps = keepsStamps;
    this.#isDebuggable = isDebuggable;
  }

  /** @throws Problem when the page does not compile or cannot be read */
  get(file: string): CompiledFile {
    const known = this.#files.get(file);
    if (known !== undefined && this.isCurrent(known)) return known;
    const compiled = this.#compile(file);
    this.#files.set(file, compiled);
    this.#outdated.delete(file);
    return compiled;
  }

  /** Whether a version is the newest, as far as this mode looks. */
  isCurrent(compiled: CompiledFile): boolean {
    if (this.#files.get(compiled.file) !== compiled) return false;
    if (this.#keepsStamps) return stampOf(compiled.file) === compiled.stamp;
    return !this.#outdated.has(compiled.file);
  }

  changed(files: readonly string[]): void {
    for (const file of files) this.#outdated.add(file);
  }

  /** The stamp is taken before the file is read: a save in between makes the next call compile again. */
  #compile(file: string): CompiledFile {
    const stamp = stampOf(file);
    const source = this.#read(file);
    const { code, facts, pieces, bindings } = compilePage(source, { file });
    const compiled = { file, source, code, pieces, bindings };
    const factory: CompiledFile['factory'] = executable(compiled, this.#isDebuggable);
    return { file, stamp, facts, factory };
  }

  #read(file: string): string {
    try {
      return readFileSync(file, 'utf8');
    } catch (cause) {
      throw new Problem('page-unreadable', { file, holes: { reason: messageOf(cause) } });
    }
  }
}
