// The Content-Type of forms: their kind, and their character encoding.

import { TextDecoder } from 'node:util';
import { Problem } from '../diagnostics/problem.ts';

/** Whether a Content-Type is that of an urlencoded form. */
export function isForm(type: string): boolean {
  return /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type);
}

/** Whether a Content-Type is that of a form with uploads. */
export function isMultipart(type: string): boolean {
  return /^multipart\/form-data\b/i.test(type);
}

/**
 * The decoder for the bytes of a form; undefined for UTF-8, the default.
 * @throws Problem `body-charset`
 */
export function charsetOf(type: string): TextDecoder | undefined {
  const charset = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]*))/i.exec(type)?.slice(1).find(Boolean);
  if (charset === undefined || /^utf-?8$/i.test(charset)) return undefined;
  try {
    const decoder = new TextDecoder(charset, { ignoreBOM: true });
    // In UTF-16 a byte of a character may look like the separators & and =.
    if (!decoder.encoding.startsWith('utf-16')) return decoder.encoding === 'utf-8' ? undefined : decoder;
  } catch {}
  throw new Problem('body-charset', { params: { charset: JSON.stringify(charset) } });
}
