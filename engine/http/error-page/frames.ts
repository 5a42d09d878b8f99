// An error's stack as frames: which lie in the site's own files, and where. Pages run under their own file names with
// their own lines and columns, so nothing is mapped here.

import { fileURLToPath } from 'node:url';
import { isPageName } from '../../pages/hidden.ts';
import { isInside } from '../../pages/inside.ts';

/** One line of a stack. */
export interface Frame {
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

/** The frames of a stack, topmost first. */
export function framesOf(stack: string | undefined, root: string): Frame[] {
  const frames: Frame[] = [];
  for (const row of (stack ?? '').split('\n')) {
    const text = /^\s+at (.*)$/.exec(row)?.[1];
    if (text !== undefined) frames.push(frameOf(text, root));
  }
  return frames;
}

function frameOf(text: string, root: string): Frame {
  const match = /^(.*):(\d+):(\d+)\)?$/s.exec(text);
  if (match === null) return { text, caller: '', file: undefined, line: 0, column: 0, own: false };
  const [, before = '', line = '0', column = '0'] = match;
  const bracket = before.indexOf(' (');
  const caller = before.slice(0, Math.max(0, bracket));
  const place = before.slice(bracket === -1 ? 0 : bracket + ' ('.length);
  const file = pathOf(place.replace(/^async /, ''));
  const own = isInside(root, file) && !/[\\/]node_modules[\\/]/.test(file);
  // A page's top level is a function of the engine's making, whose name tells nothing.
  const isTopLevel = isPageName(file) && /(?:^|\.)page$/.test(caller);
  return {
    text,
    caller: isTopLevel ? '' : caller.replace(/^async /, ''),
    file,
    line: Number(line),
    column: Number(column),
    own,
  };
}

function pathOf(place: string): string {
  if (!place.startsWith('file:')) return place;
  try {
    return fileURLToPath(place.replace(/\?.*/s, ''));
  } catch {
    return place;
  }
}
