// The folder of a site by its real path.

import { realpathSync, statSync } from 'node:fs';
import { Problem } from '../diagnostics/problem.ts';

/**
 * Resolves the symbolic links of root_dir.
 * @throws Problem `root-missing` when there is no such folder
 */
export function realFolder(folder: string): string {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found?.isDirectory()) throw new Problem('root-missing', { params: { folder }, value: folder });
  return realpathSync.native(folder);
}
