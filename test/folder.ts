// A temporary folder with files, for tests that read a configuration from disk.

import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';

/** Writes the files into a new folder, which is deleted when the test has ended. */
export async function folderWith(
  t: ExecutionContext,
  files: Readonly<Record<string, string | object>>,
): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'karrigell-folder-')));
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  await writeFiles(folder, files);
  return folder;
}

/** Writes files into a folder. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | object>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
}
