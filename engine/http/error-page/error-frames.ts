// The stack of an error as frames, with their files and positions. Pages run under their own file names, lines and columns, so
// no positions are mapped here.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENGINE_FOLDER, PACKAGE_FOLDER } from '../../diagnostics/package-folder.ts';
import { recordedFrames, type StackFrame } from '../../diagnostics/stack-frames.ts';
import { errorProperty } from '../../diagnostics/thrown.ts';
import { isPageFile } from '../../pages/hidden-names.ts';
import { isInside } from '../../pages/site-paths.ts';

/** A frame of a stack. */
export interface ErrorFrame {
  /** The line of V8's stack, without "at". */
  readonly text: string;
  /** The name of the function; '' at the top level of a page. */
  readonly caller: string;
  /** The absolute path; undefined for native code. */
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
  /** Whether the file is in the site and not in a package. */
  readonly own: boolean;
}

/** `Error.stackTraceLimit` may be Infinity. */
const MOST_FRAMES = 50;
/** The characters that are read of a stack that another hook has formatted, after its first line. */
const MOST_CHARACTERS = 20_000;

/**
 * The frames of an error, topmost first. Frames of the engine and of Node are left out, because they say nothing about the
 * site. They are returned if the error is unexplained and no frame is in the site.
 * @param isUnexplained whether the error is neither a Problem nor the cause of another error
 */
export function errorFrames(error: Error, root: string, isUnexplained: boolean): ErrorFrame[] {
  // V8 computes the stack, and with it the recorded frames, when it is read.
  const stack = errorProperty(error, 'stack');
  const frames = recordedFrames(error)?.slice(0, MOST_FRAMES) ?? parsedFrames(stack, error);
  const located = frames.map((frame) => frameOf(frame, root));
  const others = located.filter(({ file }) => file !== undefined && isForeign(file));
  return isUnexplained && !others.some(({ own }) => own) ? located : others;
}

/** The folders of the engine: its compiled files, and its sources, to which a hook may map frames. */
const ENGINE = [ENGINE_FOLDER, join(PACKAGE_FOLDER, 'engine')];

function isForeign(file: string): boolean {
  return !file.startsWith('node:') && !ENGINE.some((folder) => isInside(folder, file));
}

/** Parses a stack. It begins after the message, which may contain lines that look like frames. */
function parsedFrames(stack: string, error: Error): StackFrame[] {
  const headline = `${errorProperty(error, 'name')}: ${errorProperty(error, 'message')}`;
  const rows = stack.slice(stack.startsWith(headline) ? headline.length : 0).slice(-MOST_CHARACTERS);
  const texts = rows.split('\n').map((row) => /^\s+at (.*)$/.exec(row)?.[1]);
  return texts
    .filter((text) => text !== undefined)
    .slice(0, MOST_FRAMES)
    .map(parsedFrame);
}

function parsedFrame(text: string): StackFrame {
  const [, before = '', line = '0', column = '0'] = /^(.*):(\d+):(\d+)\)?$/s.exec(text) ?? [];
  const bracket = before.indexOf(' (');
  const caller = before.slice(0, Math.max(0, bracket));
  const place = before.slice(bracket === -1 ? 0 : bracket + ' ('.length);
  return { text, caller, file: place.replace(/^async /, ''), line: Number(line), column: Number(column) };
}

function frameOf({ text, caller, file: named, line, column }: StackFrame, root: string): ErrorFrame {
  if (named === '') return { text, caller, file: undefined, line, column, own: false };
  const file = pathOf(named);
  const own = isInside(root, file) && !/[\\/]node_modules[\\/]/.test(file);
  // The engine wraps the top level of a page in a function named `page`.
  const isTopLevel = isPageFile(file) && /(?:^|\.)page$/.test(caller);
  return { text, caller: isTopLevel ? '' : caller.replace(/^async /, ''), file, line, column, own };
}

function pathOf(place: string): string {
  if (!place.startsWith('file:')) return place;
  try {
    return fileURLToPath(place.replace(/\?.*/s, ''));
  } catch {
    return place;
  }
}
