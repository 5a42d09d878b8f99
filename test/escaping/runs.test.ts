// The scanner skips runs of characters. Character by character it skips none, and must end in the same context.

import test from 'ava';
import fc from 'fast-check';
import { TEXT } from '../../engine/escaping/context.ts';
import { afterText } from '../../engine/escaping/transition.ts';
import { randomRuns } from '../random-runs.ts';

const OPENINGS = [
  '<script>',
  '<style>',
  '<a onclick="',
  '<a style="',
  '<a href="',
  '<img srcset="',
  "<p hx-vals='",
];

const PIECES = [
  ...'"\'`\\/*()[]{}$;:,.#@!?=+-_ \t\n\r\f\v\u00a0\u2028\ufeffaZ0é',
  ...[
    '//',
    '/*',
    '*/',
    '${',
    'url(',
    'return ',
    'if (x) ',
    'some words ',
    'data:',
    'https://a.b/',
    ' 2x, ',
    'js:',
  ],
];

const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join(''));

for (const opening of OPENINGS)
  test(`a text behind ${opening} is scanned as its characters are`, (t) => {
    const start = afterText(TEXT, opening).context;
    fc.assert(
      fc.property(text, (whole) => {
        let context = start;
        for (let at = 0; at < whole.length; at++) context = afterText(context, whole.charAt(at)).context;
        t.is(afterText(start, whole).context, context, JSON.stringify(whole));
      }),
      { seed: 1, numRuns: randomRuns(3000) },
    );
  });
