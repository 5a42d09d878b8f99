// The guards whose `type Locals` gives LOCALS of a page its type (docs/guards.md). All guards around a page run before it. A
// part runs for each page that reaches it, so the keys of a guard that not all of these pages have are optional.

import { dirname, join, relative, sep } from 'node:path';
import type { GuardPaths } from '../../compiler/4-emit/typed-locals.ts';
import { foldersAround, GUARD_NAME, isGuardFile } from '../guards.ts';
import { isHiddenName, isPageFile } from '../hidden-names.ts';
import type { FileUsers } from '../index.ts';
import { fileStamp } from '../site-disk.ts';

/** The site of a page whose LOCALS are looked for. */
export interface LocalsSite {
  /** The folder of the site, with symbolic links resolved. */
  readonly root: string;
  /** The files that depend on a file. Called only for pages that use LOCALS. */
  readonly users: () => FileUsers;
  /** Absolute paths of the error pages, which run also when a guard has failed. */
  readonly error_pages: readonly string[];
}

/** Absolute paths of the guards that run always, and sometimes, before the code of a page. A guard itself is not among its own. */
export function guardsBefore(file: string, site: LocalsSite): GuardPaths {
  const { root } = site;
  if (isGuardFile(file))
    return { always: guardsAround(file, root).filter((guard) => guard !== file), sometimes: [] };
  const around = guardsAround(file, root);
  const starts = pagesWithUrl(site.users().affectedBy([file]), root);
  const chains = starts.map((page) => new Set(guardsAround(page, root)));
  const all = new Set([...around, ...chains.flatMap((chain) => [...chain])]);
  const isAlways = (guard: string) => {
    if (site.error_pages.includes(file)) return false;
    // A part that no page names has computed paths or a program as its users. They may be anywhere in the site.
    return chains.length === 0 ? dirname(guard) === root : chains.every((chain) => chain.has(guard));
  };
  return {
    always: [...all].filter(isAlways),
    sometimes: [...all].filter((guard) => !isAlways(guard)),
  };
}

/** The existing guards of the folders around a page, the outermost first. */
function guardsAround(page: string, root: string): string[] {
  return foldersAround(root, dirname(page))
    .reverse()
    .map((folder) => join(folder, GUARD_NAME))
    .filter((guard) => fileStamp(guard) !== '');
}

function pagesWithUrl(files: Iterable<string>, root: string): string[] {
  return [...files].filter(
    (file) =>
      isPageFile(file) &&
      !relative(root, file)
        .split(sep)
        .some((part) => isHiddenName(part)),
  );
}
