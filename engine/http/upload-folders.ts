// The temporary folders of uploads, so that none is left behind when the server ends while some are under way.
// Synchronous where it can be: a call costs a fifth of one of node:fs/promises, and an exit does not wait.

import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folders that one site has at the moment. */
export class UploadFolders {
  readonly #folders = new Set<string>();

  /** A new folder. */
  create(): string {
    const folder = mkdtempSync(join(tmpdir(), 'karrigell-upload-'));
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
    for (const folder of this.#folders) {
      try {
        rmSync(folder, REMOVAL);
      } catch {
        // Left to the system, as above.
      }
    }
    this.#folders.clear();
  }
}

const REMOVAL = { recursive: true, force: true };
