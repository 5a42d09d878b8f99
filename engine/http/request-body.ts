// Reads the body of a request before the page runs: a form, uploads, or raw bytes (contract section 6). The limits are checked
// while the body arrives: a body that exceeds them is answered with 413, and its rest is not read.

import type { IncomingMessage } from 'node:http';
import type { LimitsConfig } from '../../config/schema.ts';
import { Problem } from '../diagnostics/problem.ts';
import type { UploadedFile } from '../runtime/page-types.ts';
import { ClientLeft } from './client-left.ts';
import { askForBody } from './expect-continue.ts';
import { type FieldValues, formFields } from './form-fields.ts';
import { charsetOf, isForm, isMultipart } from './form-type.ts';
import { isReadAlready, parsedBody } from './parsed-body.ts';
import type { UploadFolders } from './upload-folders.ts';
import { readMultipart } from './uploads.ts';

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
export async function readBody(
  incoming: IncomingMessage,
  limits: LimitsConfig,
  folders: UploadFolders,
): Promise<RequestBody> {
  if (isReadAlready(incoming)) return parsedBody(incoming, limits, folders);
  refuseEncoding(incoming);
  const type = incoming.headers['content-type'] ?? '';
  if (isMultipart(type)) {
    refuseDeclared(incoming, limits.upload, 'upload-too-large');
    askForBody(incoming);
    return readMultipart(incoming, limits, folders);
  }
  if (!isForm(type)) return { raw: await bytesOf(incoming, limits.body), dispose: keepsNothing };
  const charset = charsetOf(type);
  const raw = await bytesOf(incoming, limits.body);
  return { fields: formFields(raw, charset, limits), raw, dispose: keepsNothing };
}

function refuseEncoding(incoming: IncomingMessage): void {
  const encoding = incoming.headers['content-encoding'];
  if (encoding === undefined || encoding === '' || encoding.toLowerCase() === 'identity') return;
  throw new Problem('body-encoding', { params: { encoding } });
}

function refuseDeclared(
  incoming: IncomingMessage,
  limit: number,
  code: 'body-too-large' | 'upload-too-large',
): void {
  const declared = Number(incoming.headers['content-length'] ?? 0);
  if (declared > limit) throw new Problem(code, { params: { limit } });
}

function bytesOf(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  refuseDeclared(incoming, limit, 'body-too-large');
  askForBody(incoming);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else settle(() => reject(new Problem('body-too-large', { params: { limit } })));
    };
    const end = () => settle(() => resolve(Buffer.concat(chunks, size)));
    const leave = () => settle(() => reject(new ClientLeft()));
    const settle = (outcome: () => void) => {
      incoming.off('data', take).off('end', end).off('close', leave);
      // The listener for 'error' stays, because an aborted request emits it later, too.
      outcome();
    };
    incoming.on('data', take).on('end', end).on('close', leave).on('error', leave);
  });
}
