// A failure as one line for standard error, and the exit code: 2 for wrong usage, 1 for the rest.

import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { CommanderError } from 'commander';
import type { Code } from '../diagnostics/codes.ts';
import { excerpt } from '../diagnostics/excerpt.ts';
import { printableLines } from '../diagnostics/printable.ts';
import { Problem, placePrefix } from '../diagnostics/problem.ts';
import { paint, wantsColours } from '../process/colours.ts';

/** How a command failed. */
export interface CommandFailure {
  /** Empty when there is nothing to say (help was printed). */
  readonly text: string;
  readonly exit_code: number;
}

const USAGE: ReadonlySet<Code> = new Set<Code>(['usage', 'unknown-command', 'session-key-invalid']);

/** The words and the exit code for whatever a command has thrown. */
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

/** "error: unknown option '--prot'\n(Did you mean --port?)" as one line. */
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
