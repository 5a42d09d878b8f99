// Tells one state of a page's files from another: made when a page is rendered and again when its tab asks, so that nothing
// need be remembered, and a tab that slept or a server that was restarted misses nothing.

import { createHash } from 'node:crypto';
import { stampOf } from '../../pages/stamp.ts';

/** The version of a set of files: changes with any file, as the stamp of pages tells it, and with the set. */
export function versionOf(files: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) hash.update(`${file}\0${stampOf(file)}\0`);
  return hash.digest('base64url').slice(0, 16);
}
