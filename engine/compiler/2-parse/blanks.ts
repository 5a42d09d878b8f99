// A source in which ranges are replaced by blanks of the same length. Line breaks remain, so that every line and column
// holds.

/** Collects the ranges to blank, and single characters that are put into them. */
export class Blanks {
  readonly source: string;
  readonly #blanks: { readonly from: number; readonly to: number }[] = [];
  readonly #characters = new Map<number, string>();

  constructor(source: string) {
    this.source = source;
  }

  /** Blanks the characters from `from` up to `to`. */
  blank(from: number, to: number): void {
    this.#blanks.push({ from, to });
  }

  /** Puts a character at an offset that is not a line break, whatever ranges are blanked around it. */
  put(offset: number, character: string): void {
    this.#characters.set(offset, character);
  }

  /** Blanks a whole declaration. The `;` in its place keeps the statement before it apart from the one behind it. */
  blankDeclaration(node: { readonly start: number; readonly end: number }): void {
    this.blank(node.start, node.end);
    this.put(node.start, ';');
  }

  /** The source with its blanks. */
  text(): string {
    let result = '';
    let done = 0;
    for (const { from, to } of this.#blanks.sort((a, b) => a.from - b.from)) {
      if (to <= done) continue;
      const start = Math.max(from, done);
      result +=
        this.source.slice(done, start) + this.source.slice(start, to).replace(/[^\n\r\u2028\u2029]/g, ' ');
      done = to;
    }
    return this.#withCharacters(result + this.source.slice(done));
  }

  #withCharacters(text: string): string {
    let result = '';
    let done = 0;
    for (const [offset, character] of [...this.#characters].sort(([a], [b]) => a - b)) {
      result += text.slice(done, offset) + character;
      done = offset + 1;
    }
    return result + text.slice(done);
  }
}
