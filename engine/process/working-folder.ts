// The folder that a process is started in. The current folder may be removed while the program runs, as an old release is;
// a process does not start in a folder that is not there.

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

/** The current folder, or the nearest one above it that is there. Node remembers its name from the start on. */
export function workingFolder(): string {
  let folder = process.cwd();
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
