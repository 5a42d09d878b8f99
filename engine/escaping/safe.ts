// Texts that a page's author vouches for, each for one kind of place: `safe.url(…)`. In any other place they are text
// like any other and escaped.

/** A text that is trusted in one kind of place. */
export class Trusted {
  readonly #text: string;

  constructor(text: unknown) {
    this.#text = String(text);
  }

  toString(): string {
    return this.#text;
  }
}

/** A URL whose scheme is meant, whatever it is. */
export class SafeUrl extends Trusted {
  readonly trusted = 'url';
}

/** CSS where a value may stand: several words, functions, declarations. */
export class SafeCss extends Trusted {
  readonly trusted = 'css';
}

/** JavaScript code where an expression may stand. */
export class SafeJs extends Trusted {
  readonly trusted = 'js';
}

/** The source of a plain attribute's value: its references are kept. */
export class SafeAttribute extends Trusted {
  readonly trusted = 'attribute';
}

/** What a page calls `safe`. */
export const safe = Object.freeze({
  url: (text: unknown) => new SafeUrl(text),
  css: (text: unknown) => new SafeCss(text),
  js: (text: unknown) => new SafeJs(text),
  attribute: (text: unknown) => new SafeAttribute(text),
});
