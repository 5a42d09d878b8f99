// What there is to tell about an error: as data, so that the HTML page, the plain text and the log say the same.

import { readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Code } from '../../diagnostics/codes.ts';
import { type ExcerptLine, excerptLines } from '../../diagnostics/excerpt.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { causesOf, shortened, textOf } from '../../diagnostics/thrown.ts';
import { isPageName } from '../../pages/hidden.ts';
import { type ErrorFrame, errorFrames } from './error-frames.ts';
import { shownValue } from './mask-secrets.ts';

/** A position in one of the site's files. */
export interface ErrorPosition {
  /** Absolute path. */
  readonly file: string;
  /** Path below root_dir. */
  readonly name: string;
  readonly line: number;
  readonly column: number;
  /** The lines around it; empty when the file cannot be read. */
  readonly lines: readonly ExcerptLine[];
}

/** One error of a chain of causes. */
export interface ErrorReport {
  /** "TypeError", "SessionAttributeError", or the code of a Problem without a name of its own. */
  readonly name: string;
  /** Of a Problem. */
  readonly code: Code | undefined;
  readonly message: string;
  readonly remedy: string | undefined;
  readonly position: ErrorPosition | undefined;
  /** Where the page called the module in which `place` lies; undefined when that is a page itself. */
  readonly caller: ErrorPosition | undefined;
  readonly frames: readonly ErrorFrame[];
}

/** The error and its causes, the error itself first. Whatever was thrown, there is a report of bounded size. */
export function errorReports(error: unknown, root: string): ErrorReport[] {
  const folder = realFolder(root);
  return causesOf(error).map((cause, index) => reportOf(cause, folder, index > 0));
}

/** Pages run under their real names; the configuration may name the folder by a link. */
function realFolder(root: string): string {
  try {
    return realpathSync.native(root);
  } catch {
    return root;
  }
}

function reportOf(error: unknown, root: string, isCause: boolean): ErrorReport {
  if (!(error instanceof Error)) {
    const message = `${thrownValue(error)} was thrown, which is no Error`;
    return {
      name: 'Thrown',
      code: undefined,
      message,
      remedy: 'Throw an Error, so that its position is known.',
      position: undefined,
      caller: undefined,
      frames: [],
    };
  }
  const problem = error instanceof Problem ? error : undefined;
  const frames = errorFrames(error, root, problem === undefined && !isCause);
  const position = positionOf(error, frames, root);
  return {
    name: problem?.name === 'Problem' ? problem.code : shortened(textOf(error, 'name'), 200),
    code: problem?.code,
    message: shortened(problem?.text ?? textOf(error, 'message')),
    remedy: problem && shortened(problem.remedy),
    position,
    caller: position === undefined || isPageName(position.file) ? undefined : callerOf(frames, root),
    frames,
  };
}

function thrownValue(value: unknown): string {
  return typeof value === 'string' ? `'${shownValue('', value)}'` : shownValue('', value);
}

/** A Problem knows its place; for any other error it is the first frame in the site's own files. */
function positionOf(error: Error, frames: readonly ErrorFrame[], root: string): ErrorPosition | undefined {
  if (error instanceof Problem && error.file !== undefined) {
    const file = isAbsolute(error.file) ? error.file : join(root, error.file);
    return positionIn(file, error.line ?? 1, error.column ?? 1, root);
  }
  const frame = frames.find((candidate) => candidate.own);
  return frame?.file === undefined ? undefined : positionIn(frame.file, frame.line, frame.column, root);
}

function callerOf(frames: readonly ErrorFrame[], root: string): ErrorPosition | undefined {
  const frame = frames.find(({ own, file }) => own && file !== undefined && isPageName(file));
  return frame?.file === undefined ? undefined : positionIn(frame.file, frame.line, frame.column, root);
}

function positionIn(file: string, line: number, column: number, root: string): ErrorPosition {
  const name = relative(root, file).split(sep).join('/');
  return { file, name, line, column, lines: excerptLines(sourceOf(file), line, column, 5) };
}

function sourceOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
