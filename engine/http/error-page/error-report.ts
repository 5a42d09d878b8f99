// The report of an error as data, which the developer page, the plain text and the log share.

import { realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Code } from '../../diagnostics/codes.ts';
import { type ExcerptLine, excerptLines } from '../../diagnostics/excerpt.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { sourceText } from '../../diagnostics/source-text.ts';
import { causesOf, errorProperty, shortenedText } from '../../diagnostics/thrown.ts';
import { type IsSecret, isSecretName } from '../../forms/secret-fields.ts';
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

/**
 * The reports of an error and its causes, in this order. Any value can be thrown; its report has a limited size.
 * @param isSecret tells which values of a thrown object are masked
 */
export function errorReports(error: unknown, root: string, isSecret: IsSecret = isSecretName): ErrorReport[] {
  const folder = realFolder(root);
  return causesOf(error).map((cause, index) =>
    cause instanceof Error ? reportOf(cause, folder, index > 0) : reportOfValue(cause, isSecret),
  );
}

/** The real path of the root: pages run under their real paths, and the configuration may name a link. */
function realFolder(root: string): string {
  try {
    return realpathSync.native(root);
  } catch {
    return root;
  }
}

function reportOfValue(value: unknown, isSecret: IsSecret): ErrorReport {
  const shown = shownValue('', value, isSecret);
  const text = typeof value === 'string' ? `'${shown}'` : shown;
  return {
    name: 'Thrown',
    code: undefined,
    message: `${text} was thrown, which is no Error`,
    remedy: 'Throw an Error, so that its position is known.',
    position: undefined,
    caller: undefined,
    frames: [],
  };
}

function reportOf(error: Error, root: string, isCause: boolean): ErrorReport {
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
  return { file, name, line, column, lines: excerptLines(sourceText(file), line, column, 5) };
}
