// Multipart bodies: fields and files (contract section 6, FILES). The limits (section 3) are checked while the body arrives.
// After the first error the temporary files are removed.

import type { IncomingMessage } from 'node:http';
import type { LimitsConfig } from '../../config/schema.ts';
import { Problem } from '../diagnostics/problem.ts';
import type { UploadedFile } from '../runtime/page-types.ts';
import { ClientLeft } from './client-left.ts';
import { addValue, type FieldValues, refuseTooLong } from './form-fields.ts';
import { FieldPart, FilePart } from './multipart/form-parts.ts';
import { boundaryOf, MultipartParser } from './multipart/multipart-parser.ts';
import { MalformedForm, type PartHead } from './multipart/part-head.ts';
import { TemporaryFolder } from './multipart/temporary-folder.ts';
import type { UploadFolders } from './upload-folders.ts';

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
  const boundary = boundaryOf(incoming.headers['content-type'] ?? '');
  if (boundary === undefined) throw malformed('its Content-Type names no boundary');
  const upload = new Upload(limits, folders);
  try {
    await upload.read(incoming, boundary);
    return upload;
  } catch (error) {
    await upload.discard();
    throw error instanceof MalformedForm ? malformed(error.message, error) : error;
  }
}

class Upload implements MultipartBody {
  readonly fields: FieldValues = new Map();
  readonly files = new Map<string, UploadedFile[]>();
  readonly #limits: LimitsConfig;
  readonly #folder: TemporaryFolder;
  #part: FieldPart | FilePart | undefined;
  #parts = 0;
  #fields = 0;
  #named = 0;

  constructor(limits: LimitsConfig, folders: UploadFolders) {
    this.#limits = limits;
    this.#folder = new TemporaryFolder(folders);
  }

  async read(incoming: IncomingMessage, boundary: string): Promise<void> {
    const parser = new MultipartParser(boundary, {
      begin: (head) => this.#begin(head),
      data: (bytes) => this.#part?.add(bytes),
      end: () => this.#end(),
    });
    let size = 0;
    await eachChunk(incoming, (chunk) => {
      size += chunk.length;
      if (size > this.#limits.upload)
        throw new Problem('upload-too-large', { params: { limit: this.#limits.upload } });
      parser.write(chunk);
      return this.#folder.writing;
    });
    parser.finish();
    await this.#folder.writing;
  }

  dispose(): void {
    void this.#folder.remove();
  }

  /** Removes the temporary files. */
  discard(): Promise<void> {
    return this.#folder.remove();
  }

  #begin(head: PartHead): void {
    const { fields, files } = this.#limits;
    refuseTooLong(head.name, '', this.#limits);
    // An empty file input does not count as a file, but as a part, because parts need a limit, too.
    if (++this.#parts > fields + files) throw new Problem('too-many-fields', { params: { limit: fields } });
    if (head.filename === undefined) this.#part = new FieldPart(head, this.#limits.field_size);
    else this.#part = this.#file(head, head.filename);
  }

  #file(head: PartHead, filename: string): FilePart {
    const { files } = this.#limits;
    if (filename !== '' && ++this.#named > files)
      throw new Problem('too-many-files', { params: { limit: files } });
    return new FilePart(head, plainName(filename), this.#folder);
  }

  #end(): void {
    const part = this.#part;
    if (part instanceof FieldPart) this.#endField(part);
    const file = part instanceof FilePart ? part.file() : undefined;
    if (part !== undefined && file !== undefined) addValue(this.files, part.head.name, file);
  }

  #endField(part: FieldPart): void {
    const { fields } = this.#limits;
    if (++this.#fields > fields) throw new Problem('too-many-fields', { params: { limit: fields } });
    addValue(this.fields, part.head.name, part.value());
  }
}

function malformed(reason: string, cause?: unknown): Problem {
  return new Problem('multipart-malformed', { params: { reason }, cause });
}

/**
 * The name without path, control characters and bidirectional marks. The result can be shown, but must not be used as a path.
 */
function plainName(filename: string): string {
  const base = filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1);
  const visible = base.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '');
  return visible === '.' || visible === '..' ? '' : visible;
}

/** Passes each chunk to `take` and waits for its promise. Rejects if `take` fails; the connection stays open then. */
function eachChunk(
  incoming: IncomingMessage,
  take: (chunk: Buffer) => Promise<void> | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      incoming.off('data', chunk).off('end', resolve).pause();
      reject(error);
    };
    const chunk = (bytes: Buffer) => {
      try {
        const pending = take(bytes);
        if (pending === undefined) return;
        incoming.pause();
        pending.then(() => incoming.resume(), fail);
      } catch (error) {
        fail(error);
      }
    };
    const leave = () => reject(new ClientLeft());
    incoming.on('data', chunk).on('end', resolve).on('close', leave).on('error', leave);
  });
}
