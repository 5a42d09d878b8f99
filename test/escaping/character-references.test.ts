// Character references in attributes are decoded as a parser decodes them, if their names stand for ASCII.

import test from 'ava';
import fc from 'fast-check';
import { decodeReferences } from '../../engine/escaping/states/character-references.ts';
import { randomRuns } from '../random-runs.ts';
import { elements, parsed } from './structure.ts';

const PIECES = [
  '&',
  '#',
  '#x',
  ';',
  '=',
  ' ',
  'a',
  'x',
  '3',
  '58',
  '6A',
  '0',
  'd800',
  '110000',
  'amp',
  'lt',
  'quot',
  'colon;',
];
const NAMES = [
  '&Tab;',
  '&colon;',
  '&lpar;',
  '&apos;',
  '&bsol;',
  '&sol;',
  '&nvlt;',
  '&fjlig;',
  '&NewLine;',
  '&lt',
  '&AMP',
  '&GT;',
];

test('as the standard says', (t) => {
  const source = fc
    .array(fc.constantFrom(...PIECES, ...NAMES), { maxLength: 8 })
    .map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(source, (value) => {
      const attribute = elements(parsed(`<p title="${value}">`, true)).find(
        (element) => element.tagName === 'p',
      )?.attrs[0];
      const { text, offsets } = decodeReferences(value);
      // A name that is not in the table counts as a letter, whether it is a reference or not.
      if (!text.includes('\uFFFD')) t.is<string | undefined, string | undefined>(text, attribute?.value);
      if (offsets !== undefined) t.is(offsets.length, text.length);
    }),
    { seed: 1, numRuns: randomRuns(3000) },
  );
});
