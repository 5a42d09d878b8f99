// Turns an error into one line for standard error and an exit code: 2 for wrong usage, otherwise 1.

import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { CommanderError } from 'commander';
import type { Code } from '../diagnostics/codes.ts';
import { excerpt } from '../diagnostics/excerpt.ts';
import { printableLines } from '../diagnostics/printable.ts';
import { Problem, placePrefix } from '../diagnostics/problem.ts';
import { paint, wantsColours } from '../process/colours.ts';

/** The text and exit code of a failed command. */
export interface CommandFailure {
  /** The line to print; empty if help was printed. */
  readonly text: string;
  readonly exit_code: number;
}

const USAGE: ReadonlySet<Code> = new Set<Code>(['usage', 'unknown-command', 'session-key-invalid']);

/** The text and the exit code for a value that a command has thrown. */
export function commandFailure(error: unknown, stream: { readonly isTTY?: boolean }): CommandFailure {
  const colour = paint(wantsColours(stream, process.env));
  const name = colour('red', 'karrigell:');
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return { text: '', exit_code: 0 };
    return commandFailure(new Problem('usage', { params: { what: usageText(error) } }), stream);
  }
  if (error instanceof Problem) {
    return {
      text: `${name} ${printableLines(problemText(error))}`,
      exit_code: USAGE.has(error.code) ? 2 : 1,
    };
  }
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `${name} ${printableLines(what)}`, exit_code: 1 };
}

/** Commander's message as one line. Commander writes "error: unknown option '--prot'\n(Did you mean --port?)". */
function usageText({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'a command is missing';
  const lines = message.replace(/^error: /, '').split('\n');
  return lines.map((line) => line.trim().replace(/\.$/, '')).join(' ');
}

function problemText(problem: Problem): string {
  const { file, line, column, text, remedy } = problem;
  const shown = file === undefined ? undefined : relative(process.cwd(), file);
  const first = `${placePrefix({ file: shown, line, column })}${text}. ${remedy}`;
  if (file === undefined || line === undefined || !existsSync(file)) return first;
  return `${first}\n${excerpt(readFileSync(file, 'utf8'), line, column)}`;
}
