// What Form gave at one step of the checkout. Kept in the session whole, so that the page can show what was
// typed and what is wrong with it again after a redirect, a reload or a step back.

export interface Answers<Data> {
  /** What the shop goes on with; undefined while something is wrong. */
  readonly data: Data | undefined;
  /** What was typed, by the names of the form. */
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Field → message, only for fields that need another look. */
  readonly errors: Readonly<Record<string, string | undefined>>;
}

/** A step that was not filled in yet. */
export const NO_ANSWERS: Answers<never> = { data: undefined, values: {}, errors: {} };
