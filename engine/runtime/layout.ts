// Layout, Section, CONTENT and SECTION (docs/pages.md): the output and the sections that one run of a page
// leaves to its layout. pages/ finds and runs layouts.

import { CallPlace, placedAt } from '../diagnostics/call-place.ts';
import { Problem } from '../diagnostics/problem.ts';
import { Html } from '../escaping/trusted-text.ts';

/** The data that a run gets from the page that includes it, or whose layout it is. */
export interface Surroundings {
  /** The output of the wrapped page; undefined unless this run is a layout. */
  readonly content: Html | undefined;
  /** The sections of the wrapped page by name. */
  readonly sections: ReadonlyMap<string, Html>;
  /** The run that includes this one. It gets the sections of a page without a layout of its own. */
  readonly includer: PageRun | undefined;
}

const NO_SECTIONS: ReadonlyMap<string, Html> = new Map();

/** The surroundings of a page that answers a request. */
export const ALONE: Surroundings = { content: undefined, sections: NO_SECTIONS, includer: undefined };

/** The surroundings of a part, with the children that the page gives it. */
export function included(includer: PageRun, children?: Html): Surroundings {
  return { content: children, sections: NO_SECTIONS, includer };
}

/** The arguments of a call of Layout(). */
export interface LayoutCall {
  readonly path: string;
  readonly data: unknown;
}

/** An asynchronous function of the page that prints a section or children, and that has not ended. */
interface OpenCapture {
  /** The error if the page does not wait for it. */
  readonly unfinished: () => Problem;
  readonly place: CallPlace;
}

/** A call of Include that has not ended. */
interface IncludeCall {
  readonly place: CallPlace | undefined;
}

/** Replaces the output so far by a text, and returns the output. */
type SwapOutput = (text: string) => string;

/** One run of a page that names a layout, sets sections, or includes pages that may do so. */
export class PageRun {
  /** The last call of Layout(). */
  layout: LayoutCall | undefined = undefined;
  readonly #around: Surroundings;
  readonly #swapOutput: SwapOutput;
  readonly #sections = new Map<string, Html>();
  /** The asynchronous captures that have not ended, the innermost last. */
  readonly #open: OpenCapture[] = [];
  /** The first capture that ended while a capture inside it had not. */
  #tangled: OpenCapture | undefined = undefined;
  /** The includes that have not ended. A call that the page may have left without `await` has its place. */
  readonly #includes = new Set<IncludeCall>();
  /** The page has failed because of an open capture, so an error of that capture is ignored. */
  #isRefused = false;
  /** The number of captures that have not ended, synchronous ones included. */
  #captures = 0;
  /** Whether a part of the output has been sent, so that the page can get no layout any more. */
  #sent = false;

  /** @param swapOutput swaps the output, which is a variable of the compiled page */
  constructor(around: Surroundings, swapOutput: SwapOutput) {
    this.#around = around;
    this.#swapOutput = swapOutput;
  }

  /**
   * Sets the layout of this run.
   * @throws Problem `response-begun` if a part of the output has been sent
   */
  wrapIn(layout: LayoutCall): void {
    if (this.#sent) throw new Problem('response-begun', { params: { what: 'Layout()' } });
    this.layout = layout;
  }

  /**
   * Takes the output so far: that of the pages that include this one, then its own. They continue with empty output.
   * @throws Problem `flush-not-here` inside a section, under a layout and in a layout, whose output is sent as a whole
   */
  takePrinted(): string {
    const where = this.#sentAsWhole();
    if (where !== undefined) throw new Problem('flush-not-here', { params: { where } });
    const before = this.#around.includer?.takePrinted() ?? '';
    this.#sent = true;
    return before + this.#swapOutput('');
  }

  #sentAsWhole(): string | undefined {
    if (this.#captures > 0) return 'inside Section() or the children of an Include()';
    if (this.layout !== undefined) return 'under a Layout';
    const { content, includer } = this.#around;
    return content === undefined || includer !== undefined ? undefined : 'in a layout';
  }

  /**
   * Sets a section to the output of `fill`. If `fill` fails, the output and the section stay as they were.
   * @throws Problem `section-callback` if `fill` is no function
   */
  section(name: string, fill: unknown): void | Promise<void> {
    if (typeof fill !== 'function') throw new Problem('section-callback', { params: { name: String(name) } });
    const set = (printed: Html) => void this.#sections.set(String(name), printed);
    const printed = this.#captured(
      () => fill(),
      () => new Problem('section-unfinished', { params: { name: String(name) } }),
    );
    return printed instanceof Promise ? printed.then(set) : set(printed);
  }

  /**
   * The output of `fill`, as the children of a part. If `fill` fails, the output of the page stays as it was.
   * @throws Problem `include-children` if `fill` is no function
   */
  children(path: string, fill: unknown): Html | Promise<Html> {
    if (typeof fill !== 'function') throw new Problem('include-children', { params: { path } });
    return this.#captured(
      () => fill(),
      () => new Problem('children-unfinished', { params: { path } }),
    );
  }

  #captured(fill: () => unknown, unfinished: () => Problem): Html | Promise<Html> {
    const before = this.#swapOutput('');
    let filling: unknown;
    this.#captures++;
    try {
      filling = fill();
    } catch (error) {
      this.#swapOutput(before);
      throw error;
    } finally {
      this.#captures--;
    }
    if (filling instanceof Promise) return this.#capturedLater(filling, unfinished, before);
    return new Html(this.#swapOutput(before));
  }

  /** Notes that an asynchronous include has begun. */
  begun(isPlaced: boolean): IncludeCall {
    const call = { place: isPlaced ? new CallPlace() : undefined };
    this.#includes.add(call);
    return call;
  }

  /** Notes that an include has ended. */
  ended(call: IncludeCall): void {
    this.#includes.delete(call);
  }

  /**
   * Waits for an asynchronous capture. Captures that run at the same time print into each other: the first one that ends
   * before a capture inside it shows that.
   */
  async #capturedLater(filling: Promise<unknown>, unfinished: () => Problem, before: string): Promise<Html> {
    const capture = { unfinished, place: new CallPlace() };
    const depth = this.#open.push(capture);
    let printed = '';
    this.#captures++;
    try {
      await filling;
    } catch (error) {
      if (!this.#isRefused) throw error;
    } finally {
      this.#captures--;
      if (this.#open.length !== depth) this.#tangled ??= capture;
      this.#open.length = Math.min(this.#open.length, depth - 1);
      printed = this.#swapOutput(before);
    }
    return new Html(printed);
  }

  /** @throws Problem `include-unfinished`, `section-unfinished` or `children-unfinished` if the page has not awaited one */
  refuseUnfinished(): void {
    for (const { place } of this.#includes) throw placedAt(new Problem('include-unfinished'), place);
    const capture = this.#tangled ?? this.#open[0];
    if (capture === undefined) return;
    this.#isRefused = true;
    throw placedAt(capture.unfinished(), capture.place);
  }

  /** The surroundings of this page's layout: its output, its sections, and those of the page that it wraps itself. */
  wrapped(printed: string): Surroundings {
    const sections = new Map([...this.#around.sections, ...this.#sections]);
    return { content: new Html(printed), sections, includer: undefined };
  }

  /** Passes the sections to the page that includes this one. */
  handOver(): void {
    const { includer } = this.#around;
    if (includer === undefined) return;
    for (const [name, section] of this.#sections) includer.#sections.set(name, section);
  }
}
