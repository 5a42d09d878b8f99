// Values in comments of HTML, scripts and styles: nothing reads them, so only what can end no comment is printed.

import { plainText } from './text.ts';

/** Letters, digits and blanks of the value; the rest is dropped. */
export function escapeComment(value: unknown): string {
  return plainText(value).replace(/[^\p{L}\p{N} ]/gu, '');
}
