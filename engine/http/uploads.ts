// Multipart bodies: fields and files, held to the limits while they arrive (contract section 3, limits; section 6, FILES).
// @fastify/busboy parses. The first error is final, since it goes on emitting after one; what had been kept is removed then.

import { randomUUID } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import type { LimitsConfig } from '../../config/schema.ts';
import { Problem } from '../diagnostics/problem.ts';
import type { UploadedFile } from '../runtime/names.ts';
import { ClientLeft } from './client-left.ts';
import { addValue, type FieldValues, refuseTooLong } from './fields.ts';
import type { UploadFolders } from './upload-folders.ts';
import { FileInMemory, FileOnDisk } from './uploaded-file.ts';

/** Files above this many bytes go to disk. */
const IN_MEMORY = 256 * 1024;

/** The fields and files of a multipart body. */
export interface MultipartBody {
  readonly fields: FieldValues;
  readonly files: Map<string, UploadedFile[]>;
  dispose(): void;
}

/**
 * Reads a multipart body to its end.
 * @throws (rejects with) Problem with status 400 or 413; ClientLeft
 */
export async function readMultipart(
  incoming: IncomingMessage,
  limits: LimitsConfig,
  folders: UploadFolders,
): Promise<MultipartBody> {
  const upload = new Upload(limits, folders);
  try {
    await upload.read(incoming);
    return upload;
  } catch (error) {
    await upload.discard();
    throw error;
  }
}

class Upload implements MultipartBody {
  readonly fields: FieldValues = new Map();
  readonly files = new Map<string, UploadedFile[]>();
  readonly #limits: LimitsConfig;
  readonly #streams = new Set<Readable>();
  readonly #arriving: Promise<{ field: string; file: UploadedFile | undefined }>[] = [];
  #named = 0;
  readonly #folders: UploadFolders;
  #folder: string | undefined = undefined;

  constructor(limits: LimitsConfig, folders: UploadFolders) {
    this.#limits = limits;
    this.#folders = folders;
  }

  async read(incoming: IncomingMessage): Promise<void> {
    await this.#parse(incoming, parserFor(incoming, this.#limits));
    for (const { field, file } of await Promise.all(this.#arriving)) {
      if (file !== undefined) addValue(this.files, field, file);
    }
  }

  dispose(): void {
    if (this.#folder !== undefined) this.#folders.remove(this.#folder);
  }

  /** Stops what still arrives, then removes what was kept. */
  async discard(): Promise<void> {
    for (const stream of this.#streams) stream.destroy();
    await Promise.allSettled(this.#arriving);
    this.dispose();
  }

  #parse(incoming: IncomingMessage, parser: BusboyInstance): Promise<void> {
    const { upload } = this.#limits;
    return new Promise((resolve, reject) => {
      let size = 0;
      const fail = (error: unknown) => {
        incoming.unpipe(parser);
        incoming.off('data', count);
        reject(error);
      };
      const count = (chunk: Buffer) => {
        size += chunk.length;
        if (size > upload) fail(new Problem('upload-too-large', { holes: { limit: upload } }));
      };
      const checked = (take: () => void) => {
        try {
          take();
        } catch (error) {
          fail(error);
        }
      };
      parser.on('field', (name, value, _cut, truncated) =>
        checked(() => this.#field(name, value, truncated)),
      );
      parser.on('file', (name, stream, filename, _encoding, type) =>
        checked(() => this.#file(name, stream, filename, type, fail)),
      );
      parser.on('fieldsLimit', () => fail(this.#tooManyFields()));
      parser.on('partsLimit', () => fail(this.#tooManyFields()));
      parser.on('error', (cause) => fail(malformed(cause)));
      parser.on('finish', resolve);
      incoming.on('close', () => incoming.complete || fail(new ClientLeft()));
      incoming.on('error', () => fail(new ClientLeft()));
      incoming.on('data', count);
      incoming.pipe(parser);
    });
  }

  #field(name: string | undefined, value: string, truncated: boolean): void {
    if (name === undefined) return;
    refuseTooLong(name, value, this.#limits);
    if (truncated) throw new Problem('field-too-large', { holes: { name, limit: this.#limits.field_size } });
    addValue(this.fields, name, value);
  }

  #file(
    field: string | undefined,
    stream: BusboyFileStream,
    filename: string,
    type: string,
    fail: (error: unknown) => void,
  ): void {
    // At once: busboy emits 'error' on it when the body is cut, and nobody else may listen yet.
    stream.on('error', () => undefined);
    this.#streams.add(stream);
    if (field === undefined) {
      stream.resume();
      return;
    }
    if (filename !== '' && ++this.#named > this.#limits.files) {
      throw new Problem('too-many-files', { holes: { limit: this.#limits.files } });
    }
    refuseTooLong(field, '', this.#limits);
    const arriving = this.#kept(stream, plainName(filename), type).then((file) => ({ field, file }));
    arriving.catch(fail);
    this.#arriving.push(arriving);
  }

  /** The file once it has arrived; undefined for a file input that was left empty. */
  async #kept(stream: Readable, name: string, type: string): Promise<UploadedFile | undefined> {
    const chunks: Buffer[] = [];
    let size = 0;
    let disk: { path: string; handle: FileHandle } | undefined;
    try {
      for await (const chunk of stream) {
        size += chunk.length;
        if (disk === undefined && size > IN_MEMORY) disk = await this.#onDisk(chunks);
        if (disk === undefined) chunks.push(chunk);
        else await disk.handle.appendFile(chunk);
      }
    } finally {
      await disk?.handle.close();
    }
    if (disk !== undefined) return new FileOnDisk(name, type, size, disk.path);
    if (name === '' && size === 0) return undefined;
    return new FileInMemory(name, type, Buffer.concat(chunks, size));
  }

  async #onDisk(begun: readonly Buffer[]): Promise<{ path: string; handle: FileHandle }> {
    this.#folder ??= this.#folders.create();
    const path = join(this.#folder, randomUUID());
    const handle = await open(path, 'wx');
    for (const chunk of begun) await handle.appendFile(chunk);
    return { path, handle };
  }

  #tooManyFields(): Problem {
    return new Problem('too-many-fields', { holes: { limit: this.#limits.fields } });
  }
}

function parserFor(incoming: IncomingMessage, limits: LimitsConfig): BusboyInstance {
  const type = incoming.headers['content-type'] ?? '';
  try {
    return new Busboy({
      headers: { ...incoming.headers, 'content-type': type },
      limits: {
        fields: limits.fields,
        fieldSize: limits.field_size,
        // Empty file inputs are no files, yet parts; without a bound they would be free.
        parts: limits.fields + limits.files,
      },
      isPartAFile: (_field, _type, filename) => filename !== undefined,
    });
  } catch (cause) {
    throw malformed(cause);
  }
}

function malformed(cause: unknown): Problem {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Problem('multipart-malformed', { holes: { reason }, cause });
}

/** The name without path and control characters: what is left can be shown, not yet trusted as a path. */
function plainName(filename: string): string {
  const base = filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1);
  const visible = base.replace(/\p{Cc}/gu, '');
  return visible === '.' || visible === '..' ? '' : visible;
}
