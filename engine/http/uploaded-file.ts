// FILES.photo: an uploaded file, in memory or in a temporary file that is removed at the end of its request
// (README.md, *Names of a page*).

import { randomBytes } from 'node:crypto';
import { constants, createReadStream, readFileSync } from 'node:fs';
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { UploadedFile } from '../runtime/page-types.ts';

/** A small file, in memory. */
export class FileInMemory extends File implements UploadedFile {
  readonly #bytes: Uint8Array;

  constructor(name: string, type: string, bytes: Uint8Array) {
    super([Uint8Array.from(bytes)], name, { type });
    this.#bytes = bytes;
  }

  save(path: string): Promise<void> {
    return writeAtomically(path, (part) => writeFile(part, this.#bytes, { flag: 'wx' }));
  }
}

/** A bigger file, in a temporary file. It extends File, because schemas check that. */
export class FileOnDisk extends File implements UploadedFile {
  override readonly size: number;
  readonly #path: string;

  constructor(name: string, type: string, size: number, path: string) {
    super([], name, { type });
    this.size = size;
    this.#path = path;
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(await readFile(this.#path));
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return Uint8Array.from(await readFile(this.#path)).buffer;
  }

  override async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.arrayBuffer());
  }

  override slice(start?: number, end?: number, type?: string): Blob {
    return new Blob([Uint8Array.from(readFileSync(this.#path))]).slice(start, end, type);
  }

  override stream(): ReadableStream<Uint8Array> {
    // The file is opened by the first read, so an unread stream holds no descriptor.
    const chunks = chunksOf(this.#path);
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return(undefined);
      },
    });
  }

  save(path: string): Promise<void> {
    return writeAtomically(path, (part) => copyFile(this.#path, part, constants.COPYFILE_EXCL));
  }
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array, void> {
  const source: Readable = createReadStream(path);
  for await (const chunk of source) yield new Uint8Array(chunk);
}

/** Writes a file beside the target and renames it, so that a reader never sees half a file. */
async function writeAtomically(path: string, write: (part: string) => Promise<void>): Promise<void> {
  const part = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    await write(part);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
