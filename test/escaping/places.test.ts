// The result of the state machine on static HTML: whether a value is allowed behind it, and its escaper.

import test from 'ava';
import { describeContext, TEXT } from '../../engine/escaping/context.ts';
import { escaperFor } from '../../engine/escaping/escaper-for.ts';
import { joinContexts } from '../../engine/escaping/join-contexts.ts';
import { afterText, atOutput } from '../../engine/escaping/transition.ts';

/** The escaper of a value behind this HTML, or the code of the refusal, or of the problem in the HTML. */
function placeBehind(html: string): string {
  const { context, problem } = afterText(TEXT, html);
  if (problem !== undefined) return problem.code;
  const escaper = escaperFor(atOutput(context));
  return typeof escaper === 'string' ? escaper : escaper.refused;
}

const PLACES: readonly (readonly [html: string, place: string])[] = [
  ['', 'text'],
  ['<p>', 'text'],
  ['a < b, ', 'text'],
  ['a <', 'output-starts-tag'],
  ['</', 'output-starts-tag'],
  ['<a', 'output-in-tag'],
  ['<a ', 'output-in-tag'],
  ['<a title', 'output-in-tag'],
  ['<a title="', 'attribute'],
  ["<a title='x > ", 'attribute'],
  ['<a title="x"', 'output-in-tag'],
  ['<a title=', 'attribute'],
  ['<!doctype ', 'output-in-declaration'],
  ['<svg><![CDATA[', 'output-in-declaration'],
  ['<svg><![CDATA[ a > b ]]>', 'cdata-unclear'],
  ['<script/>', 'self-closing-content'],
];

for (const [html, place] of PLACES) {
  test(`a value behind ${JSON.stringify(html)}: ${place}`, (t) => {
    t.is(placeBehind(html), place);
  });
}

test('branches that end at different places of a tag may not be followed by a name', (t) => {
  const plain = afterText(TEXT, '<p').context;
  const classed = afterText(plain, ' class="x"').context;
  const joined = joinContexts(plain, classed);
  t.truthy(joined);
  t.is(afterText(joined ?? TEXT, ' id="y">').context, TEXT);
  t.deepEqual(afterText(joined ?? TEXT, 're>').problem, { code: 'branches-in-tag', offset: 0 });
});

test('contexts have words', (t) => {
  t.is(describeContext(afterText(TEXT, '<a href="x"').context), 'inside the tag <a>');
});
