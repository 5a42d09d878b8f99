// The bytes of a form's entries in its three encodings (HTML, 4.10.22.6 to 4.10.22.8; URL, 5.2).

import { randomBytes } from 'node:crypto';
import type { FormCharset } from './form-charset.ts';
import type { FormEntry } from './form-entries.ts';

/** A body with its Content-Type. */
export interface EncodedForm {
  readonly type: string;
  readonly body: Buffer;
}

/** The encodings that `enctype` names. */
export type FormEncoding = 'application/x-www-form-urlencoded' | 'multipart/form-data' | 'text/plain';

/** Bytes that stay as they are in an urlencoded form. */
const UNRESERVED = /[*\-.0-9A-Z_a-z]/;

/** The body of a form. */
export async function encodedForm(
  entries: readonly FormEntry[],
  encoding: FormEncoding,
  charset: FormCharset,
): Promise<EncodedForm> {
  if (encoding === 'multipart/form-data') return multipart(entries, charset);
  if (encoding === 'text/plain') {
    const lines = entries.map(([name, value]) => `${withCrlf(name)}=${withCrlf(textOfValue(value))}\r\n`);
    return { type: encoding, body: Buffer.from(charset.encode(lines.join(''))) };
  }
  return { type: encoding, body: Buffer.from(urlEncodedForm(entries, charset)) };
}

/** Entries as a query or an urlencoded body; of a file only its name is sent. */
export function urlEncodedForm(entries: readonly FormEntry[], charset: FormCharset): string {
  const percentEncoded = (text: string) => [...charset.encode(withCrlf(text))].map(percentByte).join('');
  return entries
    .map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(textOfValue(value))}`)
    .join('&');
}

function percentByte(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === ' ') return '+';
  return UNRESERVED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

async function multipart(entries: readonly FormEntry[], charset: FormCharset): Promise<EncodedForm> {
  const boundary = `----KarrigellFormBoundary${randomBytes(12).toString('hex')}`;
  const parts: Uint8Array[] = [];
  for (const [name, value] of entries) {
    const { head, body } = await partOf(name, value, charset);
    parts.push(Buffer.from(`--${boundary}\r\n`), charset.encode(head), body, Buffer.from('\r\n'));
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return { type: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(parts) };
}

async function partOf(name: string, value: string | File, charset: FormCharset) {
  const head = `Content-Disposition: form-data; name="${quotable(withCrlf(name))}"`;
  if (typeof value === 'string') return { head: `${head}\r\n\r\n`, body: charset.encode(withCrlf(value)) };
  const type = value.type === '' ? 'application/octet-stream' : value.type;
  return {
    head: `${head}; filename="${quotable(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`,
    body: new Uint8Array(await value.arrayBuffer()),
  };
}

/** A name as it stands between quotation marks in the head of a part. */
function quotable(name: string): string {
  return name.replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22');
}

function withCrlf(text: string): string {
  return text.replace(/\r\n?|\n/g, '\r\n');
}

function textOfValue(value: string | File): string {
  return typeof value === 'string' ? value : value.name;
}
