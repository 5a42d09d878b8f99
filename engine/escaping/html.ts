// Markup that is trusted as element text: what `html` and `raw` give (contract section 5).

/** A piece of markup whose values were escaped, or that the page's author vouches for. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}
