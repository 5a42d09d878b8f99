// The report of an error as data, which the developer page, the plain text and the log share.

import { readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Code } from '../../diagnostics/codes.ts';
import { type ExcerptLine, excerptLines } from '../../diagnostics/excerpt.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { causesOf, errorProperty, shortenedText } from '../../diagnostics/thrown.ts';
import { isPageFile } from '../../pages/hidden-names.ts';
import { type ErrorFrame, errorFrames } from './error-frames.ts';
import { shownValue } from './mask-secrets.ts';

/** A position in a file of the site. Lines and columns count from 1. */
export interface ErrorPosition {
  /** The absolute path. */
  readonly file: string;
  /** The path below root_dir. */
  readonly name: string;
  readonly line: number;
  readonly column: number;
  /** The lines around it; empty if the file cannot be read. */
  readonly lines: readonly ExcerptLine[];
}

/** An error, or one of its causes. */
export interface ErrorReport {
  /** "TypeError", "SessionAttributeError", or the code of a Problem that has no own name. */
  readonly name: string;
  /** The code, if the error is a Problem. */
  readonly code: Code | undefined;
  readonly message: string;
  readonly remedy: string | undefined;
  readonly position: ErrorPosition | undefined;
  /** The position at which a page called the module with `position`; undefined if `position` is in a page. */
  readonly caller: ErrorPosition | undefined;
  readonly frames: readonly ErrorFrame[];
}

/** The reports of an error and its causes, in this order. Any value can be thrown; its report has a limited size. */
export function errorReports(error: unknown, root: string): ErrorReport[] {
  const folder = realFolder(root);
  return causesOf(error).map((cause, index) => reportOf(cause, folder, index > 0));
}

/** The real path of the root: pages run under their real paths, and the configuration may name a link. */
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
    name: problem?.name === 'Problem' ? problem.code : shortenedText(errorProperty(error, 'name'), 200),
    code: problem?.code,
    message: shortenedText(problem?.text ?? errorProperty(error, 'message')),
    remedy: problem && shortenedText(problem.remedy),
    position,
    caller: position === undefined || isPageFile(position.file) ? undefined : callerOf(frames, root),
    frames,
  };
}

function thrownValue(value: unknown): string {
  return typeof value === 'string' ? `'${shownValue('', value)}'` : shownValue('', value);
}

/** The position of a Problem, or that of the first frame in the site's files. */
function positionOf(error: Error, frames: readonly ErrorFrame[], root: string): ErrorPosition | undefined {
  if (error instanceof Problem && error.file !== undefined) {
    const file = isAbsolute(error.file) ? error.file : join(root, error.file);
    return positionIn(file, error.line ?? 1, error.column ?? 1, root);
  }
  const frame = frames.find((candidate) => candidate.own);
  return frame?.file === undefined ? undefined : positionIn(frame.file, frame.line, frame.column, root);
}

function callerOf(frames: readonly ErrorFrame[], root: string): ErrorPosition | undefined {
  const frame = frames.find(({ own, file }) => own && file !== undefined && isPageFile(file));
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
