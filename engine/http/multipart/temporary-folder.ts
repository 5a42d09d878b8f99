// The files of one upload that are too big for memory. Its folder is made with the first of them, readable by this user alone,
// and removed with its request.

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

/** The folder of one upload. */
export class TemporaryFolder {
  readonly #folders: UploadFolders;
  #path: string | undefined;
  #writing: Promise<void> | undefined;
  #handle: FileHandle | undefined;

  constructor(folders: UploadFolders) {
    this.#folders = folders;
  }

  /** Fulfilled when all that was appended so far is written; undefined: nothing waits. */
  get writing(): Promise<void> | undefined {
    return this.#writing;
  }

  /** A new file, one at a time. */
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

  /** Waits for what is being written, then removes everything. */
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
    // A failure stays, so that the reader of the body hears of it.
    writing.then(settled, () => undefined);
  }
}
