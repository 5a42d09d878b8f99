// The body of a request that other middleware has read, such as express.urlencoded() and express.json() before a mounted site:
// the stream has ended, and its content is in `req.body`.

import { IncomingMessage } from 'node:http';
import type { UploadedFile } from '../runtime/page-types.ts';
import { addValue, type FieldValues, formFields } from './form-fields.ts';
import { charsetOf, isForm, isMultipart } from './form-type.ts';
import { type BodyReader, readMultipart } from './uploads.ts';

/** The contents of such a body. */
interface ParsedBody {
  readonly fields?: FieldValues;
  readonly files?: Map<string, UploadedFile[]>;
  readonly raw?: Uint8Array;
  dispose(): void;
}

/** Whether the body has been read to its end. */
export function isReadAlready(incoming: IncomingMessage): boolean {
  return incoming.readableDidRead && (incoming.readableEnded || incoming.destroyed);
}

/**
 * The form in `req.body`, which is an object, or text or bytes that are parsed here. For a body that is not a form, its bytes.
 * @throws (rejects with) Problem with status 400, 413 or 415
 */
export async function parsedBody(incoming: IncomingMessage, reader: BodyReader): Promise<ParsedBody> {
  const { limits, refused } = reader;
  const body: unknown = 'body' in incoming ? incoming.body : undefined;
  const type = incoming.headers['content-type'] ?? '';
  const raw = bytesIn(body);
  if (raw !== undefined) {
    if (isMultipart(type)) return readMultipart(unreadRequest(incoming, raw), reader);
    const fields = isForm(type) ? { fields: formFields(raw, charsetOf(type), limits, refused) } : {};
    return { ...fields, raw, dispose: keepsNothing };
  }
  if (typeof body !== 'object' || body === null) return { dispose: keepsNothing };
  if (isForm(type) || isMultipart(type)) return { fields: fieldsFrom(body), dispose: keepsNothing };
  return { raw: Buffer.from(JSON.stringify(body)), dispose: keepsNothing };
}

const keepsNothing = (): void => undefined;

function bytesIn(body: unknown): Buffer | undefined {
  if (typeof body === 'string') return Buffer.from(body);
  return body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : undefined;
}

/** The same request with an unread body. */
function unreadRequest(incoming: IncomingMessage, body: Buffer): IncomingMessage {
  const replay = new IncomingMessage(incoming.socket);
  replay.headers = incoming.headers;
  replay.complete = true;
  replay.push(body);
  replay.push(null);
  return replay;
}

/**
 * Parsers remove the brackets of `color[]`, so a list is stored under both names. The names of nested objects, as `a[b]`, are
 * restored.
 */
function fieldsFrom(body: object): FieldValues {
  const fields: FieldValues = new Map();
  for (const [name, value] of Object.entries(body)) addField(fields, name, value, DEEPEST);
  return fields;
}

const DEEPEST = 20;

function addField(fields: FieldValues, name: string, value: unknown, depth: number): void {
  if (typeof value === 'string') addValue(fields, name, value);
  if (depth === 0 || typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) addField(fields, `${name}[${key}]`, inner, depth - 1);
    return;
  }
  for (const [index, item] of value.entries()) {
    if (typeof item !== 'string') addField(fields, `${name}[${index}]`, item, depth - 1);
    else {
      addValue(fields, name, item);
      if (!name.endsWith('[]')) addValue(fields, `${name}[]`, item);
    }
  }
}
