// The files of a `sqlite:` url.

import { resolve } from 'node:path';

/** The database and the files that SQLite creates beside it; none for other URLs. */
export function sqliteFiles(url: string, base_dir: string): string[] {
  const file = sqliteFile(url, base_dir);
  return file === undefined ? [] : ['', '-wal', '-shm', '-journal'].map((ending) => file + ending);
}

/**
 * The file of `sqlite:file`, `sqlite:/folder/file` or `sqlite:///folder/file`. Undefined for other URLs, and for `sqlite://file`, where
 * `file` would be a host.
 */
export function sqliteFile(url: string, base_dir: string): string | undefined {
  const [, path] = /^sqlite:(?!\/\/(?!\/))(?:\/\/)?(.+)$/s.exec(url) ?? [];
  return path === undefined ? undefined : resolve(base_dir, path);
}
