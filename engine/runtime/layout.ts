// Layout, Section, CONTENT and SECTION (contract section 6): what one run of a page leaves to the page that wraps it.
// How a layout is found and run is a matter of pages/.

import { CallPlace, placedAt } from '../diagnostics/call-place.ts';
import { Problem } from '../diagnostics/problem.ts';
import { Html } from '../escaping/trusted-text.ts';

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

/** A section that awaits. */
interface OpenSection {
  readonly name: string;
  readonly place: CallPlace;
}

/** A call of Include that awaits. */
interface IncludeCall {
  readonly place: CallPlace | undefined;
}

/** Puts a text in the place of what the page has printed so far, and gives that. */
type Exchange = (text: string) => string;

/** One run of a page that names a layout, sets sections or includes pages that may. */
export class PageRun {
  /** The last call counts. */
  layout: LayoutCall | undefined = undefined;
  readonly #around: Surroundings;
  readonly #exchange: Exchange;
  readonly #sections = new Map<string, Html>();
  /** The asynchronous sections that are being printed, the innermost last. */
  readonly #open: OpenSection[] = [];
  #tangled: OpenSection | undefined = undefined;
  /** The includes that run, with the places of their calls where one may be left unawaited. */
  readonly #includes = new Set<IncludeCall>();
  /** The page has failed because of an open section: how that one ends is of no interest. */
  #isRefused = false;
  /** How many sections are being printed, the synchronous ones too. */
  #filling = 0;
  /** Whether a part of the output has been sent: it can get no layout any more. */
  #sent = false;

  /** @param exchange reaches the output, which is a variable of the compiled page */
  constructor(around: Surroundings, exchange: Exchange) {
    this.#around = around;
    this.#exchange = exchange;
  }

  /** @throws Problem `response-begun` when it comes too late */
  wrapIn(layout: LayoutCall): void {
    if (this.#sent) throw new Problem('response-begun', { params: { what: 'Layout()' } });
    this.layout = layout;
  }

  /**
   * Takes what the pages that include this one and then this one have printed; they go on with nothing.
   * @throws Problem `flush-not-here` where a page around would take it for its own
   */
  takePrinted(): string {
    const where = this.#sentAsWhole();
    if (where !== undefined) throw new Problem('flush-not-here', { params: { where } });
    const before = this.#around.includer?.takePrinted() ?? '';
    this.#sent = true;
    return before + this.#exchange('');
  }

  #sentAsWhole(): string | undefined {
    if (this.#filling > 0) return 'inside Section()';
    if (this.layout !== undefined) return 'under a Layout';
    return this.#around.content === undefined ? undefined : 'in a layout';
  }

  /**
   * Sets a section to what `fill` prints. A failure leaves both page and section as they were.
   * @throws Problem `section-callback`
   */
  section(name: string, fill: unknown): void | Promise<void> {
    if (typeof fill !== 'function') throw new Problem('section-callback', { params: { name: String(name) } });
    const before = this.#exchange('');
    let filling: unknown;
    this.#filling++;
    try {
      filling = fill();
    } catch (error) {
      this.#exchange(before);
      throw error;
    } finally {
      this.#filling--;
    }
    if (filling instanceof Promise) return this.#filled(String(name), filling, before);
    this.#sections.set(String(name), new Html(this.#exchange(before)));
  }

  /** An include has begun that does not end at once. */
  begun(isPlaced: boolean): IncludeCall {
    const call = { place: isPlaced ? new CallPlace() : undefined };
    this.#includes.add(call);
    return call;
  }

  ended(call: IncludeCall): void {
    this.#includes.delete(call);
  }

  /** Sections that print at the same time print into each other: the first one that ends out of turn shows it. */
  async #filled(name: string, filling: Promise<unknown>, before: string): Promise<void> {
    const section = { name, place: new CallPlace() };
    const depth = this.#open.push(section);
    this.#filling++;
    let isFilled = false;
    try {
      await filling;
      isFilled = true;
    } catch (error) {
      if (!this.#isRefused) throw error;
    } finally {
      this.#filling--;
      if (this.#open.length !== depth) this.#tangled ??= section;
      this.#open.length = Math.min(this.#open.length, depth - 1);
      const printed = this.#exchange(before);
      if (isFilled) this.#sections.set(name, new Html(printed));
    }
  }

  /** @throws Problem `include-unfinished` or `section-unfinished` when one was not awaited */
  refuseUnfinished(): void {
    for (const { place } of this.#includes) throw placedAt(new Problem('include-unfinished'), place);
    const section = this.#tangled ?? this.#open[0];
    if (section === undefined) return;
    this.#isRefused = true;
    const { name, place } = section;
    throw placedAt(new Problem('section-unfinished', { params: { name } }), place);
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
