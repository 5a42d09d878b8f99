// The parts of a form while they arrive: a field in memory, a file in memory or, if it is big, on disk.

import { TextDecoder } from 'node:util';
import { Problem } from '../../diagnostics/problem.ts';
import { decodedText } from '../../forms/decoded-text.ts';
import type { UploadedFile } from '../../runtime/page-types.ts';
import { FileInMemory, FileOnDisk } from '../uploaded-file.ts';
import type { PartHead } from './part-head.ts';
import type { TemporaryFile, TemporaryFolder } from './temporary-folder.ts';

/** Files with more bytes are written to disk. */
const IN_MEMORY = 256 * 1024;

/** A field that arrives. */
export class FieldPart {
  readonly head: PartHead;
  readonly #limit: number;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  /** @param limit the most bytes of the value */
  constructor(head: PartHead, limit: number) {
    this.head = head;
    this.#limit = limit;
  }

  /** @throws Problem `field-too-large` */
  add(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#size > this.#limit)
      throw new Problem('field-too-large', { params: { name: this.head.name, limit: this.#limit } });
    this.#chunks.push(bytes);
  }

  value(): string {
    return fieldText(Buffer.concat(this.#chunks, this.#size), this.head.charset);
  }
}

/** Browsers send UTF-8 without declaring it. An unknown encoding is read as UTF-8, too. */
function fieldText(bytes: Buffer, charset: string | undefined): string {
  if (charset === undefined || /^utf-?8$/i.test(charset)) return bytes.toString('utf8');
  try {
    return decodedText(bytes, new TextDecoder(charset, { ignoreBOM: true }));
  } catch {
    return bytes.toString('utf8');
  }
}

/** A file that arrives. */
export class FilePart {
  readonly head: PartHead;
  readonly #name: string;
  readonly #folder: TemporaryFolder;
  #chunks: Buffer[] = [];
  #size = 0;
  #onDisk: TemporaryFile | undefined;

  /** @param name the file name, free of characters that must not be shown */
  constructor(head: PartHead, name: string, folder: TemporaryFolder) {
    this.head = head;
    this.#name = name;
    this.#folder = folder;
  }

  add(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#onDisk === undefined && this.#size > IN_MEMORY) this.#toDisk();
    if (this.#onDisk === undefined) this.#chunks.push(bytes);
    else this.#onDisk.append(bytes);
  }

  #toDisk(): void {
    this.#onDisk = this.#folder.newFile();
    for (const bytes of this.#chunks) this.#onDisk.append(bytes);
    this.#chunks = [];
  }

  /** The file, when it has arrived; undefined for an empty file input. */
  file(): UploadedFile | undefined {
    const type = this.head.type ?? 'text/plain';
    if (this.#onDisk !== undefined) {
      this.#onDisk.end();
      return new FileOnDisk(this.#name, type, this.#size, this.#onDisk.path);
    }
    if (this.#name === '' && this.#size === 0) return undefined;
    return new FileInMemory(this.#name, type, Buffer.concat(this.#chunks, this.#size));
  }
}
