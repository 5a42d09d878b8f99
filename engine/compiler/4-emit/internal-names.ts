// The names of the compiler's own variables in a compiled page.

import type { PageRun } from '../../runtime/layout.ts';
import type { PageKit } from '../../runtime/page-linkage.ts';
import type { PageScope } from '../../runtime/page-types.ts';

/** Chosen so that the page does not have them. */
export class InternalNames {
  readonly #prefix: string;

  /** @param written a text that holds every name of the page, see written-names.ts */
  constructor(written: string) {
    let prefix = '$';
    while (written.includes(`${prefix}out`) || written.includes(`${prefix}kit`)) prefix += '$';
    this.#prefix = prefix;
  }

  get out(): string {
    return `${this.#prefix}out`;
  }
  get value(): string {
    return `${this.#prefix}out_`;
  }
  get kit(): string {
    return `${this.#prefix}kit`;
  }
  get scope(): string {
    return `${this.#prefix}kit_`;
  }
  get data(): string {
    return `${this.#prefix}kit_data`;
  }
  get around(): string {
    return `${this.#prefix}kit_around`;
  }
  get run(): string {
    return `${this.#prefix}kit_run`;
  }
  get text(): string {
    return `${this.#prefix}kit_text`;
  }
  get plain(): string {
    return `${this.#prefix}kit_plain`;
  }
  /** The number of the place where the page's code now is; -1 behind its end. */
  get at(): string {
    return `${this.#prefix}out_at`;
  }
  get places(): string {
    return `${this.#prefix}kit_places`;
  }
  get misplaced(): string {
    return `${this.#prefix}kit_misplaced`;
  }
  get resumed(): string {
    return `${this.#prefix}kit_resumed`;
  }
  get left(): string {
    return `${this.#prefix}kit_left`;
  }
  get caught(): string {
    return `${this.#prefix}out_caught`;
  }
  inKit(member: keyof PageKit): string {
    return `${this.kit}.${member}`;
  }
  inScope(member: keyof PageScope): string {
    return `${this.scope}.${member}`;
  }
  inRun(member: keyof PageRun): string {
    return `${this.run}.${member}`;
  }
  mark(number: number): string {
    return `${this.#prefix}out_mark${number}`;
  }
  escaper(name: string): string {
    return `${this.#prefix}kit_to_${name.replace(/\W/g, '_')}`;
  }
  /** What is put behind `print` where it does not print element text. */
  printSuffix(number: number): string {
    return `${this.#prefix}kit_${number}`;
  }
  /** What is put behind `print` and `Include` where they are named without being called. */
  get boundSuffix(): string {
    return `${this.#prefix}kit_at`;
  }
}
