// What there is to tell about an error: as data, so that the HTML page, the plain text and the log say the same.

import { readFileSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { inspect } from 'node:util';
import { type ExcerptLine, excerptLines } from '../../diagnostics/excerpt.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { isPageName } from '../../pages/hidden.ts';
import { type Frame, framesOf } from './frames.ts';

/** A place in one of the site's files. */
export interface ErrorPlace {
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
  readonly message: string;
  readonly remedy: string | undefined;
  readonly place: ErrorPlace | undefined;
  /** Where the page called the module in which `place` lies; undefined when that is a page itself. */
  readonly caller: ErrorPlace | undefined;
  readonly frames: readonly Frame[];
}

const MOST_CAUSES = 6;

/** The error and its causes, the error itself first. */
export function errorReports(error: unknown, root: string): ErrorReport[] {
  const reports: ErrorReport[] = [];
  let cause = error;
  do {
    reports.push(reportOf(cause, root));
    cause = cause instanceof Error ? cause.cause : undefined;
  } while (cause !== undefined && reports.length < MOST_CAUSES);
  return reports;
}

function reportOf(error: unknown, root: string): ErrorReport {
  if (!(error instanceof Error)) {
    const message = `${inspect(error, { depth: 2 })} was thrown, which is no Error`;
    return {
      name: 'Thrown',
      message,
      remedy: 'Throw an Error, so that its place is known.',
      place: undefined,
      caller: undefined,
      frames: [],
    };
  }
  const frames = framesOf(stackBelow(error), root);
  const problem = error instanceof Problem ? error : undefined;
  const place = placeOf(error, frames, root);
  return {
    name: problem?.name === 'Problem' ? problem.code : error.name,
    message: problem?.text ?? error.message,
    remedy: problem?.remedy,
    place,
    caller: place === undefined || isPageName(place.file) ? undefined : callerOf(frames, root),
    frames,
  };
}

/** The stack without its message, since lines of that may look like frames. */
function stackBelow({ stack = '', name, message }: Error): string {
  const head = `${name}: ${message}`;
  if (stack.startsWith(head)) return stack.slice(head.length);
  // V8 wrote the name that the error had when its stack was first read.
  const start = stack.indexOf(message);
  return start === -1 ? stack : stack.slice(start + message.length);
}

/** A Problem knows its place; for any other error it is the first frame in the site's own files. */
function placeOf(error: Error, frames: readonly Frame[], root: string): ErrorPlace | undefined {
  if (error instanceof Problem && error.file !== undefined) {
    const file = isAbsolute(error.file) ? error.file : join(root, error.file);
    return placeIn(file, error.line ?? 1, error.column ?? 1, root);
  }
  const frame = frames.find((candidate) => candidate.own);
  return frame?.file === undefined ? undefined : placeIn(frame.file, frame.line, frame.column, root);
}

function callerOf(frames: readonly Frame[], root: string): ErrorPlace | undefined {
  const frame = frames.find(({ own, file }) => own && file !== undefined && isPageName(file));
  return frame?.file === undefined ? undefined : placeIn(frame.file, frame.line, frame.column, root);
}

function placeIn(file: string, line: number, column: number, root: string): ErrorPlace {
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
