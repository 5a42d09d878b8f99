// Whether one path lies inside another. Paths are absolute; who asks resolves symbolic links first.

import { isAbsolute, relative, sep } from 'node:path';

/** True for the folder itself and everything below it; `/site-old` is not inside `/site`. */
export function isInside(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
