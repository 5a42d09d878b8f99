// The size that one session may have outside memory. Characters of text, values and holes of arrays count against one number,
// when a session is written and when it is read, before anything is built.

/** Characters, and the values and holes that count as characters. */
const MAX_SIZE = 8_388_608;

/** Characters that a value or a hole counts beside its text, because it costs as much time as a text of this length. */
export const VALUE_SIZE = 32;

/** Deeper nesting is refused, because reading it could overflow the stack. */
export const MAX_DEPTH = 500;

/** Longer integers are refused, because the time of their conversion grows faster than their length. */
export const MAX_DIGITS = 10_000;

/** The limit in words, for messages. */
export const LIMIT_TEXT = `${MAX_SIZE} characters of text, each value and each hole of a list counting as ${VALUE_SIZE} more`;

/** The characters that one session may still have while it is written or read. */
export class SessionBudget {
  #left = MAX_SIZE;

  has(characters: number): boolean {
    return characters <= this.#left;
  }

  /** Counts characters. false: the budget is spent. */
  take(characters: number): boolean {
    this.#left -= characters;
    return this.#left >= 0;
  }

  get isSpent(): boolean {
    return this.#left < 0;
  }
}
