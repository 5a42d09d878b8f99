// The files of a `sqlite:` url.

import { resolve } from 'node:path';

/** The database with the files that SQLite puts beside it; none for other urls. */
export function sqliteFiles(url: string, base_dir: string): string[] {
  const file = sqliteFile(url, base_dir);
  return file === undefined ? [] : ['', '-wal', '-shm', '-journal'].map((ending) => file + ending);
}

/**
 * sqlite:file, sqlite:/folder/file, sqlite:///folder/file. Undefined for other urls, and for `sqlite://file`, which URL
 * parsers read as a host and a path parser as a file in the root of the disk.
 */
export function sqliteFile(url: string, base_dir: string): string | undefined {
  const [, path] = /^sqlite:(?!\/\/(?!\/))(?:\/\/)?(.+)$/s.exec(url) ?? [];
  return path === undefined ? undefined : resolve(base_dir, path);
}
