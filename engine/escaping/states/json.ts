// JSON, as far as its strings.

import type { LanguageStep } from './language.ts';

/** Goes over static JSON. */
export const json: LanguageStep = (facts, text) => {
  let { mode, word } = facts;
  for (const character of text) {
    if (mode === 'code') mode = character === '"' ? '"' : 'code';
    else if (word === '\\') word = '';
    else if (character === '\\') word = '\\';
    else if (character === '"') mode = 'code';
  }
  facts.mode = mode;
  facts.word = word;
};
