// Contexts in which no value can be safe, and HTML that makes its context ambiguous: each is refused with a code. `V`
// is the value.

import test from 'ava';
import { refusal } from './rendered.ts';

const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'output-in-tag': [
    '<bV',
    '<aV>',
    '</aV>',
    '<a V>',
    '<a V="x">',
    '<a titleV="x">',
    '<a title V>',
    '<a title="x"V>',
  ],
  'output-starts-tag': ['<V', 'a </V', 'a <!V', '<textarea><V', '<title></V', '<script>"</V'],
  'output-in-declaration': ['<!doctype V>', '<?V>', '</ V>', '<!x "V">', '<svg><![CDATA[V]]></svg>'],
  'output-in-verbatim': ['<xmp>V', '<iframe>V', '<noembed>V', '<noframes>V', '<plaintext>V'],
  'output-in-regexp': [
    '<script>x = /aV/',
    '<script>f(/V/)',
    '<script>x = /[V]/',
    '<p onclick="return /V/.test(x)">',
  ],
  'output-after-backslash': [
    "<script>'\\V'",
    '<script>`\\V`',
    '<style>a { b: \\V }',
    '<style>a { b: "\\V" }',
    '<script type="application/json">"\\V"',
  ],
  'output-in-script-comment': ['<script><!-- \nV', '<script>"<!--"; x = V', '<script>/* <!-- <script> */ V'],
  'output-in-unclear-script': [
    '<script>if (a) { } /x/ + V',
    '<script>"a\nb" + V',
    '<script>)/x/; V',
    '<p onclick="a&unknown;/V/">',
    '<style>a { b: url("\\6a V") }',
  ],
  'output-in-srcdoc': ['<iframe srcdoc="V">', '<iframe srcdoc="<p>V</p>">'],
  'output-decides': [
    '<script type="V">',
    '<script type=text/V>',
    '<meta http-equiv="V">',
    '<set attributeName="V">',
  ],
  'output-animated': [
    '<animate to="V">',
    '<set attributeName="href" to=V>',
    '<animate attributeName=xlink:href values="a;V">',
    `<set attributeName="${' '.repeat(200)}href" to="V">`,
  ],
  'output-before-url': [
    '<meta http-equiv=refresh content="V">',
    '<meta http-equiv=Refresh content="5; urV">',
  ],
  'output-after-scheme': [
    '<a href="javascript:V">',
    '<a href=" JavaScript:f(\'V\')">',
    '<a href="java&Tab;script&colon;V">',
    '<a href="&#106;avascript:V">',
    '<a href="&#x6A;avascript&#58;V">',
    '<a href="vbscript:V">',
    '<a href="data:text/html,V">',
    '<a href="data:V">',
    '<img src="data:image/svg+xml;base64,V">',
    '<a href="unknown:V">',
    '<meta http-equiv="refresh" content="0; url = javascript:V">',
    '<style>a { b: url(javascript:V) }',
  ],
  'scheme-from-data': [
    '<a href="V:W">',
    '<a href="javaV:alert(1)">',
    '<img srcset="V:x 1x">',
    '<style>a { b: url(V:x) }',
  ],
  'refresh-after-content': ['<meta content="V" http-equiv="refresh">', '<meta content=V http-equiv=REFRESH>'],
  'comment-around-output': ['<!-- -V->', '<!--V>', '<!--V->', '<!-- --V>', '<!---V>'],
  'tag-around-output': ['<script>"<V/script>"', '<script>x = "<V!-- "'],
  'content-ends-early': ["<script>x = 'V </script>", '<script>/* V </script>', '<style>a { b: "V</style>'],
  'foreign-content': [
    '<svg><title><b>V</title>',
    '<svg><style>a > b { c: d } <b',
    '<math><textarea><',
    '<svg><script>x = "&quot;',
    '<svg><plaintext>',
    '<select><title><',
  ],
  'cdata-unclear': ['<svg><![CDATA[ a > b ]]>'],
  'self-closing-content': ['<script/>', '<svg><style />', '<textarea/>', '<title/>'],
  'output-in-noscript': [
    '<noscript><!-- </noscript> V -->',
    '<noscript><!-- </NOSCRIPT\n --><p title="V">',
    '<noscript><p title="</noscript>V">',
    '<noscript><p title=\'</noscript/x\' id="V">',
    '<noscript><p title="<V">',
    '<noscript><p title="</noscriptV">',
    '<noscript><p </noscript>V',
    '<noscript><style>/* </noscript > */ a { b: V }',
    '<noscript><textarea></noscript>V',
    '<noscript><script>"</noscript>" + V',
    '<noscript><?x </noscript>V',
    '<noscript><!-- </noscript> --></noscript><p>V</p>',
  ],
  'output-before-values': [
    '<p hx-vals="V">',
    '<p hx-vals=" jV">',
    '<p data-hx-headers="javascriptV">',
    '<p hx-request=V>',
  ],
  'output-without-literal': [
    '<p _="on click put V into me">',
    '<p script="V">',
    "<p data-script='V'>",
    '<p hx-trigger="click[V]">',
    '<p hx-trigger="click[x] from:V">',
  ],
  'reference-cut': [
    '<a href="java&TaV">',
    '<a href="a&#58V">',
    '<p onclick="f(&quoV)">',
    '<p style="a: &#3V">',
  ],
  'unquoted-value': [
    '<a title=a"V>',
    "<a title=a'V>",
    '<a title==V>',
    '<a title= =aV>',
    '<a title=a`V>',
    '<a title=V"b>',
    '<a title=V<b>',
  ],
};

for (const [code, templates] of Object.entries(REFUSED)) {
  test(`${code}: ${templates.length} places`, (t) => {
    for (const template of templates) t.is(refusal(template), code, template);
  });
}

const PASSED: readonly string[] = [
  'a < V',
  '<p>1 <3 V',
  '<svg><style><![CDATA[ a { color: red } ]]></style></svg>V',
  '<svg><title>V</title></svg><script>if (a < b) f(V)</script>',
  '<!--V-->',
  '<!-- V -->',
  '<!---- V ---->',
  '<script>a <V</script>',
  '<script>"<V"</script>',
  '<script>// <![CDATA[\nf(V)\n// ]]></script>',
  '<script>f("<\\/script>", V)</script>',
  '<script>x = a / V / b; y = (a + b) / V</script>',
  '<script>x = `${a}V${`V`}`</script>',
  '<script>x = i++ / V / 2, y = a / 2; if (a) /"/.test(V)</script>',
  '<script>function f() { return /"/.test(V) } f()</script>',
  '<meta name=description content="V">',
  '<meta content="V" name="description">',
  '<meta http-equiv=refresh content="5; url=V">',
  '<animate attributeName="x" to="V">',
  '<noscript><p title="V">V</p></noscript>V',
  '<noscript><p title="</noscripts V">V</p></noscript>V',
  '<!-- <noscript>x</noscript> --><p>V</p>',
  '<script>f("<noscript></noscript>", V)</script>',
  '<noscript><noscript></noscript>V</noscript>V',
  '<a href=/s?q=V>',
  '<a href=/s?a=b&q=V&c=d>',
  '<p hx-trigger="every Vs, click from:#V">',
  '<a href="?a=1&V">',
  '<a href="?a=1&b=V&c=V#V">',
  '<style>@media (min-width: Vpx) { a { font: 12px/V serif } }</style>',
];

for (const template of PASSED) {
  test(`passes: ${template}`, (t) => {
    t.false(/^[a-z-]+$/.test(refusal(template)), refusal(template));
  });
}
