// An error's stack as frames: which lie in the site's own files, and where. Pages run under their own file names with
// their own lines and columns, so nothing is mapped here.

import { fileURLToPath } from 'node:url';
import { recordedFrames, type StackFrame } from '../../diagnostics/stack-frames.ts';
import { textOf } from '../../diagnostics/thrown.ts';
import { isPageName } from '../../pages/hidden.ts';
import { isInside } from '../../pages/inside.ts';

/** One line of a stack. */
export interface ErrorFrame {
  /** The line as V8 wrote it, without "at". */
  readonly text: string;
  /** The function's name; '' at the top level of a page. */
  readonly caller: string;
  /** Absolute path; undefined for native code. */
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
  /** Whether it lies in the site, packages apart. */
  readonly own: boolean;
}

/** `Error.stackTraceLimit` may be Infinity. */
const MOST_FRAMES = 50;
/** What is read of a stack that another hook has made, its headline apart. */
const MOST_CHARACTERS = 20_000;

/**
 * The frames of an error, topmost first. Those of the engine and of Node tell nothing about the site, so they are left
 * out; where nothing else is known of an error they are all that there is.
 * @param isUnexplained whether there is neither a text of the engine for it, nor an error that it is the cause of
 */
export function errorFrames(error: Error, root: string, isUnexplained: boolean): ErrorFrame[] {
  // Reading it makes it.
  const stack = textOf(error, 'stack');
  const frames = recordedFrames(error)?.slice(0, MOST_FRAMES) ?? parsedFrames(stack, error);
  const located = frames.map((frame) => frameOf(frame, root));
  const others = located.filter(({ file }) => file !== undefined && isForeign(file));
  return isUnexplained && !others.some(({ own }) => own) ? located : others;
}

/** The engine as it runs, and its sources where a hook maps its frames to those. */
const ENGINE = ['../../', '../../../../engine'].map((way) => fileURLToPath(new URL(way, import.meta.url)));

function isForeign(file: string): boolean {
  return !file.startsWith('node:') && !ENGINE.some((folder) => isInside(folder, file));
}

/** The message may hold lines that look like frames; it stands before them. */
function parsedFrames(stack: string, error: Error): StackFrame[] {
  const headline = `${textOf(error, 'name')}: ${textOf(error, 'message')}`;
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
  // A page's top level is a function of the engine's making, whose name tells nothing.
  const isTopLevel = isPageName(file) && /(?:^|\.)page$/.test(caller);
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
