// What Content-Type says of a form: that it is one, and in which character encoding its bytes are.

import { TextDecoder } from 'node:util';
import { Problem } from '../diagnostics/problem.ts';

/** Whether a body is an urlencoded form. */
export function isForm(type: string): boolean {
  return /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type);
}

/** Whether a body is a form with uploads. */
export function isMultipart(type: string): boolean {
  return /^multipart\/form-data\b/i.test(type);
}

/**
 * The decoder for a form's bytes; undefined for UTF-8, which forms are in unless they say otherwise.
 * @throws Problem `body-charset`
 */
export function charsetOf(type: string): TextDecoder | undefined {
  const charset = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]*))/i.exec(type)?.slice(1).find(Boolean);
  if (charset === undefined || /^utf-?8$/i.test(charset)) return undefined;
  try {
    const decoder = new TextDecoder(charset, { ignoreBOM: true });
    // The two bytes of a UTF-16 character cannot be told from the form's own & and =.
    if (!decoder.encoding.startsWith('utf-16')) return decoder.encoding === 'utf-8' ? undefined : decoder;
  } catch {}
  throw new Problem('body-charset', { params: { charset: JSON.stringify(charset) } });
}
