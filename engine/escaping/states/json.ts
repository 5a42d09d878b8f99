// JSON, as far as its strings.

import { changed } from '../context.ts';
import type { LanguageStep } from './language.ts';

/** Goes over static JSON. */
export const json: LanguageStep = (context, text) => {
  let { mode, word } = context;
  for (const character of text) {
    if (mode === 'code') mode = character === '"' ? '"' : 'code';
    else if (word === '\\') word = '';
    else if (character === '\\') word = '\\';
    else if (character === '"') mode = 'code';
  }
  return changed(context, { mode, word });
};
