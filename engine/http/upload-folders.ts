// The temporary folders of uploads. The site knows all of them, so that it can remove them when the process exits during an
// upload. The folders of a killed process are removed by its parent, which knows the beginning of their paths. Most calls are
// synchronous, because an asynchronous one costs five times as much, and an exit does not wait.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** The folders of one site. */
export class UploadFolders {
  /** The beginning of their paths, which is unique for each site. */
  readonly prefix = join(tmpdir(), `karrigell-upload-${randomUUID()}-`);
  readonly #folders = new Set<string>();

  /** Creates a folder and returns its path. */
  create(): string {
    const folder = mkdtempSync(this.prefix);
    this.#folders.add(folder);
    return folder;
  }

  /** Removes a folder. Never rejects: if that fails, the system removes it with its other temporary files. */
  async remove(folder: string): Promise<void> {
    await rm(folder, REMOVAL).catch(() => undefined);
    this.#folders.delete(folder);
  }

  /** Removes all folders synchronously. */
  removeAll(): void {
    for (const folder of this.#folders) removeAtOnce(folder);
    this.#folders.clear();
  }
}

/** Removes the folders of a process that was killed. */
export function removeFoldersOf(prefix: string): void {
  const parent = dirname(prefix);
  for (const name of namesIn(parent)) {
    if (name.startsWith(basename(prefix))) removeAtOnce(join(parent, name));
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function removeAtOnce(folder: string): void {
  try {
    rmSync(folder, REMOVAL);
  } catch {
    // The system removes it with its other temporary files.
  }
}

const REMOVAL = { recursive: true, force: true };
