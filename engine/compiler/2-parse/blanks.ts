// A text in which pieces become blanks of the same length; line breaks stay, so every line and column holds.

/** Collects what is blanked and the few characters that are put in its place. */
export class Blanks {
  readonly source: string;
  readonly #blanks: { readonly from: number; readonly to: number }[] = [];
  readonly #characters = new Map<number, string>();

  constructor(source: string) {
    this.source = source;
  }

  /** Makes `from` up to `to` blank. */
  blank(from: number, to: number): void {
    this.#blanks.push({ from, to });
  }

  /** Puts a character at a place whatever else is blanked there; never on a line break. */
  put(offset: number, character: string): void {
    this.#characters.set(offset, character);
  }

  /** Blanks a whole declaration; the `;` keeps what stands before it from running into what follows. */
  blankDeclaration(node: { readonly start: number; readonly end: number }): void {
    this.blank(node.start, node.end);
    this.put(node.start, ';');
  }

  /** The text with its blanks. */
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
