// The files that error_pages names (contract section 3): where they are, and which of them are not there.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, Problem } from '../diagnostics/problem.ts';

/** Absolute path of a page of error_pages. */
export function errorPageFile(root: string, page: string): string {
  return join(root, page);
}

/** Whether there is a file to answer with. */
export function isThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

/**
 * A Problem for each page that error_pages names and that does not exist.
 * @param placeOf where the configuration names the page of a status
 */
export function missingErrorPages(
  root: string,
  error_pages: Readonly<Record<string, string>>,
  placeOf: (status: string) => Place,
): Problem[] {
  return Object.entries(error_pages)
    .filter(([, page]) => !isThere(errorPageFile(root, page)))
    .map(
      ([status, page]) => new Problem('error-page-missing', { ...placeOf(status), params: { page, status } }),
    );
}
