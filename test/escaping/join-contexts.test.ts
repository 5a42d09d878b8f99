// The join of two contexts. `A | B` are the texts of two branches behind a common start; the text behind them is read
// in the joined context.

import test from 'ava';
import { TEXT } from '../../engine/escaping/context.ts';
import { escaperFor } from '../../engine/escaping/escaper-for.ts';
import { joinContexts } from '../../engine/escaping/join-contexts.ts';
import { afterOutput, afterText, atOutput } from '../../engine/escaping/transition.ts';

/** The output of a value behind `start`, one of two branches and `end`; `apart` if the branches have no join. */
function behind(start: string, branches: readonly [string, string], end: string): string {
  const before = read(TEXT, start);
  const joined = joinContexts(read(before, branches[0]), read(before, branches[1]));
  const reversed = joinContexts(read(before, branches[1]), read(before, branches[0]));
  if (joined !== reversed) return 'differs by order';
  if (joined === undefined) return 'apart';
  const { context, problem } = afterText(joined, end);
  if (problem !== undefined) return problem.code;
  const escaper = escaperFor(atOutput(context));
  return typeof escaper === 'string' ? escaper : escaper.refused;
}

/** `V` is a value. */
function read(from: typeof TEXT, html: string): typeof TEXT {
  const [first = '', ...more] = html.split('V');
  return more.reduce(
    (context, text) => afterText(afterOutput(context), text).context,
    afterText(from, first).context,
  );
}

type Row = readonly [start: string, branches: readonly [string, string], end: string, place: string];

const JOINED: readonly Row[] = [
  ['<p', [' class="x"', ''], '>', 'text'],
  ['<p', [' class="x"', ''], ' id="', 'attribute'],
  ['<option ', ['selected', ''], '>', 'text'],
  ['<p ', ['class="x" ', ''], 'title="', 'attribute'],
  ['<p', [' class=V', ''], '>', 'apart'],
  ['<p>Q &', ['D', ''], '', 'text'],
  ['<pre>', ['a', ''], '', 'text'],
  ['<a href="', ['/', ''], '', 'apart'],
  ['<a href="', ['/x/y', ''], '', 'url'],
  ['<a href="', ['V', ''], '', 'url'],
  ['<a href="', ['V', '/x/'], '', 'url'],
  ['<a href="/s', ['?q=', '/'], '', 'urlComponent'],
  ['<a href="', ['/s?q=', ''], '', 'urlComponent'],
  ['<a href="/s?a=1', ['&', ''], '', 'urlComponent'],
  ['<a href="', ['/s/', '/t/'], '', 'urlPath'],
  ['<a href="/', ['s/', ''], '', 'urlSlash'],
  ['<img srcset="', ['a.png 1x, ', ''], '', 'srcsetUrl'],
  ['<style>a { color: ', ['red', 'blue'], ';b:', 'cssValue'],
  ['<script>var a = [', ['V, ', ''], '', 'jsValue'],
  ['<script>', ['f(1)', 'g = {}'], '; x = ', 'jsValue'],
  ['<script>', ['if (a) {', ''], '\nx = ', 'jsValue'],
  ['<script>"', ['a', 'b'], '', 'jsString'],
  ['<script>x = ', ['a', '('], ' "', 'jsString'],
  ['<!-- ', ['a', 'b -'], ' ', 'comment'],
  ['<!-- ', ['a', 'b -'], '->', 'comment-around-output'],
  ['<!--', ['a', ''], '', 'comment'],
  ['<script', [' type="module"', ''], '>', 'jsValue'],
  ['<svg>', ['</svg>', ''], '<style>a{b:', 'cssValue'],
];

const REFUSED: readonly Row[] = [
  ['<p', [' class="x"', ''], 're>', 'branches-in-tag'],
  ['<p', [' class="x"', ''], '="', 'branches-in-tag'],
  ['<script', [' type="module"', ''], ' type="text/plain">', 'script-type-branches'],
  ['<script>x = ', ['a', '('], ' / ', 'output-in-unclear-script'],
  ['<a href="', ['java', '?'], 'script:', 'scheme-from-data'],
  ['<a href="', ['?', ''], 'javascript:', 'scheme-from-data'],
  ['<svg>', ['</svg>', ''], '<style>a>b<', 'foreign-content'],
  ['', ['<textarea>', ''], '', 'apart'],
  ['<p title=', ['"', "'"], '', 'apart'],
  ['<p ', ['title="', 'alt="'], '', 'apart'],
  ['<script>', ['"', ''], '', 'apart'],
  ['', ['<!--', ''], '', 'apart'],
  ['<a href="', ['javascript:', ''], '', 'apart'],
  ['<script>`', ['${', ''], '', 'apart'],
];

for (const [start, branches, end, place] of [...JOINED, ...REFUSED]) {
  test(`${start} { ${branches.join(' | ')} } ${end}: ${place}`, (t) => {
    t.is(behind(start, branches, end), place);
  });
}
