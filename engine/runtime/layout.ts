// Layout, Section, CONTENT and SECTION (contract section 6): what one run of a page leaves to the page that wraps it.
// How a layout is found and run is a matter of pages/.

import { Problem } from '../diagnostics/problem.ts';
import { Html } from '../escaping/html.ts';

/** What a run is given by the page that includes it, or that it is the layout of. */
export interface Surroundings {
  /** What the wrapped page printed; undefined where nothing is wrapped. */
  readonly content: Html | undefined;
  /** The named parts that the wrapped page set. */
  readonly sections: ReadonlyMap<string, Html>;
  /** The run that includes this one: it gets the sections of a page that has no layout of its own. */
  readonly includer: PageRun | undefined;
}

const NO_SECTIONS: ReadonlyMap<string, Html> = new Map();

/** The surroundings of a page that answers a request. */
export const ALONE: Surroundings = { content: undefined, sections: NO_SECTIONS, includer: undefined };

/** The surroundings of a page that another one includes. */
export function included(includer: PageRun): Surroundings {
  return { content: undefined, sections: NO_SECTIONS, includer };
}

/** What Layout() was called with. */
export interface LayoutCall {
  readonly path: string;
  readonly data: unknown;
}

/** Puts a text in the place of what the page has printed so far, and gives that. */
type Exchange = (text: string) => string;

/** One run of a page that names a layout, sets sections or includes pages that may. */
export class PageRun {
  /** The last call counts. */
  layout: LayoutCall | undefined = undefined;
  readonly #around: Surroundings;
  readonly #sections = new Map<string, Html>();
  /** The asynchronous sections that are being printed, the innermost last. */
  readonly #open: string[] = [];
  #tangled: string | undefined = undefined;
  /** The page has failed because of an open section: how that one ends is of no interest. */
  #isRefused = false;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /**
   * Sets a section to what `fill` prints. A failure leaves both page and section as they were.
   * @throws Problem `section-callback`
   */
  section(name: string, fill: unknown, exchange: Exchange): void | Promise<void> {
    if (typeof fill !== 'function') throw new Problem('section-callback', { holes: { name: String(name) } });
    const before = exchange('');
    let filling: unknown;
    try {
      filling = fill();
    } catch (error) {
      exchange(before);
      throw error;
    }
    if (filling instanceof Promise) return this.#filled(String(name), filling, before, exchange);
    this.#sections.set(String(name), new Html(exchange(before)));
  }

  /** Sections that print at the same time print into each other: the first one that ends out of turn shows it. */
  async #filled(name: string, filling: Promise<unknown>, before: string, exchange: Exchange): Promise<void> {
    const depth = this.#open.push(name);
    let isFilled = false;
    try {
      await filling;
      isFilled = true;
    } catch (error) {
      if (!this.#isRefused) throw error;
    } finally {
      if (this.#open.length !== depth) this.#tangled ??= name;
      this.#open.length = Math.min(this.#open.length, depth - 1);
      const printed = exchange(before);
      if (isFilled) this.#sections.set(name, new Html(printed));
    }
  }

  /** @throws Problem `section-unfinished` when a section was not awaited */
  refuseUnfinished(): void {
    const name = this.#tangled ?? this.#open[0];
    if (name === undefined) return;
    this.#isRefused = true;
    throw new Problem('section-unfinished', { holes: { name } });
  }

  /** What the layout is given: this page's output, its sections, and those of the page that it wraps itself. */
  wrapped(printed: string): Surroundings {
    const sections = new Map([...this.#around.sections, ...this.#sections]);
    return { content: new Html(printed), sections, includer: undefined };
  }

  /** Leaves the sections to the page that includes this one. */
  handOver(): void {
    const { includer } = this.#around;
    if (includer === undefined) return;
    for (const [name, section] of this.#sections) includer.#sections.set(name, section);
  }
}
