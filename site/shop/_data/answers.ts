// What a visitor typed at one step of the checkout and what is wrong with it. Kept in the session whole, so
// that the page can show both again after a redirect, a reload or a step back.

export interface Answers<Values> {
  readonly ok: boolean;
  readonly values: Values;
  /** Field → message, only for fields that need another look. */
  readonly errors: Readonly<Record<string, string>>;
}

/** What a form sent: every field may be missing. */
export type Typed<Names extends string> = Readonly<Record<Names, string | undefined>>;

/** Puts values and checks together; a check is false when the field is all right. */
export function answers<Values>(values: Values, checks: Record<string, string | false>): Answers<Values> {
  const found = Object.entries(checks).filter((check): check is [string, string] => check[1] !== false);
  return { ok: found.length === 0, values, errors: Object.fromEntries(found) };
}

/** One line of text without spaces around or doubled inside. */
export function oneLine(typed: string | undefined): string {
  return (typed ?? '').normalize().replace(/\s+/g, ' ').trim();
}
