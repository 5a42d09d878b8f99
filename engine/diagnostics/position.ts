// Converts offsets in a text to lines and columns and back. Lines and columns count from 1.

/** The lines of one text. */
export class Lines {
  readonly #starts: readonly number[];

  constructor(text: string) {
    const starts = [0];
    const breaks = /\r\n|\n|\r|\u2028|\u2029/g;
    while (breaks.exec(text) !== null) starts.push(breaks.lastIndex);
    this.#starts = starts;
  }

  /** The 1-based line and column of a 0-based offset. */
  at(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }

  /** The offset at which a 1-based line starts. */
  startOf(line: number): number {
    return this.#starts[Math.min(line, this.#starts.length) - 1] ?? 0;
  }
}
