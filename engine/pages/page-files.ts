// The page files of a site, in a stable order.

import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isPageName } from './hidden.ts';
import type { Hidden } from './hidden-files.ts';

/** Every page below a folder, those that are only included too; folders that begin with a dot and node_modules are left out. */
export function pageFiles(root: string, hidden: Hidden): string[] {
  const files: string[] = [];
  for (const entry of entries(root)) {
    const file = join(root, entry.name);
    if (hidden.covers(file)) continue;
    if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules') {
      files.push(...pageFiles(file, hidden));
    } else if (entry.isFile() && isPageName(entry.name)) files.push(file);
  }
  return files;
}

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
