// Guards: the files named `_before.pih`, which run before the pages and files of their folder and of all folders below
// (docs/guards.md). This file finds them; http/ and adapters/ run them.

import { basename, dirname, join, sep } from 'node:path';
import { Problem } from '../diagnostics/problem.ts';
import type { Guard } from './index.ts';
import { isInside } from './site-paths.ts';
import type { Sources } from './sources.ts';

export const GUARD_NAME = '_before.pih';

type Params = Readonly<Record<string, string>>;

export const NO_GUARDS: readonly Guard[] = [];

export function isGuardFile(file: string): boolean {
  return basename(file) === GUARD_NAME;
}

/** The folder and the folders around it, up to the root; none if it lies outside of the root. */
export function foldersAround(root: string, folder: string): string[] {
  if (!isInside(root, folder)) return [];
  const folders = [folder];
  for (let next = folder; next !== root; ) {
    next = dirname(next);
    folders.push(next);
  }
  return folders;
}

/** The guards in these folders, each once, the outermost first. */
export function guardsIn(
  folders: ReadonlyMap<string, Params>,
  isNamed: (file: string) => boolean,
): readonly Guard[] {
  const found: Guard[] = [];
  for (const [folder, params] of folders) {
    const file = join(folder, GUARD_NAME);
    if (isNamed(file)) found.push({ file, params });
  }
  if (found.length === 0) return NO_GUARDS;
  return found.sort(
    (a, b) =>
      depthOf(a.file) - depthOf(b.file) ||
      bracketsIn(a.file) - bracketsIn(b.file) ||
      (a.file < b.file ? -1 : 1),
  );
}

/**
 * Of two folders beside each other, the one with a written name comes first: for a URL that leads to one of its files, its guard is
 * the only one, and another answer for other URLs would tell which files it has.
 */
function bracketsIn(file: string): number {
  return file.split('[').length;
}

function depthOf(file: string): number {
  return file.split(sep).length;
}

/** Errors for guards in the folders of these files that are no regular files, such as links that lead nowhere. */
export function unreadableGuards(
  files: readonly string[],
  sources: Pick<Sources, 'root' | 'isNamed' | 'stamp'>,
): Problem[] {
  const folders = new Set(files.flatMap((file) => foldersAround(sources.root, dirname(file))));
  const params = { reason: 'it is no regular file' };
  return [...folders]
    .map((folder) => join(folder, GUARD_NAME))
    .filter((file) => sources.isNamed(file) && sources.stamp(file) === '')
    .map((file) => new Problem('page-unreadable', { file, line: 1, column: 1, params }));
}

/** The guards of a page that is named by its file. The folders of its path and those of its real path count. */
export function guardsOfFile(
  file: string,
  sources: Pick<Sources, 'root' | 'isNamed' | 'realPath'>,
): readonly Guard[] {
  const { root } = sources;
  const real = sources.realPath(file) ?? file;
  const folders = [...foldersAround(root, dirname(file)), ...foldersAround(root, dirname(real))];
  return guardsIn(new Map(folders.map((folder) => [folder, NO_PARAMS])), (each) => sources.isNamed(each));
}

const NO_PARAMS: Params = Object.freeze(Object.create(null));
