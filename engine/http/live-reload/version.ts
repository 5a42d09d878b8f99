// Tells one state of a page's files from another: made when a page is rendered and again when its tab asks, so that nothing
// need be remembered, and a tab that slept or a server that was restarted misses nothing.

import { createHash } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { Problem } from '../../diagnostics/problem.ts';
import { causesOf } from '../../diagnostics/thrown.ts';
import { stampOf } from '../../pages/stamp.ts';

/** The version of a set of files: changes with any file, as the stamp of pages tells it, and with the set. */
export function versionOf(files: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) hash.update(`${file}\0${stampOf(file)}\0`);
  return hash.digest('base64url').slice(0, 16);
}

/** The files that an error and its causes name. */
export function culpritsOf(root: string, error: unknown): string[] {
  return causesOf(error).flatMap((cause) => {
    if (!(cause instanceof Problem) || cause.file === undefined) return [];
    return [isAbsolute(cause.file) ? cause.file : join(root, cause.file)];
  });
}
