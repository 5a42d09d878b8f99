// Says what an operator must know where a program has named nobody else to tell.

import { printableLine, printableLines } from '../../diagnostics/printable.ts';
import { errorText } from './text.ts';

/** Writes to standard error; of an error its place, the lines around it and its causes. */
export function standardError(root: string) {
  return (level: 'warn' | 'error', message: string, cause?: unknown): void => {
    const error = cause === undefined ? '' : `\n${printableLines(errorText(cause, root))}`;
    console.error(`${level}: ${printableLine(message)}${error.replace(/\n(?=.)/g, '\n  ')}`);
  };
}
