// Modules that a page imports and that anyone may fetch by their URL (contract section 4): `.js` and `.json` are static
// files too unless their names are hidden.

import { relative, sep } from 'node:path';
import { type Warning, warning } from '../diagnostics/problem.ts';
import { isInside } from './inside.ts';
import type { Locator } from './locate.ts';
import type { ImportedFile } from './modules/check.ts';

/** Whether a module's file would be sent to a visitor who asks for it. */
function isServed(file: string, root: string, locator: Locator): boolean {
  if (!isInside(root, file)) return false;
  const path = relative(root, file).split(sep).map(encodeURIComponent).join('/');
  return locator.locate(`/${path}`).kind === 'static';
}

/** The warnings of a check, each at the import. */
export function servedModules(modules: readonly ImportedFile[], root: string, locator: Locator): Warning[] {
  return modules
    .filter(({ file }) => isServed(file, root, locator))
    .map(({ fact: { specifier, line, column }, importer }) =>
      warning('module-served', { file: importer, line, column, holes: { path: specifier } }),
    );
}

/** Warns a server's operator, once for each module. */
export class ServedModuleLog {
  readonly #root: string;
  readonly #locator: Locator;
  readonly #warn: (message: string) => void;
  readonly #known = new Set<string>();

  constructor(root: string, locator: Locator, warn: (message: string) => void) {
    this.#root = root;
    this.#locator = locator;
    this.#warn = warn;
  }

  /** @param uses absolute paths of what a page is made of */
  note(uses: Iterable<string>): void {
    for (const file of uses) {
      if (this.#known.has(file)) continue;
      this.#known.add(file);
      if (isServed(file, this.#root, this.#locator)) this.#warn(this.#message(file));
    }
  }

  #message(file: string): string {
    const path = `/${relative(this.#root, file).split(sep).join('/')}`;
    const { text, remedy } = warning('module-served', { holes: { path } });
    return `${text}. ${remedy}`;
  }
}
