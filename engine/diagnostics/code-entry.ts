// One row in the tables of error codes, and the placeholders of its texts: `{name}` in a text or remedy stands for the
// parameter `name`. Braces around anything but letters, digits and `_` are ordinary text.

import { shortenedText } from './thrown.ts';

/** The texts of one kind of error. */
export interface CodeEntry {
  /** The error and the expectation. */
  readonly text: string;
  /** The action that removes the error. */
  readonly remedy: string;
  /** The HTTP status of the response if the error reaches a visitor; 500 by default. */
  readonly status?: number;
}

/** A table of error codes. Its texts must be single literals, because the compiler reads the placeholders in them. */
export type CodeTable = Readonly<Record<string, CodeEntry>>;

type ParamValue = string | number;

/** A value for each of the placeholders `Names`; never, if there are none. */
export type CodeParams<Names extends string> = [Names] extends [never]
  ? never
  : { readonly [Name in Names]: ParamValue };

/** The names of the placeholders in a literal text; string, if the text is not a literal. */
export type Placeholder<Text extends string> = string extends Text
  ? string
  : Text extends `${string}{${infer Tail}`
    ? (Tail extends `${infer Name}}${string}` ? WordOnly<Name> : never) | Placeholder<Tail>
    : never;

type WordOnly<Name extends string> = Name extends '' | `${string}${NonWord}${string}` ? never : Name;

type NonWord = ' ' | '\n' | '{' | '"' | "'" | '`' | ',' | ';' | ':' | '.' | '…' | '(' | '<' | '[' | '-' | '$';

const PLACEHOLDER = /\{(\w+)\}/g;

/** The text with a value for each placeholder. Long values are shortened. */
export function filledText(
  template: string,
  params: Readonly<Record<string, ParamValue>> | undefined,
): string {
  return template.replace(PLACEHOLDER, (placeholder, name: string) =>
    shortenedText(String(params?.[name] ?? placeholder)),
  );
}
