// Bytes of a form as text, in the encoding in which the form was sent (Encoding, 4).

import type { TextDecoder } from 'node:util';

/**
 * All bytes of a text, decoded. The decoder is called twice, because Node 20 takes windows-1252 for Latin-1, which has no euro
 * sign, if it is called once without `stream`.
 */
export function decodedText(bytes: Uint8Array, decoder: TextDecoder): string {
  return decoder.decode(bytes, { stream: true }) + decoder.decode();
}
