// The text of a file that an excerpt is taken from.

import { readFileSync, statSync } from 'node:fs';

/** The text; empty if it cannot be read, and for all but regular files, because reading a pipe would wait for a writer. */
export function sourceText(file: string): string {
  try {
    return statSync(file).isFile() ? readFileSync(file, 'utf8') : '';
  } catch {
    return '';
  }
}
