// How much one session may have outside memory. Every value, every hole of a list and every character of the text counts
// against one number, when a session is written and when it is read, before anything is built of it.

/** Characters of text, and what is counted beside them. */
const MOST = 8_388_608;

/** What a value or a hole counts beside its text: a short one costs as much time as a text of this length. */
export const VALUE = 32;

/** Deeper nesting is refused: reading it back could overflow the stack. */
export const MAX_DEPTH = 500;

/** Longer integers are refused: the time of their conversion grows faster than their length. */
export const MAX_DIGITS = 10_000;

/** The limit in words, for messages. */
export const LIMIT = `${MOST} characters of text, each value and each hole of a list counting as ${VALUE} more`;

/** What is left for one session while it is written or read. */
export class Budget {
  #left = MOST;

  /** Whether so much fits in. */
  has(characters: number): boolean {
    return characters <= this.#left;
  }

  /** Counts so much; false: it does not fit in. */
  take(characters: number): boolean {
    this.#left -= characters;
    return this.#left >= 0;
  }

  /** Nothing more fits in. */
  get isSpent(): boolean {
    return this.#left < 0;
  }
}
