// The output of a page in pieces: texts of its source, and values that the source spells out more or less.

import type { OutlinedPage } from './outlined-source.ts';
import type { Possible } from './possible-value.ts';

/** The rest of a text from `at` on stands `by` characters further behind in the source than in the text. */
export interface TextShift {
  readonly at: number;
  readonly by: number;
}

/**
 * How far a piece depends on conditions: a piece that is `conditional` may be missing in some rounds of a loop; whether one that is
 * `carried` is there follows from the rounds before.
 */
export type PieceDoubt = 'conditional' | 'carried';

/** A text that a page prints as it is written. */
export interface PrintedText {
  readonly kind: 'text';
  readonly text: string;
  readonly page: OutlinedPage;
  /** The offset of its first character in the source of the page. */
  readonly start: number;
  /** In the order of the text. */
  readonly shifts: readonly TextShift[];
  /** Whether it stands in code, in an `html` template. */
  readonly isInCode?: boolean;
  readonly doubt?: PieceDoubt | undefined;
}

/**
 * A value that a page prints. `escaped` is a value of `<%= %>`, which may be markup; `raw` is printed as it is; `attrs` are the
 * attributes of the form field whose name is the value; `unknown` is markup of which nothing is known.
 */
export interface PrintedValue {
  readonly kind: 'escaped' | 'raw' | 'attrs' | 'unknown';
  readonly value: Possible;
  readonly page: OutlinedPage;
  readonly start: number;
  readonly doubt?: PieceDoubt | undefined;
}

export type PrintedPiece = PrintedText | PrintedValue;
