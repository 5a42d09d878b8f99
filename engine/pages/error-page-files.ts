// The files that `error_pages` names (docs/configuration.md), and errors for missing files.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, Problem } from '../diagnostics/problem.ts';

/** Absolute path of a page of error_pages. */
export function errorPageFile(root: string, page: string): string {
  return join(root, page);
}

/** Whether a regular file exists. */
export function isThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

/**
 * Errors for the pages that `error_pages` names and that do not exist.
 * @param placeOf the position of a status in the configuration
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
