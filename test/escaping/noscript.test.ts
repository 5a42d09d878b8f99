// `<noscript>` is text up to its end tag with scripts, and markup without. Random pages are refused, or no value
// changes either reading.

import test from 'ava';
import fc from 'fast-check';
import { TEXT } from '../../engine/escaping/context.ts';
import { afterOutput, afterText, mayEndHere } from '../../engine/escaping/transition.ts';
import { randomRuns } from '../random-runs.ts';
import { difference } from './difference.ts';
import { hostileText } from './hostile-text.ts';
import { refusal } from './rendered.ts';

const PIECES = [
  ...[
    'V',
    'V',
    'V',
    ' ',
    '>',
    '"',
    "'",
    '<',
    '</',
    '-->',
    '</noscript',
    '</noscript>',
    '</noscript ',
    'noscript>',
  ],
  ...[
    '<noscript>',
    '<NOSCRIPT>',
    '</NoScript\n>',
    '<!-- ',
    '<p title="',
    "<p title='",
    '<b',
    ' id="',
    '</b>',
    '<a href="',
  ],
  ...[
    '<style>',
    '</style>',
    '<textarea>',
    '</textarea>',
    '<title>',
    '</title>',
    '<script>',
    '</script>',
    '/* ',
    ' */',
  ],
  ...['<svg>', '</svg>', '<?', '<!x ', '<template>', '</template>', 'text'],
];

const page = fc
  .array(fc.constantFrom(...PIECES), { minLength: 2, maxLength: 12 })
  .map((pieces) => `<noscript>${pieces.join('')}V`);

/** Whether the page ends in element text, as it must. */
function isPage(template: string): boolean {
  const [first = '', ...rest] = template.split('V');
  const start = afterText(TEXT, first).context;
  return mayEndHere(rest.reduce((context, text) => afterText(afterOutput(context), text).context, start));
}

test('both readings of noscript give the same for any value, or the page is refused', (t) => {
  let passed = 0;
  fc.assert(
    fc.property(
      page,
      fc.oneof(hostileText, fc.constantFrom('/noscript x', 'noscript ', 'script>')),
      (template, value) => {
        if (!isPage(template) || /^[a-z-]+$/.test(refusal(template))) return;
        passed++;
        const found = difference(template, value);
        if (found !== undefined) throw new Error(found);
      },
    ),
    { seed: 1, numRuns: randomRuns(6000), includeErrorInReport: true },
  );
  t.true(passed > randomRuns(600), String(passed));
});
