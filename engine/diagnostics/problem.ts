// The one error class of the engine. What the visitor sees (nothing but a status) and what the log gets
// (message, place, value, remedy) are kept apart; http/ and cli/ decide how to show it.

import { CODES, type Code } from './codes.ts';
import { shortened } from './thrown.ts';

/** Where something is wrong. Lines and columns count from 1, as editors and tsc do. */
export interface Place {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** The parameters of a code's text, and where the problem is. */
export interface ProblemDetails extends Place {
  /** Values for the `{params}` of the code's text and remedy. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** The offending value itself, where showing it is harmless. */
  readonly value?: unknown;
  readonly cause?: unknown;
}

/** An error with a code from the table: `message` is "file:line:column: text", without the remedy. */
export class Problem extends Error {
  override readonly name: string = 'Problem';
  readonly code: Code;
  /** The text without the place. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy: string;
  /** The HTTP status that a visitor gets when it reaches a response. */
  readonly status: number;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly value: unknown;

  constructor(code: Code, details: ProblemDetails = {}) {
    const entry = CODES[code];
    const text = filled(entry.text, details.params);
    super(
      `${placePrefix(details)}${text}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.text = text;
    this.remedy = filled(entry.remedy, details.params);
    this.status = entry.status ?? 500;
    this.file = details.file;
    this.line = details.line;
    this.column = details.column;
    this.value = details.value;
  }
}

/** A finding that does not stop anything: the same fields as a Problem, without a stack. */
export interface Warning extends Place {
  readonly code: Code;
  readonly text: string;
  readonly remedy: string;
}

/** The warning for a code of the table. */
export function warning(code: Code, details: ProblemDetails = {}): Warning {
  const entry = CODES[code];
  return {
    code,
    text: filled(entry.text, details.params),
    remedy: filled(entry.remedy, details.params),
    file: details.file,
    line: details.line,
    column: details.column,
  };
}

/** "file:line:column: " as far as it is known, else "". */
export function placePrefix(place: Place): string {
  if (place.file === undefined) return '';
  if (place.line === undefined) return `${place.file}: `;
  return `${place.file}:${place.line}:${place.column ?? 1}: `;
}

function filled(template: string, params: ProblemDetails['params']): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    shortened(String(params?.[name] ?? placeholder)),
  );
}
