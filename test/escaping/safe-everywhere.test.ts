// `safe` in every kind of context: a text is trusted in its own kind only and escaped in all others.

import test from 'ava';
import { Html, safe } from '../../engine/escaping/trusted-text.ts';
import { withValue } from './rendered.ts';

const TEXT = `a"b'<i>&amp;javascript:x(1)`;

type Kind = 'url' | 'css' | 'js' | 'attribute';
const KINDS: readonly Kind[] = ['url', 'css', 'js', 'attribute'];

/** A context, and the kind that is trusted in it. */
const PLACES: readonly (readonly [template: string, trusted: Kind | undefined])[] = [
  ['<p>V</p>', undefined],
  ['<textarea>V</textarea>', undefined],
  ['<title>V</title>', undefined],
  ['<!-- V -->', undefined],
  ['<p title="V">', 'attribute'],
  ['<p title=V>', 'attribute'],
  ['<a href="V">', 'url'],
  ['<img src="V">', 'url'],
  ['<video poster="V">', 'url'],
  ['<a href="/V">', undefined],
  ['<a href="/a/V">', undefined],
  ['<a href="?q=V">', undefined],
  ['<a href="mailto:V">', undefined],
  ['<img src="data:image/png;base64,V">', undefined],
  ['<img srcset="V">', 'url'],
  ['<img srcset="/a 1x, V 2x">', 'url'],
  ['<img srcset="/a/V 2x">', undefined],
  ['<img srcset="/a Vx">', undefined],
  ['<meta http-equiv=refresh content="5;url=V">', 'url'],
  ['<p style="color: V">', 'css'],
  ['<style>a { b: V }</style>', 'css'],
  ['<p style="b: \'V\'">', undefined],
  ['<style>a { b: "V" }</style>', undefined],
  ['<style>a { b: url(V) }</style>', 'url'],
  ['<style>a { b: url(/V?V) }</style>', undefined],
  ['<style>/* V */</style>', undefined],
  ['<script>x = V</script>', 'js'],
  ['<script>x = "V"</script>', undefined],
  ['<script>x = `V`</script>', undefined],
  ['<script>// V\n</script>', undefined],
  ['<p onclick="f(V)">', 'js'],
  ['<p onclick="f(\'V\')">', undefined],
  ['<p x-data="{ n: V }">', 'js'],
  ['<p x-data="{ n: \'V\' }">', undefined],
  ['<p hx-vals=\'{"a": V}\'>', undefined],
  ['<p hx-vals=\'{"a": "V"}\'>', undefined],
  ['<p hx-trigger="V">', undefined],
  ['<script type="application/json">{"a": V}</script>', undefined],
  ['<script type="application/json">{"a": "V"}</script>', undefined],
  ['<script type="text/template">V</script>', undefined],
];

for (const [template, trusted] of PLACES) {
  test(`${template} trusts ${trusted ?? 'no text of safe'}`, (t) => {
    const plain = withValue(template, TEXT);
    for (const kind of KINDS) {
      const printed = withValue(template, safe[kind](TEXT));
      if (kind === trusted) t.not(printed, plain, kind);
      else t.is(printed, plain, kind);
    }
  });
}

test('inside arrays and objects of a script as well', (t) => {
  for (const template of [
    '<script>x = V</script>',
    '<p onclick="f(V)">',
    '<script type="application/json">V</script>',
  ]) {
    for (const kind of KINDS) {
      if (kind === 'js' && !template.includes('json')) continue;
      t.is(withValue(template, [{ a: safe[kind](TEXT) }]), withValue(template, [{ a: TEXT }]));
    }
    t.is(withValue(template, [new Html(TEXT)]), withValue(template, [TEXT]));
  }
  t.is(withValue('<script>f(V)</script>', [safe.js('g()')]), '<script>f([g()])</script>');
});
