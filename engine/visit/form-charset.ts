// The character encoding in which a form is sent: UTF-8, unless `accept-charset` names another one (HTML, 4.10.22.5, "picking
// an encoding for the form"; Encoding, 4.3).

import { TextDecoder } from 'node:util';
import type { Element } from 'domhandler';
import { Problem } from '../diagnostics/problem.ts';
import { decodedText } from '../forms/decoded-text.ts';

/** An encoding with its name as it is sent in `_charset_`. */
export interface FormCharset {
  readonly name: string;
  /** The bytes of a text. A character that the encoding lacks becomes a numeric reference, as browsers send it. */
  encode(text: string): Uint8Array;
}

const UTF_8: FormCharset = { name: 'UTF-8', encode: (text) => Buffer.from(text) };

/**
 * The encoding of a form.
 * @throws Problem `visit-charset` for an encoding of several bytes a character other than UTF-8
 */
export function formCharset(form: Element): FormCharset {
  const labels = form.attribs['accept-charset']?.split(/[\t\n\f\r ,]+/) ?? [];
  const encoding = labels.map(encodingOf).find((name) => name !== undefined) ?? 'utf-8';
  if (encoding === 'utf-8' || encoding.startsWith('utf-16')) return UTF_8;
  const bytes = singleBytes(encoding);
  return {
    name: encoding,
    encode: (text) => Buffer.from([...text].flatMap((letter) => bytesOf(letter, bytes))),
  };
}

function encodingOf(label: string): string | undefined {
  try {
    return label === '' ? undefined : new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** The byte of each character; a byte that decodes to nothing of its own shows an encoding of several bytes. */
function singleBytes(encoding: string): ReadonlyMap<string, number> {
  const decoder = new TextDecoder(encoding);
  const bytes = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) bytes.set(decodedText(Uint8Array.of(byte), decoder), byte);
  if (bytes.size < 200) throw new Problem('visit-charset', { params: { charset: encoding } });
  return bytes;
}

function bytesOf(letter: string, bytes: ReadonlyMap<string, number>): number[] {
  const byte = bytes.get(letter);
  return byte === undefined ? [...Buffer.from(`&#${letter.codePointAt(0)};`)] : [byte];
}
