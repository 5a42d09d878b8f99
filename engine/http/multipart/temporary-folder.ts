// The temporary folder of an upload, for files that are too big for memory. It is created with the first file, readable by this
// user only, and removed at the end of the request.

import { randomUUID } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { UploadFolders } from '../upload-folders.ts';

/** A file that is being written. */
export interface TemporaryFile {
  readonly path: string;
  append(bytes: Buffer): void;
  end(): void;
}

/** The folder of an upload. */
export class TemporaryFolder {
  readonly #folders: UploadFolders;
  #path: string | undefined;
  #writing: Promise<void> | undefined;
  #handle: FileHandle | undefined;

  constructor(folders: UploadFolders) {
    this.#folders = folders;
  }

  /** Resolves when all appended bytes are written; undefined if none wait. */
  get writing(): Promise<void> | undefined {
    return this.#writing;
  }

  /** Creates a file. Files are written one after another. */
  newFile(): TemporaryFile {
    this.#path ??= this.#folders.create();
    const path = join(this.#path, randomUUID());
    this.#then(async () => {
      this.#handle = await open(path, 'wx');
    });
    return {
      path,
      append: (bytes) => this.#then(async () => this.#handle?.appendFile(bytes)),
      end: () => this.#then(() => this.#close()),
    };
  }

  /** Removes the folder when the current writes have ended. */
  async remove(): Promise<void> {
    await this.#writing?.catch(() => undefined);
    await this.#close();
    if (this.#path !== undefined) await this.#folders.remove(this.#path);
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  #then(step: () => Promise<void>): void {
    const writing = (this.#writing ?? Promise.resolve()).then(step);
    this.#writing = writing;
    const settled = () => {
      if (this.#writing === writing) this.#writing = undefined;
    };
    // A rejected promise stays, so that the reader of the body gets the error.
    writing.then(settled, () => undefined);
  }
}
