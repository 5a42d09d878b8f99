// Every error code of the engine, in one table made of one table an area.

import type { CodeEntry, Placeholder } from './code-entry.ts';
import { cliCodes } from './codes/cli.ts';
import { compileCodes } from './codes/compile.ts';
import { configCodes } from './codes/config.ts';
import { escapingCodes } from './codes/escaping.ts';
import { flowCodes } from './codes/flow.ts';
import { httpCodes } from './codes/http.ts';
import { pagesCodes } from './codes/pages.ts';
import { sessionCodes } from './codes/session.ts';
import { typesCodes } from './codes/types.ts';
import { visitCodes } from './codes/visit.ts';

const table = {
  ...compileCodes,
  ...flowCodes,
  ...pagesCodes,
  ...sessionCodes,
  ...configCodes,
  ...httpCodes,
  ...cliCodes,
  ...typesCodes,
  ...escapingCodes,
  ...visitCodes,
} as const;

/** The name of an error in the table. */
export type Code = keyof typeof table;

/** The placeholders in the text and the remedy of a code; of several codes, the placeholders of all. */
export type PlaceholderOf<C extends Code> = C extends Code
  ? Placeholder<(typeof table)[C]['text'] | (typeof table)[C]['remedy']>
  : never;

/** The codes that have no other placeholders than `Names`. */
export type CodeWith<Names extends string> = {
  [C in Code]: [PlaceholderOf<C>] extends [Names] ? C : never;
}[Code];

export const CODES: Readonly<Record<Code, CodeEntry>> = table;
