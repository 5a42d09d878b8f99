// Finds imported modules that visitors can fetch by their URL (README.md, *From URL to file*): `.js` and `.json` files are static
// files, too, unless their names are hidden.

import { relative, sep } from 'node:path';
import { type Warning, warning } from '../diagnostics/problem.ts';
import type { PageSet } from './index.ts';
import type { ImportedFile } from './modules/import-check.ts';
import { isInside } from './site-paths.ts';

/** The pages in which a URL is looked up. */
type Served = Pick<PageSet, 'root' | 'locate'>;

/** Whether a module's file is served as a static file. */
function isServed(file: string, pages: Served): boolean {
  if (!isInside(pages.root, file)) return false;
  const path = relative(pages.root, file).split(sep).map(encodeURIComponent).join('/');
  return pages.locate(`/${path}`).kind === 'static';
}

/** The warnings of a check, each at the position of the import. */
export function servedModules(modules: readonly ImportedFile[], pages: Served): Warning[] {
  return modules
    .filter(({ file }) => isServed(file, pages))
    .map(({ fact: { specifier, line, column }, importer }) =>
      warning('module-served', { file: importer, line, column, params: { path: specifier } }),
    );
}

/** Logs a warning once for each module. */
export class ServedModuleLog {
  readonly #warn: (message: string) => void;
  readonly #known = new Set<string>();

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** @param uses absolute paths of the files that a page depends on */
  note(uses: Iterable<string>, pages: Served): void {
    for (const file of uses) {
      if (this.#known.has(file)) continue;
      this.#known.add(file);
      if (isServed(file, pages)) this.#warn(messageFor(relative(pages.root, file)));
    }
  }
}

function messageFor(file: string): string {
  const path = `/${file.split(sep).join('/')}`;
  const { text, remedy } = warning('module-served', { params: { path } });
  return `${text}. ${remedy}`;
}
