// The state machine compared with parse5 on random pieces of HTML: both must be in the same state, however the text is
// cut.

import test from 'ava';
import fc from 'fast-check';
import { type DefaultTreeAdapterMap, Parser } from 'parse5';
import { TEXT } from '../../engine/escaping/context.ts';
import type { TokenizerState } from '../../engine/escaping/context-facts.ts';
import { afterText } from '../../engine/escaping/transition.ts';
import { randomRuns } from '../random-runs.ts';

const RUNS = Number(process.env.HOSTILE_RUNS ?? randomRuns(3000));

/** One seed, so that a failure can be repeated; other seeds by hand. */
const SEED = Number(process.env.HOSTILE_SEED ?? 1);

const PIECES = [
  ...'<>/="\'!?-&; \n\t`',
  ...[
    'a',
    'p',
    'B',
    '1',
    'é',
    '--',
    '<!',
    '<!--',
    '-->',
    '--!>',
    '<!-',
    '<?',
    '</',
    '/>',
    ']]>',
    '<![CDATA[',
  ],
  ...[
    '<!doctype html>',
    '<!DOCTYPE "',
    '&amp;',
    '&lt',
    '&#60;',
    '&#x',
    '=""',
    "=''",
    ' class',
    ' id=',
    ' x="',
  ],
  ...[
    '<p>',
    '<p ',
    '</p>',
    '<b',
    '</b',
    '<br/>',
    '<A HREF=',
    'title="a>b"',
    "y='<'",
    ' z=<',
    '<textarea>',
    '</textarea>',
  ],
  ...[
    '<title>',
    '</title>',
    '</TITLE ',
    '<style>',
    '</style>',
    '<script>',
    '</script>',
    '</script ',
    '<script',
    '</SCRIPT',
  ],
  ...[
    '<xmp>',
    '</xmp>',
    '<iframe>',
    '</iframe>',
    '<noembed>',
    '</noembed>',
    '<svg>',
    '</svg>',
    '<math>',
    '</math>',
  ],
  ...[
    '<pre>',
    '<plaintext>',
    '<style/>',
    '<script type="text/plain">',
    '<noscript>',
    '</noscript>',
    '<template>',
  ],
];

/**
 * The states of parse5's tokenizer, by their numbers. Each row is the last state of a range that corresponds to one
 * of our states.
 */
const RANGES: readonly (readonly [from: number, state: TokenizerState | 'any'])[] = [
  [0, 'data'],
  [1, 'content'],
  [5, 'data'],
  [7, 'tag name'],
  [8, 'content'],
  [31, 'before attribute name'],
  [32, 'attribute name'],
  [33, 'after attribute name'],
  [34, 'before attribute value'],
  [35, 'attribute value'],
  [38, 'before attribute name'],
  [40, 'bogus comment'],
  // parse5 is in this state behind `<!`, too.
  [41, 'any'],
  [42, 'comment'],
  [52, 'bogus comment'],
  // parse5 waits for six characters here and may be further than its state says.
  [55, 'any'],
  [56, 'bogus comment'],
  [68, 'CDATA section'],
  [71, 'any'],
];

function standardState(html: string): TokenizerState | 'any' {
  const parser = new Parser<DefaultTreeAdapterMap>({ scriptingEnabled: false });
  parser.tokenizer.write(`<!doctype html><body>${html}`, false);
  const number: number = parser.tokenizer.state;
  return RANGES.findLast(([from]) => from <= number)?.[1] ?? 'any';
}

/** The state after scanning a text in pieces, as a page with code between them gives it. */
function ourState(pieces: readonly string[]): {
  state: TokenizerState;
  foreign: boolean;
  problem: string | undefined;
} {
  let context = TEXT;
  let problem: string | undefined;
  for (const piece of pieces) {
    const after = afterText(context, piece);
    context = after.context;
    problem ??= after.problem?.code;
  }
  return { state: context.state, foreign: context.foreign !== '', problem };
}

const html = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 14 });

test(`the state is that of the standard, in ${RUNS} shuffled texts, whole and in pieces`, (t) => {
  fc.assert(
    fc.property(html, (pieces) => {
      const whole = ourState([pieces.join('')]);
      const split = ourState(pieces);
      const expected = standardState(pieces.join(''));
      if (whole.problem !== undefined || split.problem !== undefined) return;
      if (expected === 'any') return;
      // Whether HTML stands inside svg does not matter: neither state allows a value, and both end at the same point.
      if (whole.state === 'CDATA section' && split.state === 'CDATA section' && expected === 'bogus comment')
        return;
      // In svg a title is an ordinary element; its content reads the same as text and as content.
      if (whole.foreign && whole.state === 'content' && split.state === 'content' && expected === 'data')
        return;
      if (whole.state !== expected || split.state !== expected) {
        throw new Error(
          `${JSON.stringify(pieces.join(''))}: ${whole.state}, ${split.state}, not ${expected}`,
        );
      }
    }),
    { numRuns: RUNS, seed: SEED, includeErrorInReport: true },
  );
  t.pass();
});
