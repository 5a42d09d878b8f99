// The body of a request that other middleware has read already, such as express.urlencoded() and express.json() before a
// mounted site: the stream is at its end, and what was in it stands in `req.body`.

import type { IncomingMessage } from 'node:http';
import { addValue, type FieldValues } from './fields.ts';

/** Whether nothing can be read any more. */
export function isReadAlready(incoming: IncomingMessage): boolean {
  return incoming.readableDidRead && (incoming.readableEnded || incoming.destroyed);
}

/** The form that was parsed, or the bytes that a parser of another kind would have been given. */
export function parsedBody(incoming: IncomingMessage): { fields?: FieldValues; raw?: Uint8Array } {
  const body: unknown = 'body' in incoming ? incoming.body : undefined;
  if (typeof body === 'string') return { raw: Buffer.from(body) };
  if (body instanceof Uint8Array) return { raw: body };
  if (typeof body !== 'object' || body === null) return {};
  const isForm = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(
    incoming.headers['content-type'] ?? '',
  );
  return isForm ? { fields: fieldsFrom(body) } : { raw: Buffer.from(JSON.stringify(body)) };
}

/** Parsers take the brackets off `color[]`; a list is therefore given under both names. */
function fieldsFrom(body: object): FieldValues {
  const fields: FieldValues = new Map();
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === 'string') addValue(fields, name, value);
    if (!Array.isArray(value)) continue;
    for (const item of value.filter((candidate) => typeof candidate === 'string')) {
      addValue(fields, name, item);
      if (!name.endsWith('[]')) addValue(fields, `${name}[]`, item);
    }
  }
  return fields;
}
