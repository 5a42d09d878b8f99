// The kinds of text that the shop's forms take.

import * as v from 'valibot';

/** Any text; a field that was not sent is empty. */
export const text = v.pipe(v.optional(v.string(), ''), v.normalize());

/** One line, without spaces around or doubled inside. */
export const line = v.pipe(
  text,
  v.transform((typed) => typed.replace(/\s+/g, ' ')),
  v.trim(),
);
