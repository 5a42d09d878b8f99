// The temporary folders of uploads, so that none is left behind when the server ends while some are under way. A process that is
// killed removes nothing: its parent does, by the beginning of their paths.
// Synchronous where it can be: a call costs a fifth of one of node:fs/promises, and an exit does not wait.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** The folders that one site has at the moment. */
export class UploadFolders {
  /** The beginning of their paths, which no other site's folders have. */
  readonly prefix = join(tmpdir(), `karrigell-upload-${randomUUID()}-`);
  readonly #folders = new Set<string>();

  /** A new folder. */
  create(): string {
    const folder = mkdtempSync(this.prefix);
    this.#folders.add(folder);
    return folder;
  }

  /** Removes one. Never rejects: a temporary folder that cannot be removed is left to the system, which clears its place. */
  async remove(folder: string): Promise<void> {
    await rm(folder, REMOVAL).catch(() => undefined);
    this.#folders.delete(folder);
  }

  /** Removes all that there are, at once: nothing is served any more. */
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
    // Left to the system, as above.
  }
}

const REMOVAL = { recursive: true, force: true };
