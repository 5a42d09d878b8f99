// Multipart bodies: fields and files (README.md, *Names of a page*). The limits (`limits` in docs/configuration.md) are
// checked while the body arrives. After the first error the temporary files are removed.

import type { IncomingMessage } from 'node:http';
import type { LimitsConfig } from '../../config/schema.ts';
import { Problem } from '../diagnostics/problem.ts';
import type { UploadedFile } from '../runtime/page-types.ts';
import { ClientLeft } from './client-left.ts';
import { addField, addValue, type FieldValues, refuseLongName } from './form-fields.ts';
import { FieldPart, FilePart } from './multipart/form-parts.ts';
import { boundaryOf, MultipartParser } from './multipart/multipart-parser.ts';
import { MalformedForm, type PartHead } from './multipart/part-head.ts';
import { TemporaryFolder } from './multipart/temporary-folder.ts';
import type { RefusedFields } from './refused-fields.ts';
import type { BodyReading } from './send-again/body-reading.ts';
import type { UploadFolders } from './upload-folders.ts';

/** The fields and files of a multipart body. */
export interface MultipartBody {
  readonly fields: FieldValues;
  readonly files: Map<string, UploadedFile[]>;
  dispose(): void;
}

/** The limits of a body, and where its files are put. */
export interface BodyReader {
  readonly limits: LimitsConfig;
  readonly folders: UploadFolders;
  /** Takes the fields and uploads that are over a limit; undefined: they are errors. */
  readonly refused: RefusedFields | undefined;
  /**
   * Gets the fields in the order of the body, also those before an error. With it, a body that declares to be too large is read up
   * to the limit.
   */
  readonly reading: BodyReading | undefined;
}

/** The bytes of the largest body with uploads that is read to its end. */
export function largestUpload({ limits, refused }: BodyReader): number {
  return refused === undefined ? limits.upload : Math.max(limits.upload, limits.body);
}

/**
 * Reads a multipart body to its end.
 * @throws (rejects with) Problem with status 400 or 413; ClientLeft
 */
export async function readMultipart(incoming: IncomingMessage, reader: BodyReader): Promise<MultipartBody> {
  const boundary = boundaryOf(incoming.headers['content-type'] ?? '');
  if (boundary === undefined) throw malformed('its Content-Type names no boundary');
  const upload = new Upload(reader);
  try {
    await upload.read(incoming, boundary);
    return upload;
  } catch (error) {
    await upload.discard();
    if (reader.reading !== undefined) reader.reading.isCut = true;
    throw error instanceof MalformedForm ? malformed(error.message, error) : error;
  }
}

class Upload implements MultipartBody {
  readonly fields: FieldValues = new Map();
  readonly files = new Map<string, UploadedFile[]>();
  readonly #limits: LimitsConfig;
  readonly #refused: RefusedFields | undefined;
  readonly #largest: number;
  readonly #folder: TemporaryFolder;
  readonly #reading: BodyReading | undefined;
  /** undefined: the data of the part are dropped. */
  #part: FieldPart | FilePart | undefined;
  #parts = 0;
  #fields = 0;
  #named = 0;
  /** The bytes of all parts until now, without their heads. */
  #size = 0;

  constructor(reader: BodyReader) {
    this.#limits = reader.limits;
    this.#refused = reader.refused;
    this.#reading = reader.reading;
    this.#largest = largestUpload(reader);
    this.#folder = new TemporaryFolder(reader.folders);
  }

  async read(incoming: IncomingMessage, boundary: string): Promise<void> {
    const parser = new MultipartParser(boundary, {
      begin: (head) => this.#begin(head),
      data: (bytes) => this.#data(bytes),
      end: () => this.#end(),
    });
    let size = 0;
    await eachChunk(incoming, (chunk) => {
      size += chunk.length;
      const over = size - this.#largest;
      if (over > 0) {
        if (this.#reading !== undefined) parser.write(chunk.subarray(0, -over));
        throw new Problem('upload-too-large', { params: { limit: this.#limits.upload } });
      }
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
    const { fields, files, field_size, body } = this.#limits;
    refuseLongName(head.name, this.#limits);
    // An empty file input does not count as a file, but as a part, because parts need a limit, too.
    if (++this.#parts > fields + files) throw new Problem('too-many-fields', { params: { limit: fields } });
    if (head.filename !== undefined) this.#part = this.#file(head, head.filename);
    // A text that is too long is shown again, so all of it is read.
    else
      this.#part = new FieldPart(head, this.#refused === undefined ? field_size : Math.max(field_size, body));
  }

  #file(head: PartHead, filename: string): FilePart | undefined {
    const { files } = this.#limits;
    if (filename !== '' && this.#reading !== undefined) this.#reading.hasFiles = true;
    if (filename === '' || ++this.#named <= files)
      return new FilePart(head, plainName(filename), this.#folder);
    if (this.#refused === undefined) throw new Problem('too-many-files', { params: { limit: files } });
    this.#refused.add(head.name, 'files', files);
    return undefined;
  }

  #data(bytes: Buffer): void {
    const part = this.#part;
    this.#size += bytes.length;
    const { upload } = this.#limits;
    if (this.#refused === undefined || this.#size <= upload || !(part instanceof FilePart)) {
      part?.add(bytes);
      return;
    }
    this.#refused.add(part.head.name, 'upload', upload);
    // Ends the file on disk. It is removed with the folder.
    part.file();
    this.#part = undefined;
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
    const field = { name: part.head.name, value: part.value() };
    addField(this.fields, field, this.#limits, this.#refused);
    this.#reading?.fields.push([field.name, field.value]);
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
