// Whether a file on disk is still the one that was read.

import { statSync } from 'node:fs';

/** A file's state on disk; equal stamps mean the same content. Empty: there is no regular file. */
export type Stamp = string;

/** About 4 µs. Never throws. */
export function stampOf(file: string): Stamp {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    return found?.isFile() !== true ? '' : `${found.mtimeMs}:${found.ctimeMs}:${found.size}:${found.ino}`;
  } catch {
    return '';
  }
}
