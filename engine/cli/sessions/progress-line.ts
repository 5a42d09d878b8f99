// How far long work has come, on one line of a terminal that is gone when the work is. It has no colours. No package does
// it, because it is one line, and each package that runs on a server must be worth more than that.

const WIDTH = 30;
const REDRAW_MS = 100;

/** A terminal, or what takes its place. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A line that is drawn again and again; nothing at all where nobody looks. */
export class ProgressLine {
  readonly #what: string;
  readonly #screen: Screen;
  /** Whether anybody looks. */
  readonly wanted: boolean;
  #drawn: number | undefined;

  constructor(what: string, screen: Screen, wanted: boolean) {
    this.#what = what;
    this.#screen = screen;
    this.wanted = wanted && screen.isTTY === true && process.env.TERM !== 'dumb';
  }

  /** A bar when the total is known, else the count. */
  readonly show = (done: number, total: number | undefined): void => {
    if (!this.wanted) return;
    const now = performance.now();
    if (this.#drawn !== undefined && now - this.#drawn < REDRAW_MS) return;
    this.#drawn = now;
    this.#screen.write(`\r${this.#what} ${total === undefined ? done : bar(done, total)}\x1b[K`);
  };

  /** The line is empty again. */
  clear(): void {
    if (this.#drawn !== undefined) this.#screen.write('\r\x1b[K');
    this.#drawn = undefined;
  }
}

/** A total is what was counted before the work began: there may be more or less by now. */
function bar(done: number, total: number): string {
  const share = Math.min(1, done / Math.max(1, total));
  const filled = Math.floor(share * WIDTH);
  return `[${'='.repeat(filled)}${' '.repeat(WIDTH - filled)}] ${Math.floor(share * 100)} %`;
}
