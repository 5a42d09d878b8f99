// Shows the progress of long work on one line of a terminal, which is cleared at the end. It needs no package, because
// it is one line without colours.

const WIDTH = 30;
const REDRAW_MS = 100;

/** The part of a terminal that is used. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A line that is redrawn at most every 100 ms; it writes nothing if the stream is no terminal. */
export class ProgressLine {
  readonly #what: string;
  readonly #screen: Screen;
  /** Whether progress is shown. */
  readonly wanted: boolean;
  #drawn: number | undefined;

  constructor(what: string, screen: Screen, wanted: boolean) {
    this.#what = what;
    this.#screen = screen;
    this.wanted = wanted && screen.isTTY === true && process.env.TERM !== 'dumb';
  }

  /** Shows a bar if the total is known, else the count. */
  readonly show = (done: number, total: number | undefined): void => {
    if (!this.wanted) return;
    const now = performance.now();
    if (this.#drawn !== undefined && now - this.#drawn < REDRAW_MS) return;
    this.#drawn = now;
    this.#screen.write(`\r${this.#what} ${total === undefined ? done : bar(done, total)}\x1b[K`);
  };

  /** Clears the line. */
  clear(): void {
    if (this.#drawn !== undefined) this.#screen.write('\r\x1b[K');
    this.#drawn = undefined;
  }
}

/** The total was counted before the work began, so `done` may be larger. */
function bar(done: number, total: number): string {
  const share = Math.min(1, done / Math.max(1, total));
  const filled = Math.floor(share * WIDTH);
  return `[${'='.repeat(filled)}${' '.repeat(WIDTH - filled)}] ${Math.floor(share * 100)} %`;
}
