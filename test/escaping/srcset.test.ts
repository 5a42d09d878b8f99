// srcset as browsers read it (WHATWG HTML, "parsing a srcset attribute"): a value is one URL of the list, or the whole
// list.

import test from 'ava';
import fc from 'fast-check';
import { printed } from '../site-fixture.ts';
import { HOSTILE } from './hostile.ts';
import { hostileText } from './hostile-text.ts';
import { withValue } from './rendered.ts';
import { elements, parsed } from './structure.ts';

interface Candidate {
  readonly url: string;
  readonly descriptors: readonly string[];
}

/** The splitting loop and the descriptor tokenizer of the standard. */
function candidatesOf(input: string): Candidate[] {
  const candidates: Candidate[] = [];
  let at = 0;
  for (;;) {
    while (/[\t\n\f\r ,]/.test(input.charAt(at))) at++;
    if (at >= input.length) return candidates;
    const start = at;
    while (at < input.length && !/[\t\n\f\r ]/.test(input.charAt(at))) at++;
    const url = input.slice(start, at);
    if (url.endsWith(',')) {
      candidates.push({ url: url.replace(/,+$/, ''), descriptors: [] });
      continue;
    }
    const descriptors = [''];
    let isInParentheses = false;
    for (; at < input.length && (isInParentheses || input.charAt(at) !== ','); at++) {
      const character = input.charAt(at);
      if (!isInParentheses && /[\t\n\f\r ]/.test(character)) descriptors.push('');
      else descriptors.push((descriptors.pop() ?? '') + character);
      isInParentheses = isInParentheses ? character !== ')' : character === '(';
    }
    candidates.push({ url, descriptors: descriptors.filter((word) => word !== '') });
  }
}

function srcsetOf(template: string, value: unknown): Candidate[] {
  const [image] = elements(parsed(withValue(template, value), true)).filter(
    ({ tagName }) => tagName === 'img',
  );
  const srcset = image?.attrs.find(({ name }) => name === 'srcset')?.value ?? '';
  return candidatesOf(srcset);
}

function isHarmless(url: string): boolean {
  const base = 'https://a.example/';
  return !URL.canParse(url, base) || /^(?:https?|mailto|tel|sms):$/.test(new URL(url, base).protocol);
}

/** A value without characters leaves no URL. */
const values = fc
  .oneof(
    fc.constantFrom(...HOSTILE),
    hostileText,
    fc.string({ unit: fc.constantFrom(...'a, 2x()\t\n/.?#w') }),
  )
  .filter((value) => value.replace(/[\0-\x20]/g, '') !== '');

const ONE_URL = [
  '<img srcset="V 1x">',
  '<img srcset="V, /b.png 2x">',
  '<img srcset="V 1x, V 2x">',
  '<img srcset="/a.png 1x, V 2x">',
  '<img srcset="VV 1x,V">',
  '<img srcset="/p/V.png 1x, /V/V 2x, ?q=V 3x">',
  "<img srcset=' V 100w, a/V 200w'>",
  '<img srcset="\nV 1x,\nV 2x">',
  '<img srcset="https://a.example/V?q=V#V 1x">',
];

test('any value is one URL of a srcset', (t) => {
  fc.assert(
    fc.property(fc.constantFrom(...ONE_URL), values, (template, value) => {
      const shape = (candidates: readonly Candidate[]) => candidates.map(({ descriptors }) => descriptors);
      const found = srcsetOf(template, value);
      t.deepEqual(shape(found), shape(srcsetOf(template, 'x')), `${template} ${JSON.stringify(value)}`);
      for (const { url } of found) t.true(isHarmless(url), url);
    }),
    { seed: 1, numRuns: 3000 },
  );
});

test('a blank is kept wherever a value stands', (t) => {
  const name = 'my photo.png';
  const [first, second] = srcsetOf('<img srcset="V 1x, V 2x">', `/${name}`);
  t.like(first, { url: '/my%20photo.png', descriptors: ['1x'] });
  t.like(second, { url: '/my%20photo.png', descriptors: ['2x'] });
  t.deepEqual(srcsetOf('<img srcset="V">', name), [{ url: 'my%20photo.png', descriptors: [] }]);
  t.deepEqual(srcsetOf('<img srcset=V>', name), [{ url: 'my%20photo.png', descriptors: [] }]);
});

test('a value that is all of a srcset is a list of harmless URLs with one size each', (t) => {
  fc.assert(
    fc.property(values, (value) => {
      for (const { url, descriptors } of srcsetOf('<img srcset="V">', value)) {
        t.true(isHarmless(url), url);
        t.regex(descriptors.join(' '), /^(?:[\d.]+[wxh]|\d+w \d+h|\d+h \d+w|)$/);
      }
    }),
    { seed: 1, numRuns: 2000 },
  );
  t.is(srcsetOf('<img srcset="V">', 'a.png 1x, b.png 2x, c.png').length, 3);
});

const IN_PAGES: readonly (readonly [page: string, output: string])[] = [
  [`<img srcset="<%= '/a b' %> 2x">`, '<img srcset="/a%20b 2x">'],
  [`<img srcset="<%= '/a b 1x, /c' %>">`, '<img srcset="/a%20b 1x, /c">'],
  [`<img srcset=<%= '/a 1x, /c' %> alt="">`, '<img srcset="/a 1x, /c" alt="">'],
  [`<img srcset="<%= '/a 1x' %><%# one URL %>">`, '<img srcset="/a%201x">'],
  [
    `<img srcset="<% for (const n of [1, 2]) { %><%= '/a b' %> <%= n %>x, <% } %>">`,
    '<img srcset="/a%20b 1x, /a%20b 2x, ">',
  ],
  [
    '<% const u = "/a b" %><%= html`<img srcset="${u} 2x"><img srcset="${u}">` %>',
    '<img srcset="/a%20b 2x"><img srcset="/a%20b">',
  ],
];

for (const [page, output] of IN_PAGES) {
  test(`${page} prints ${output}`, async (t) => {
    t.is(await printed(t, page), output);
  });
}
