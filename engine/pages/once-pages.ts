// The pages of a generation that use Once (docs/exactly-once.md), in their own text or in parts and layouts that they name by literal
// paths. Forms that are sent to them get a token.

import { LRUCache } from 'lru-cache';
import { Problem } from '../diagnostics/problem.ts';
import type { Located, OncePagesView, OnceUse } from './index.ts';
import { closureOf, type PageSources } from './page-closure.ts';
import type { Sources } from './sources.ts';

/** The parts of a generation that the search reads. */
interface SearchedPages extends PageSources {
  readonly sources: Sources;
  locate(path: string): Located;
}

/** To read a tag and resolve its action takes 40 microseconds, which is as much as a small page. */
const REMEMBERED_DECISIONS = 5000;

export class OncePages implements OncePagesView {
  readonly #pages: SearchedPages;
  readonly #known = new Map<string, boolean>();
  readonly #decided = new LRUCache<string, boolean>({ max: REMEMBERED_DECISIONS });
  #exist: boolean | undefined;

  constructor(pages: SearchedPages) {
    this.#pages = pages;
  }

  get exist(): boolean {
    if (this.#pages.sources.isLive) return true;
    this.#exist ??= this.first() !== undefined;
    return this.#exist;
  }

  /** The first use of Once; undefined without one. A page that does not compile has an error of its own. */
  first(): OnceUse | undefined {
    const { sources, compiler } = this.#pages;
    for (const file of sources.pages()) {
      const once = orElse(undefined, () => {
        // Most sites never use it, and then no page has to be compiled before its first request.
        return sources.read(file).includes('Once') ? compiler.get(file, sources).facts.once : undefined;
      });
      if (once !== undefined) return { file, ...once };
    }
    return undefined;
  }

  at(path: string): boolean {
    const found = this.#pages.locate(path);
    const located = found.kind === 'redirect' ? this.#pages.locate(found.path) : found;
    return located.kind === 'page' && this.#uses(located.file);
  }

  remembered(key: string, decide: () => boolean): boolean {
    if (this.#pages.sources.isLive) return decide();
    const known = this.#decided.get(key);
    if (known !== undefined) return known;
    const decided = decide();
    this.#decided.set(key, decided);
    return decided;
  }

  #uses(file: string): boolean {
    const known = this.#pages.sources.isLive ? undefined : this.#known.get(file);
    if (known !== undefined) return known;
    const uses = orElse(false, () =>
      closureOf(file, this.#pages).files.some(({ facts }) => facts.once !== undefined),
    );
    this.#known.set(file, uses);
    return uses;
  }
}

/** The result of `look`; `otherwise` if a page cannot be read or does not compile. */
function orElse<T>(otherwise: T, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof Problem || error instanceof SyntaxError) return otherwise;
    throw error;
  }
}
