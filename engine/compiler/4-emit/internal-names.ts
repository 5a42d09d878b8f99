// The names of the variables that the compiler adds to a page.

import type { PageRun } from '../../runtime/layout.ts';
import type { PageKit } from '../../runtime/page-linkage.ts';
import type { PageScope } from '../../runtime/page-types.ts';

/** All names have a prefix that makes them differ from the names of the page. */
export class InternalNames {
  readonly #prefix: string;

  /** @param written a text that contains every name of the page (`writtenNames`) */
  constructor(written: string) {
    let prefix = '$';
    while (written.includes(`${prefix}out`) || written.includes(`${prefix}kit`)) prefix += '$';
    this.#prefix = prefix;
  }

  get out(): string {
    return `${this.#prefix}out`;
  }
  get outputValue(): string {
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
  /** The variable with the number of the current context; -1 behind the end of the page. */
  get tracked(): string {
    return `${this.#prefix}out_at`;
  }
  get contexts(): string {
    return `${this.#prefix}kit_places`;
  }
  get misplaced(): string {
    return `${this.#prefix}kit_misplaced`;
  }
  get resumed(): string {
    return `${this.#prefix}kit_resumed`;
  }
  get returned(): string {
    return `${this.#prefix}kit_left`;
  }
  /** Whether forms of this run get tokens. */
  get printsTokens(): string {
    return `${this.#prefix}kit_tokens`;
  }
  /** The length of the output before the last form whose tag goes on behind code. */
  get formStart(): string {
    return `${this.#prefix}out_form`;
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
  /** The suffix of a `print` that prints in another context than element text. */
  printSuffix(number: number): string {
    return `${this.#prefix}kit_${number}`;
  }
  /** The suffix of `print` and `Include` where they are named without being called. */
  get deferredSuffix(): string {
    return `${this.#prefix}kit_at`;
  }
}
