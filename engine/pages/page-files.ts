// Lists the page files of a site in a stable order. Symbolic links are not followed: a linked page is the file where it
// lies, and a link may lead outside or in a circle.

import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Hidden, NOTHING_HIDDEN } from './hidden-files.ts';
import { isPageFile } from './hidden-names.ts';

/**
 * Every page below a folder, included pages too. Folders whose name begins with a dot, and node_modules, are skipped.
 */
export function pageFiles(root: string, hidden: Hidden): string[] {
  const files: string[] = [];
  for (const { entry, path } of entriesBelow(root, hidden))
    if (entry.isFile() && isPageFile(entry.name)) files.push(path);
  return files;
}

/** Every symbolic link below a folder. */
export function linksBelow(root: string): string[] {
  const links: string[] = [];
  for (const { entry, path } of entriesBelow(root, NOTHING_HIDDEN))
    if (entry.isSymbolicLink()) links.push(path);
  return links;
}

/** Every file, folder and symbolic link below a folder that is not hidden; links are not followed. */
export function* entriesBelow(
  folder: string,
  hidden: Hidden,
): Generator<{ readonly entry: Dirent; readonly path: string }> {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (hidden.covers(path)) continue;
    yield { entry, path };
    const isSearched = !entry.name.startsWith('.') && entry.name !== 'node_modules';
    if (isSearched && entry.isDirectory()) yield* entriesBelow(path, hidden);
  }
}

/** The entries of a folder in order; none if it cannot be read or has vanished. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
