// The output of a value in each context. A row has a template (`V` is the value), the value, and the output.

import test from 'ava';
import { Html, safe } from '../../engine/escaping/trusted-text.ts';
import { withValue } from './rendered.ts';

type Row = readonly [template: string, value: unknown, printed: string];

const MARKUP = new Html('<b>x</b>');

const TEXT: readonly Row[] = [
  ['<p>V</p>', `a & b < c > d " '`, '<p>a &amp; b &lt; c &gt; d &#34; &#39;</p>'],
  ['<p>V</p>', MARKUP, '<p><b>x</b></p>'],
  ['<p>V</p>', [MARKUP, MARKUP], '<p><b>x</b><b>x</b></p>'],
  ['<p>V</p>', undefined, '<p></p>'],
  ['<p>V</p>', safe.url('<x>'), '<p>&lt;x&gt;</p>'],
  ['Q&V;', 'lt', 'Q&amp;lt;'],
  ['<textarea>V</textarea>', '\n<b>', '<textarea>\n\n&lt;b&gt;</textarea>'],
  ['<pre>V</pre>', '\nx', '<pre>\n\nx</pre>'],
  ['<title>V</title>', MARKUP, '<title>&lt;b&gt;x&lt;/b&gt;</title>'],
  ['<!-- V -->', 'a --> b!', '<!-- a  b -->'],
];

const ATTRIBUTES: readonly Row[] = [
  ['<p title="V">', `"'<>&`, '<p title="&#34;&#39;&lt;&gt;&amp;">'],
  ["<p title='V'>", `"'`, "<p title='&#34;&#39;'>"],
  ['<p title=V>', 'a b', '<p title="a b">'],
  ['<p title=V disabled>', '', '<p title="" disabled>'],
  ['<p title=a-V-b class=c>', 'x y', '<p title="a-x y-b" class=c>'],
  ['<p data-x=a=V=c>', 'x y', '<p data-x="a=x y=c">'],
  ['<input value=V/>', 1, '<input value="1/">'],
  ['<p title="V">', MARKUP, '<p title="&lt;b&gt;x&lt;/b&gt;">'],
  ['<p title="V">', safe.attribute('&eacute;"'), '<p title="&eacute;&#34;">'],
  ["<p data-x='V'>", '{"a":1}', "<p data-x='{&#34;a&#34;:1}'>"],
  ['<p title="V">', null, '<p title="">'],
  ['<p title="V">', false, '<p title="false">'],
];

const URLS: readonly Row[] = [
  ['<a href="V">', 'https://a.example/x y?a=1&b=2', '<a href="https://a.example/x%20y?a=1&amp;b=2">'],
  ['<a href="V">', 'javascript:alert(1)', '<a href="#blocked">'],
  ['<a href="V">', ' java\tscript:alert(1)', '<a href="#blocked">'],
  ['<a href="V">', 'MAILTO:a@b.example', '<a href="MAILTO:a@b.example">'],
  ['<a href="V">', '../x:y', '<a href="../x:y">'],
  ['<a href="V">', 'data:image/png;base64,AA==', '<a href="#blocked">'],
  ['<img src="V">', 'data:image/png;base64,AA==', '<img src="data:image/png;base64,AA==">'],
  ['<img src="V">', 'data:image/svg+xml,<svg>', '<img src="#blocked">'],
  ['<a href="V">', safe.url('app:open?a&b"'), '<a href="app:open?a&amp;b%22">'],
  ['<a href="V">', safe.js('javascript:x'), '<a href="#blocked">'],
  ['<a href="V">', new URL('https://a.example/?x=1&y'), '<a href="https://a.example/?x=1&amp;y">'],
  ['<a href="V">', undefined, '<a href="">'],
  ['<a href="/V">', '/evil.example', '<a href="/%2Fevil.example">'],
  ['<a href="/V">', '\\evil.example', '<a href="/%5Cevil.example">'],
  ['<a href="/p/V/x">', 'a/b c?d#e%', '<a href="/p/a/b%20c%3Fd%23e%25/x">'],
  [
    '<a href="?q=V&r=V#V">',
    "a&b='(é)",
    '<a href="?q=a%26b%3D%27%28%C3%A9%29&r=a%26b%3D%27%28%C3%A9%29#a%26b%3D%27%28%C3%A9%29">',
  ],
  ['<a href=/s?q=V>', 'a b&c=d', '<a href="/s?q=a%20b%26c%3Dd">'],
  ['<a href="?q=V">', '\ud800', '<a href="?q=%EF%BF%BD">'],
  ['<a href="mailto:V?subject=V">', 'a+b@c d', '<a href="mailto:a+b@c%20d?subject=a%2Bb%40c%20d">'],
  ['<a href="userV">', ':x', '<a href="user%3Ax">'],
  ['<img src="data:image/png;base64,V">', 'a+/="', '<img src="data:image/png;base64,a+/=%22">'],
  ['<img srcset="V">', 'a.png, javascript:b 2x,c.png 3x;', '<img srcset="a.png, #blocked 2x, c.png">'],
  ['<img srcset="V">', '/my photo.png', '<img srcset="/my%20photo.png">'],
  ['<img srcset="V">', '/my photo.png 2x, /a b 2.png', '<img srcset="/my%20photo.png 2x, /a%20b%202.png">'],
  ['<img srcset="V">', 'a.png 100w 50h, b.png 1x 2x', '<img srcset="a.png 100w 50h, b.png">'],
  ['<img srcset="V">', safe.url('data:x, y'), '<img srcset="data:x%2C%20y">'],
  ['<img srcset="/a.png, V Vx">', '2', '<img srcset="/a.png, 2 2x">'],
  ['<img srcset="/V.png 2x">', 'a, b', '<img srcset="/a%2C%20b.png 2x">'],
  [
    '<meta http-equiv=refresh content="0;url=V">',
    'javascript:x',
    '<meta http-equiv=refresh content="0;url=#blocked">',
  ],
];

const SCRIPTS: readonly Row[] = [
  ['<script>x = V</script>', '</script>\u2028', '<script>x = "\\u003c\\u002fscript\\u003e\\u2028"</script>'],
  ['<script>x = 1-V</script>', -1, '<script>x = 1- -1 </script>'],
  ['<script>x = V</script>', undefined, '<script>x =  undefined </script>'],
  ['<script>x = V</script>', Number.NaN, '<script>x =  NaN </script>'],
  ['<script>x = V</script>', 5n, '<script>x =  5n </script>'],
  [
    '<script>x = V</script>',
    { a: [1, null, undefined], 'b c': true },
    '<script>x = {"a":[1,null,undefined],"b c":true}</script>',
  ],
  ['<script>x = V</script>', JSON.parse('{"__proto__":1}'), '<script>x = {["__proto__"]:1}</script>'],
  ['<script>x = V</script>', new Date(0), '<script>x = "1970-01-01T00:00:00.000Z"</script>'],
  ['<script>x = V</script>', MARKUP, '<script>x = "\\u003cb\\u003ex\\u003c\\u002fb\\u003e"</script>'],
  ['<script>x = V</script>', safe.js('f(1)'), '<script>x = f(1)</script>'],
  ['<script>x = "V"</script>', `a'"\n`, '<script>x = "a\\u0027\\u0022\\u000a"</script>'],
  ['<script>x = `V`</script>', '${a}`', '<script>x = `\\u0024\\u007ba\\u007d\\u0060`</script>'],
  ['<script>// V\n</script>', 'a\nb()', '<script>// ab\n</script>'],
  ['<p onclick="f(V)">', `a"b`, '<p onclick="f(&#34;a\\u0022b&#34;)">'],
  ['<p onclick="f(&quot;V&quot;)">', `a"b`, '<p onclick="f(&quot;a\\u0022b&quot;)">'],
  ['<p x-data="{ n: V }">', 'a"}', '<p x-data="{ n: &#34;a\\u0022\\u007d&#34; }">'],
  ['<p x-data="{ n: \'V\' }">', "a'}", '<p x-data="{ n: \'a\\u0027\\u007d\' }">'],
  ['<p :class=V>', 'a b', '<p :class="&#34;a b&#34;">'],
  ['<p @click="f(V)">', { a: '@x(1)' }, '<p @click="f({&#34;a&#34;:&#34;\\u0040x(1)&#34;})">'],
  ['<p hx-vals=\'{"a": V}\'>', ['"'], '<p hx-vals=\'{"a": [&#34;\\u0022&#34;]}\'>'],
  ['<p hx-vals=\'{"a": "V"}\'>', `"'`, '<p hx-vals=\'{"a": "\\u0022\\u0027"}\'>'],
  ['<p hx-vals="js:{a: V}">', 5n, '<p hx-vals="js:{a:  5n }">'],
  ['<p hx-trigger="V">', 'click[x]', '<p hx-trigger="blocked">'],
  [
    '<script type="application/json">V</script>',
    { a: '</script>', b: undefined },
    '<script type="application/json">{"a":"\\u003c\\u002fscript\\u003e","b":null}</script>',
  ],
  [
    '<script type="application/json">"V"</script>',
    `"'`,
    '<script type="application/json">"\\u0022\\u0027"</script>',
  ],
  ['<script type="text/template">V</script>', '<b>', '<script type="text/template">&lt;b&gt;</script>'],
];

const STYLES: readonly Row[] = [
  ['<p style="color: V">', '#fff', '<p style="color: #fff">'],
  ['<p style="color: V">', 'red; b: c', '<p style="color: blocked">'],
  ['<p style="color: V">', 'expression', '<p style="color: blocked">'],
  ['<p style="width: Vpx">', 1.5, '<p style="width: 1.5px">'],
  ['<p style="V">', safe.css('a: "b"'), '<p style="a: &#34;b&#34;">'],
  ['<style>a { b: V }</style>', safe.css('calc(1px + 2em)'), '<style>a { b: calc(1px + 2em) }</style>'],
  ['<style>a { b: "V" }</style>', `a"</style>`, '<style>a { b: "a\\22 \\3c \\2f style\\3e " }</style>'],
  ['<style>a { b: url(V) }</style>', 'javascript:x', '<style>a { b: url(#blocked) }</style>'],
  ['<style>a { b: url("/V?V") }</style>', 'a)b"', '<style>a { b: url("/a%29b%22?a%29b%22") }</style>'],
  ['<style>/* V */</style>', '*/a', '<style>/* a */</style>'],
];

for (const [template, value, printed] of [...TEXT, ...ATTRIBUTES, ...URLS, ...SCRIPTS, ...STYLES]) {
  test(`${template} with ${typeof value === 'bigint' ? '5n' : JSON.stringify(value)}${String(value).slice(0, 20)}: ${printed}`, (t) => {
    t.is(withValue(template, value), printed);
  });
}
