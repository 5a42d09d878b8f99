// The quick look at tags that spares most documents a tree of parse5, compared with that tree: random documents in which it sees no
// repair have none.

import test from 'ava';
import { outlinedPage, outlineInput } from '../../engine/compiler/outline/outlined-source.ts';
import { sampleDocument } from '../../engine/compiler/outline/sample-document.ts';
import { parsePage } from '../../engine/compiler/parsed-page.ts';
import { parsedRepairs } from '../../engine/pages/site-map/document-repairs.ts';
import { isPlainMarkup } from '../../engine/pages/site-map/plain-markup.ts';
import { randomChoices } from './random-choices.ts';

const PAGE = outlinedPage(outlineInput(parsePage('', 'printed.pih')));
const ROUNDS = 2000;

/** Elements with the children that they may well have; the others may stand anywhere. */
const CONTENT: Readonly<Record<string, readonly string[]>> = {
  table: ['thead', 'tbody', 'tfoot', 'tr', 'caption'],
  thead: ['tr'],
  tbody: ['tr'],
  tr: ['td', 'th'],
  ul: ['li'],
  ol: ['li'],
  dl: ['dt', 'dd'],
  select: ['option', 'optgroup'],
  optgroup: ['option'],
  datalist: ['option'],
};
const NAMES =
  'a abbr address area article aside audio b base big blockquote br button canvas caption code col dd details div dl dt em embed fieldset figure font footer form h1 h2 h3 head header hr html i iframe img input ins label legend li link main map meta nav noscript ol optgroup option p param pre rt ruby s script section select small source span strong style sub summary svg table tbody td template textarea th time title tr tt u ul video wbr x-y'.split(
    ' ',
  );
/** Elements of most pages, so that large documents are plain too. */
const COMMON =
  'a abbr article audio b blockquote br button canvas code datalist details div dl em fieldset figure footer form h1 h2 header hr i img input label legend link main map meta nav ol p pre s script section select small source span strong style sub summary table textarea time title u ul video'.split(
    ' ',
  );
const VOID = new Set('area base br col embed hr img input link meta param source wbr'.split(' '));
const OWN_TEXT = new Set(['script', 'style', 'textarea', 'title', 'iframe']);

type RandomChoices = ReturnType<typeof randomChoices>;

function markup(choices: RandomChoices, names: readonly string[], parent: string, depth: number): string {
  const { pick, chance } = choices;
  let text = '';
  while (chance(0.62)) {
    if (chance(0.3)) text += pick(['word ', ' ', '\n', '<!-- note -->', '&amp;']);
    const allowed = CONTENT[parent];
    const name = pick(allowed !== undefined && chance(0.95) ? allowed : names);
    const attributes = chance(0.2) ? pick([' class="x"', ' hidden', ' /', ' type="hidden"']) : '';
    const inner = OWN_TEXT.has(name)
      ? pick(['', 'own text'])
      : depth > 5
        ? 'x'
        : markup(choices, names, name, depth + 1);
    text += `<${name}${attributes}>`;
    if (VOID.has(name)) continue;
    text += inner;
    if (chance(0.985)) text += `</${name}>`;
    if (chance(0.01)) text += `</${pick(NAMES)}>`;
  }
  return text;
}

function randomDocument(choices: RandomChoices): string {
  const { pick, chance } = choices;
  const names = chance(0.5) ? NAMES : COMMON;
  const body = markup(choices, names, '', 0);
  if (chance(0.6)) return body;
  const blank = () => (chance(0.9) ? '\n' : pick(['x', '<p>', '<!-- -->']));
  const head = chance(0.8)
    ? `<meta charset="utf-8">${blank()}<title>Title</title>`
    : markup(choices, names, 'head', 4);
  return `${pick(['<!doctype html>', '', 'x'])}${blank()}<html>${blank()}<head>${blank()}${head}</head>${blank()}<body>${body}</body>${blank()}</html>${chance(0.1) ? body : ''}`;
}

test('a document that seems to need no repair has none', (t) => {
  let plain = 0;
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const html = randomDocument(randomChoices(seed));
    const isWhole = /<(?:!doctype|html|head|body)\b/i.test(html);
    const document = sampleDocument([{ kind: 'text', text: html, page: PAGE, start: 0, shifts: [] }]);
    if (!isPlainMarkup(document, isWhole)) continue;
    if (html.includes('<')) plain++;
    t.deepEqual(parsedRepairs(document, isWhole), [], html);
  }
  t.true(plain > ROUNDS / 20, `${plain} of ${ROUNDS} documents need no tree`);
});
