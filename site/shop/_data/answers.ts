// The result of Form at one step of the checkout. The session keeps it whole, so that the page can show the typed texts and their
// messages again after a redirect, a reload or a step back.

export interface Answers<Data> {
  /** The data of the step; undefined while a field is wrong. */
  readonly data: Data | undefined;
  /** The typed texts, by the names of the form. */
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Field → message, only for fields that need another look. */
  readonly errors: Readonly<Record<string, string | undefined>>;
}
