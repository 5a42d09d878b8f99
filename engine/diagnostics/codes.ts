// All error codes of the engine: the tables of the areas in one.

import type { CodeEntry, Placeholder } from './code-entry.ts';
import { cliCodes } from './codes/cli-codes.ts';
import { compileCodes } from './codes/compile-codes.ts';
import { configCodes } from './codes/config-codes.ts';
import { escapingCodes } from './codes/escaping-codes.ts';
import { flowCodes } from './codes/flow-codes.ts';
import { httpCodes } from './codes/http-codes.ts';
import { onceCodes } from './codes/once-codes.ts';
import { pagesCodes } from './codes/pages-codes.ts';
import { sessionCodes } from './codes/session-codes.ts';
import { siteCodes } from './codes/site-codes.ts';
import { typeCheckCodes } from './codes/type-check-codes.ts';
import { visitCodes } from './codes/visit-codes.ts';

const table = {
  ...compileCodes,
  ...flowCodes,
  ...pagesCodes,
  ...sessionCodes,
  ...configCodes,
  ...httpCodes,
  ...cliCodes,
  ...typeCheckCodes,
  ...escapingCodes,
  ...visitCodes,
  ...onceCodes,
  ...siteCodes,
} as const;

/** An error code. */
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
