// Runs `tsc` and parses its output. From 5.9 to 7 the format without colours is `file(line,column): error TS2345:
// text`; continued lines are indented, and an error without a position has no file.

import { spawn } from 'node:child_process';
import { isAbsolute, resolve } from 'node:path';
import { Problem } from '../../diagnostics/problem.ts';
import type { TypeScript } from './installed-typescript.ts';

/** An error that tsc reports. */
export interface TscError {
  readonly code: `TS${string}`;
  /** Absolute path; undefined for an error without a position. */
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
  /** The text; details follow on indented lines. */
  readonly text: string;
}

/**
 * Checks a project.
 * @throws (rejects with) Problem `types-failed` if tsc fails without reporting an error
 */
export async function runTsc(typescript: TypeScript, project: string, folder: string): Promise<TscError[]> {
  const { output, complaint, exitCode } = await run(typescript, ['-p', project, '--pretty', 'false'], folder);
  const errors = readErrors(output, folder);
  if (exitCode !== 0 && errors.length === 0) {
    const reason = firstLine(complaint) ?? firstLine(output) ?? `exit code ${exitCode}`;
    throw new Problem('types-failed', { params: { version: typescript.version, reason } });
  }
  return errors;
}

/**
 * The resolved settings of a tsconfig.json; undefined if tsc cannot resolve them, in which case its run reports the
 * error.
 */
export async function shownConfig(typescript: TypeScript, file: string, folder: string): Promise<unknown> {
  const { output } = await run(typescript, ['-p', file, '--showConfig'], folder);
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

/** Absolute paths of all files of a project. */
export async function listedFiles(
  typescript: TypeScript,
  project: string,
  folder: string,
): Promise<string[]> {
  const { output } = await run(typescript, ['-p', project, '--listFilesOnly', '--pretty', 'false'], folder);
  return output
    .split(/\r?\n/)
    .filter((row) => isAbsolute(row) && !ERROR.test(row))
    .map((row) => resolve(row));
}

interface Ended {
  readonly output: string;
  readonly complaint: string;
  /** The exit code, or the name of the signal that ended the process. */
  readonly exitCode: number | string;
}

function run(typescript: TypeScript, args: readonly string[], folder: string): Promise<Ended> {
  return new Promise((ended, failed) => {
    const child = spawn(process.execPath, [typescript.tsc, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: Buffer[] = [];
    const complaint: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaint.push(chunk));
    child.on('error', failed);
    child.on('close', (code, signal) =>
      ended({
        output: Buffer.concat(output).toString(),
        complaint: Buffer.concat(complaint).toString(),
        exitCode: code ?? signal ?? 'unknown',
      }),
    );
  });
}

const ERROR = /^(?:(.*)\((\d+),(\d+)\): )?error (TS\d+): (.*)$/s;

/** Parses the errors in tsc's output. */
export function readErrors(output: string, folder: string): TscError[] {
  const errors: TscError[] = [];
  for (const row of output.split(/\r?\n/)) {
    const last = errors.at(-1);
    const match = ERROR.exec(row);
    if (match !== null) errors.push(errorOf(match, folder));
    else if (last !== undefined && /^\s+\S/.test(row)) {
      errors[errors.length - 1] = { ...last, text: `${last.text}\n${row}` };
    }
  }
  return errors;
}

function errorOf([, file, line, column, code, text = '']: RegExpExecArray, folder: string): TscError {
  return {
    code: `TS${(code ?? '').slice(2)}`,
    file: file === undefined ? undefined : resolve(folder, file),
    line: Number(line ?? 1),
    column: Number(column ?? 1),
    text,
  };
}

function firstLine(text: string): string | undefined {
  return text.split('\n').find((line) => line.trim() !== '');
}

/** TypeScript's codes for syntax errors, and for TypeScript syntax in JavaScript files. */
const SYNTAX = /^TS(?:1|8)\d{3}$/;

/** Whether an error is a syntax error; while there is one, tsc reports no others. */
export function isSyntaxError({ code }: { readonly code: string }): boolean {
  return SYNTAX.test(code);
}
