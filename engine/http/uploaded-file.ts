// FILES.photo: one uploaded file, in memory or in a temporary file that lives as long as its request (contract section 6).

import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { UploadedFile } from '../runtime/names.ts';

/** A file small enough to stay in memory. */
export class FileInMemory implements UploadedFile {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(name: string, type: string, bytes: Uint8Array) {
    this.name = name;
    this.type = type;
    this.size = bytes.byteLength;
    this.#bytes = bytes;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(this.#bytes);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return Uint8Array.from(this.#bytes).buffer;
  }

  stream(): ReadableStream<Uint8Array> {
    return new Blob([Uint8Array.from(this.#bytes)]).stream();
  }

  save(path: string): Promise<void> {
    return replaced(path, (part) => writeFile(part, this.#bytes, { flag: 'wx' }));
  }
}

/** A bigger file, in a temporary file of its request. */
export class FileOnDisk implements UploadedFile {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly #path: string;

  constructor(name: string, type: string, size: number, path: string) {
    this.name = name;
    this.type = type;
    this.size = size;
    this.#path = path;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await readFile(this.#path));
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return Uint8Array.from(await readFile(this.#path)).buffer;
  }

  stream(): ReadableStream<Uint8Array> {
    // Opened by the first read: a stream that nobody reads holds no descriptor.
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
    return replaced(path, (part) => copyFile(this.#path, part));
  }
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array, void> {
  const source: Readable = createReadStream(path);
  for await (const chunk of source) yield new Uint8Array(chunk);
}

/** Writes beside the target and renames, so that nobody ever reads half a file. */
async function replaced(path: string, write: (part: string) => Promise<void>): Promise<void> {
  const part = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    await write(part);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
