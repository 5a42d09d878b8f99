// Reads the body of a request before the page runs: a form, uploads, or raw bytes (docs/configuration.md). The limits are checked
// while the body arrives: a body that exceeds them is answered with 413, and its rest is not read.

import type { IncomingMessage } from 'node:http';
import { Problem } from '../diagnostics/problem.ts';
import type { UploadedFile } from '../runtime/page-types.ts';
import { ClientLeft } from './client-left.ts';
import { askForBody } from './expect-continue.ts';
import { type FieldValues, formFields } from './form-fields.ts';
import { charsetOf, isForm, isMultipart } from './form-type.ts';
import { isReadAlready, parsedBody } from './parsed-body.ts';
import type { BodyReading } from './send-again/body-reading.ts';
import { type BodyReader, largestUpload, readMultipart } from './uploads.ts';

/** The contents of a body. */
export interface RequestBody {
  readonly fields?: FieldValues;
  readonly files?: Map<string, UploadedFile[]>;
  /** The bytes, also those of a form, because webhooks sign them. Undefined for multipart bodies. */
  readonly raw?: Uint8Array;
  /** Removes the files of uploads. */
  dispose(): void;
}

const keepsNothing = (): void => undefined;

/** Whether a request carries a body. */
export function hasBody(incoming: IncomingMessage): boolean {
  const { headers } = incoming;
  if (headers['transfer-encoding'] !== undefined) return true;
  const length = headers['content-length'];
  return length !== undefined && length !== '0';
}

/**
 * Reads a body.
 * @throws (rejects with) Problem with status 400, 413 or 415; ClientLeft
 */
export async function readBody(incoming: IncomingMessage, reader: BodyReader): Promise<RequestBody> {
  if (isReadAlready(incoming)) return parsedBody(incoming, reader);
  const { limits, refused, reading } = reader;
  refuseEncoding(incoming);
  const type = incoming.headers['content-type'] ?? '';
  if (isMultipart(type)) {
    if (refusesEarly(incoming, reading)) refuseDeclared(incoming, largestUpload(reader), 'upload-too-large');
    askForBody(incoming);
    return readMultipart(incoming, reader);
  }
  if (!isForm(type)) return { raw: await bytesOf(incoming, limits.body), dispose: keepsNothing };
  const charset = charsetOf(type);
  const raw = await bytesOf(incoming, limits.body, reading);
  return { fields: formFields(raw, charset, limits, refused), raw, dispose: keepsNothing };
}

function refuseEncoding(incoming: IncomingMessage): void {
  const encoding = incoming.headers['content-encoding'];
  if (encoding === undefined || encoding === '' || encoding.toLowerCase() === 'identity') return;
  throw new Problem('body-encoding', { params: { encoding } });
}

/** Whether a body is refused by its declared length. A client that asks first, with Expect, is told before it sends any byte. */
function refusesEarly(incoming: IncomingMessage, reading: BodyReading | undefined): boolean {
  return reading === undefined || incoming.headers.expect !== undefined;
}

function refuseDeclared(
  incoming: IncomingMessage,
  limit: number,
  code: 'body-too-large' | 'upload-too-large',
): void {
  const declared = Number(incoming.headers['content-length'] ?? 0);
  if (declared > limit) throw new Problem(code, { params: { limit } });
}

function bytesOf(incoming: IncomingMessage, limit: number, reading?: BodyReading): Promise<Buffer> {
  if (refusesEarly(incoming, reading)) refuseDeclared(incoming, limit, 'body-too-large');
  askForBody(incoming);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else settle(() => reject(refused(chunk)));
    };
    const refused = (last: Buffer) => {
      if (reading !== undefined)
        [reading.raw, reading.isCut] = [Buffer.concat([...chunks, last], limit), true];
      return new Problem('body-too-large', { params: { limit } });
    };
    const end = () => settle(() => resolve(read()));
    const read = () => {
      const bytes = Buffer.concat(chunks, size);
      if (reading !== undefined) reading.raw = bytes;
      return bytes;
    };
    const leave = () => settle(() => reject(new ClientLeft()));
    const settle = (outcome: () => void) => {
      incoming.off('data', take).off('end', end).off('close', leave);
      // The listener for 'error' stays, because an aborted request emits it later, too.
      outcome();
    };
    incoming.on('data', take).on('end', end).on('close', leave).on('error', leave);
  });
}
