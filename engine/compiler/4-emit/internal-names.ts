// The names of the compiler's own variables in a compiled page.

/** Chosen so that the page does not have them. */
export class InternalNames {
  readonly #prefix: string;

  constructor(source: string) {
    let prefix = '$';
    while (source.includes(`${prefix}out`) || source.includes(`${prefix}kit`)) prefix += '$';
    this.#prefix = prefix;
  }

  get out(): string {
    return `${this.#prefix}out`;
  }
  get value(): string {
    return `${this.#prefix}out_`;
  }
  get pending(): string {
    return `${this.#prefix}out_pending`;
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
}
