// Page files compiled, each once for every version of its source.

import type { PageFacts } from '../compiler/facts.ts';
import { type CompiledPage, compilePage } from '../compiler/index.ts';
import { Problem } from '../diagnostics/problem.ts';
import { messageOf } from '../diagnostics/thrown.ts';
import type { Surroundings } from '../runtime/layout.ts';
import type { PageScope } from '../runtime/names.ts';
import { executable } from './executable.ts';
import type { PageKit } from './page-kit.ts';
import { RecentVersions } from './recent-versions.ts';
import type { Sources } from './sources.ts';
import type { Stamp } from './stamp.ts';

/** A compiled page's function: it gives what the page printed. */
export type PageFunction = (
  scope: PageScope,
  data: unknown,
  around: Surroundings,
) => string | Promise<string>;

/** Links a page with its kit and the modules that it imports. */
export type PageFactory = (kit: PageKit, ...modules: readonly unknown[]) => PageFunction;

/** One version of one page file. Its code becomes a function on first use: a page that is only looked at needs none. */
export class CompiledFile {
  readonly file: string;
  readonly stamp: Stamp;
  readonly facts: PageFacts;
  readonly #source: string;
  readonly #compiled: CompiledPage;
  readonly #isDebuggable: boolean;
  #factory: PageFactory | undefined;

  /** @throws Problem when the source does not compile */
  constructor(file: string, stamp: Stamp, source: string, isDebuggable: boolean) {
    this.file = file;
    this.stamp = stamp;
    this.#source = source;
    this.#compiled = compilePage(source, { file });
    this.facts = this.#compiled.facts;
    this.#isDebuggable = isDebuggable;
  }

  get factory(): PageFactory {
    this.#factory ??= this.#executable();
    return this.#factory;
  }

  #executable(): PageFactory {
    const { code, pieces, bindings } = this.#compiled;
    const compiled = { file: this.file, source: this.#source, code, pieces, bindings };
    return executable(compiled, this.#isDebuggable);
  }
}

/** Compiles pages. */
export class PageCompiler {
  readonly #versions = new RecentVersions<CompiledFile>();
  readonly #isDebuggable: boolean;

  /** @param isDebuggable gives the compiled code a source map */
  constructor(isDebuggable: boolean) {
    this.#isDebuggable = isDebuggable;
  }

  /**
   * The page of a file. The stamp is taken before the file is read: a save in between makes the next call compile again.
   * @throws Problem when the page does not compile or cannot be read
   */
  get(file: string, sources: Sources): CompiledFile {
    const stamp = sources.stamp(file);
    return this.#versions.get(
      file,
      stamp,
      () => new CompiledFile(file, stamp, sourceOf(file, sources), this.#isDebuggable),
    );
  }
}

function sourceOf(file: string, sources: Sources): string {
  try {
    return sources.read(file);
  } catch (cause) {
    throw new Problem('page-unreadable', { file, holes: { reason: messageOf(cause) } });
  }
}
