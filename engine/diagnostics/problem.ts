// The one error class of the engine. Visitors see only the status; the message, position, value and remedy are for logs
// and error pages. http/ and cli/ decide how to show them.

import { type CodeParams, filledText } from './code-entry.ts';
import { CODES, type Code, type CodeWith, type PlaceholderOf } from './codes.ts';

/** The position of an error. Lines and columns count from 1, as in editors and tsc. */
export interface Place {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** The position of a problem, and the values that belong to it. */
interface CommonDetails extends Place {
  /** The offending value itself, where showing it is harmless. */
  readonly value?: unknown;
  readonly cause?: unknown;
}

/** The details of a problem whose code has placeholders: a value for each of them, and no others. */
export interface ProblemDetails<C extends Code> extends CommonDetails {
  readonly params: CodeParams<PlaceholderOf<C>>;
}

interface AnyDetails extends CommonDetails {
  readonly params?: Readonly<Record<string, string | number>>;
}

/** An error with a code from the table. `message` is "file:line:column: text", without the remedy. */
export class Problem<const C extends Code = Code> extends Error {
  override readonly name: string = 'Problem';
  readonly code: Code;
  /** The text without the position. */
  readonly text: string;
  /** The action that removes the error. */
  readonly remedy: string;
  /** The HTTP status of the response if the error reaches a visitor. */
  readonly status: number;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly value: unknown;

  constructor(code: C & CodeWith<never>, details?: CommonDetails);
  constructor(code: C, details: ProblemDetails<C>);
  constructor(code: C, details: AnyDetails = {}) {
    const entry = CODES[code];
    const text = filledText(entry.text, details.params);
    super(
      `${placePrefix(details)}${text}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.text = text;
    this.remedy = filledText(entry.remedy, details.params);
    this.status = entry.status ?? 500;
    this.file = details.file;
    this.line = details.line;
    this.column = details.column;
    this.value = details.value;
  }
}

/** A finding that is not an error: the same fields as a Problem, without a stack. */
export interface Warning extends Place {
  readonly code: Code;
  readonly text: string;
  readonly remedy: string;
}

/** The warning for a code of the table. */
export function warning(code: CodeWith<never>, details?: CommonDetails): Warning;
export function warning<const C extends Code>(code: C, details: ProblemDetails<C>): Warning;
export function warning(code: Code, details: AnyDetails = {}): Warning {
  const entry = CODES[code];
  return {
    code,
    text: filledText(entry.text, details.params),
    remedy: filledText(entry.remedy, details.params),
    file: details.file,
    line: details.line,
    column: details.column,
  };
}

/** "file:line:column: " as far as the position is known, else "". */
export function placePrefix(place: Place): string {
  if (place.file === undefined) return '';
  if (place.line === undefined) return `${place.file}: `;
  return `${place.file}:${place.line}:${place.column ?? 1}: `;
}
