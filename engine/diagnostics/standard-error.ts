// Says what an operator must know where a program has named nobody else to tell.

import { inspect } from 'node:util';
import { printableLine, printableLines } from './printable.ts';

/** Writes to standard error, the cause with its stack. */
export function toStandardError(level: 'warn' | 'error', message: string, cause?: unknown): void {
  const stack = cause === undefined ? '' : ` ${printableLines(inspect(cause))}`;
  console.error(`${level}: ${printableLine(message)}${stack.replace(/\n(?=.)/g, '\n  ')}`);
}
