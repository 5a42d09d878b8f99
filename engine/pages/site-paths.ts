// Relations of absolute paths. The caller resolves symbolic links first. A name that is not absolute, such as that of
// evaluated code in a stack, lies inside no folder, whatever the current folder is.

import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { Problem } from '../diagnostics/problem.ts';

/** Whether a path is the folder or lies below it; `/site-old` is not inside `/site`. */
export function isInside(folder: string, file: string): boolean {
  if (!isAbsolute(file)) return false;
  const way = relative(folder, file);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * The real path of root_dir.
 * @throws Problem `root-missing` if there is no such folder
 */
export function realFolder(folder: string): string {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found?.isDirectory()) throw new Problem('root-missing', { params: { folder }, value: folder });
  return realpathSync.native(folder);
}
