// Opens a file that may be sent, and nothing else (contract section 4). The locator has said that the URL names a static
// file; here the disk is asked: the real path must lie inside the root, be a static file by the locator's own rules
// (a link `notes.txt` to a page's source is none), and be a regular file when opened.

import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { Pages } from '../../pages/index.ts';
import { isInside } from '../../pages/inside.ts';

/** An open file that may be sent. Who takes it closes it. */
export interface OpenFile {
  /** Its URL path below the root, percent-encoded. */
  readonly url: string;
  readonly stats: Stats;
  readonly handle: FileHandle;
}

/** Opens a located static file; undefined when it is gone or must not be sent. */
export async function openFile(pages: Pages, located: string): Promise<OpenFile | undefined> {
  try {
    return await opened(pages, located);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

async function opened(pages: Pages, located: string): Promise<OpenFile | undefined> {
  const real = await realpath(located);
  if (!isInside(pages.root, real)) return undefined;
  const url = `/${relative(pages.root, real).split(sep).map(encodeURIComponent).join('/')}`;
  if (pages.locate(url).kind !== 'static') return undefined;
  // Asked before opening, since to open a device may do something; NONBLOCK for what has been put there since.
  if (!(await stat(real)).isFile()) return undefined;
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stats = await handle.stat();
  if (stats.isFile()) return { url, stats, handle };
  await handle.close();
  return undefined;
}

const ABSENT: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ELOOP',
  'EACCES',
  'EPERM',
  'ENXIO',
  'ENAMETOOLONG',
]);

function isAbsence(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && ABSENT.has(error.code)
  );
}
