// Texts that the author of a page declares to be safe: markup (`html`, `raw`) as element text, and `safe.url(…)` and
// its siblings in one kind of context each. In every other context they are escaped like any text (README.md, *The page language*).

/** Markup that is trusted as element text. Its values are escaped already, or the page's author declares it safe. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** A text that is trusted in one kind of context. */
export class Trusted {
  readonly #text: string;

  constructor(text: unknown) {
    this.#text = String(text);
  }

  toString(): string {
    return this.#text;
  }
}

/** A URL with any scheme. */
export class SafeUrl extends Trusted {
  readonly trusted = 'url';
}

/** CSS in the position of a value: several words, functions, declarations. */
export class SafeCss extends Trusted {
  readonly trusted = 'css';
}

/** JavaScript code in the position of an expression. */
export class SafeJs extends Trusted {
  readonly trusted = 'js';
}

/** The source of a plain attribute's value: its character references are kept. */
export class SafeAttribute extends Trusted {
  readonly trusted = 'attribute';
}

/** The object that pages name `safe`. */
export const safe = Object.freeze({
  url: (text: unknown) => new SafeUrl(text),
  css: (text: unknown) => new SafeCss(text),
  js: (text: unknown) => new SafeJs(text),
  attribute: (text: unknown) => new SafeAttribute(text),
});
