// The shape of one row in the tables of error codes.

/** What we say about one kind of error. `{name}` in text and remedy is filled when it happens. */
export interface CodeEntry {
  /** One sentence: what is wrong, and what was expected. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy: string;
  /** The HTTP status when it reaches a visitor; 500 when left out. */
  readonly status?: number;
}

/** Checks a table's rows while keeping its codes as literal types. */
export function codes<const T extends Readonly<Record<string, CodeEntry>>>(table: T): T {
  return table;
}
