// For any value, a browser builds the same elements and attributes and reads the same tokens in scripts and styles as
// for a harmless one, and no URL has a scheme that runs scripts. `V` is the value, in all positions at once.

import test from 'ava';
import fc from 'fast-check';
import { randomRuns } from '../random-runs.ts';
import { difference } from './difference.ts';
import { HOSTILE } from './hostile.ts';
import { hostileText } from './hostile-text.ts';

const RUNS = Number(process.env.HOSTILE_RUNS ?? randomRuns(150));
/** One seed, so that a failure can be repeated; other seeds by hand. */
const SEED = Number(process.env.HOSTILE_SEED ?? 1);

const TEMPLATES: readonly string[] = [
  ...[
    '<p>V</p>',
    'a V b',
    '<p>V</p><pre>V</pre>',
    '<textarea>V</textarea><p>',
    '<title>V</title><p>',
    'x &V; y',
  ],
  ...[
    '<p title="V">',
    "<p title='V'>",
    '<p title=V class=b>',
    '<p title=a-V-b id=V>',
    '<p title=V>',
    '<input value=V/>',
  ],
  ...[
    '<p data-x="a V b V">',
    "<p aria-label='V\"V'>",
    '<x-a data="V">',
    '<noscript><p title="V">V</p></noscript>',
  ],
  ...[
    '<a href="V">a</a>',
    '<a href=V>a</a>',
    '<a href="VV">a</a>',
    '<a href=" VV/V">a</a>',
    '<a href="/V">a</a>',
    '<a href="/VV/V?V#V">a</a>',
  ],
  ...[
    '<a href="javaV">a</a>',
    '<a href="httpV/V">a</a>',
    '<a href="https://x.example/V?a=V&b=V#V">a</a>',
    '<a href="mailto:V?subject=V">a</a>',
  ],
  ...[
    '<img src="V">',
    '<img src="VV">',
    '<img src="data:image/png;base64,V">',
    '<form action=V><button formaction="V">',
    '<x-a href="V">',
  ],
  ...[
    '<svg><a xlink:href="V">V</a><title>V</title></svg>',
    '<math href="V">',
    '<object data="V">',
    '<video poster="VV">',
  ],
  ...[
    '<img srcset="V">',
    '<img srcset="V 1x, V 2x">',
    '<img srcset="/a/V.png 1x, /V Vx, VV 3x, ?V Vw">',
    '<img srcset="aV,V, V">',
  ],
  ...[
    '<meta http-equiv="refresh" content="5; url=V">',
    '<meta http-equiv=refresh content="5;url=\'V\'">',
    '<meta http-equiv=refresh content="5;VV">',
  ],
  ...[
    '<meta name="description" content="V">',
    '<!-- V --><p>',
    '<!--V--><p>',
    '<!-- -V- --><p>',
    '<!-- V',
    '<!-->V<!--V-->',
  ],
  ...[
    '<p style="color: V; width: Vpx">',
    '<p style="a: url(V) url(/V) url(\'V\') url(?a=V&b=V)">',
    '<p style=\'a: "V"; b: "a V V"\'>',
    '<p style=V>',
  ],
  ...[
    '<style>a { color: V; b: V V, V }</style><p>',
    '<style>a { b: "V" \'V\' }</style><p>',
    '<style>a { b: url(V), url("VV"), url( \'/V\' ) }</style><p>',
  ],
  ...[
    '<style>/* V */ a { b: V/V } /*V*/</style><p>',
    '<style>V { a: V } @media (x: Vpx) { b { c: "V" } }</style><p>',
    '<svg><style>a { b: V }</style></svg>',
  ],
  ...[
    '<script>x = V; y = [V, V]; f(V)</script><p>',
    "<script>x = 'V' + \"a V b\" + `V ${'V'} ${V}`</script><p>",
    '<script>// V\nx = V /* V */ / V / 2</script><p>',
  ],
  ...[
    '<script>if (a) /"/.test(V); x = a / V / "V"; y = {a: V}; `${`${V}V`}V`</script><p>',
    '<script type="module">import "V"; x = V in V</script><p>',
  ],
  ...[
    '<script>x = a < V && "<V>" && "<b title=\'V\'>V</b>"</script><p>',
    '<svg><script>x = V + "V"</script></svg><p>',
    '<script type=" text/javascript ">x = "V"</script>',
  ],
  ...[
    '<p onclick="f(V, \'V\', &quot;V&quot;, `V`)">',
    "<p onclick='f(V); /* V */'>",
    '<p onclick=f(V)>',
    '<p ONCLICK="x = {a: [V]}"><x-a onfoo="V">',
  ],
  ...[
    '<script type="application/json">{"a": V, "b": "V", "c": ["a V b"]}</script><p>',
    '<script type=importmap>V</script><p>',
    '<script type="application/ld+json">[V]</script>',
  ],
  ...[
    '<script type="text/template"><p title="V">V</p></script><p>',
    '<template><p title="V">V</p></template>',
    '<select><option value="V">V</select>',
  ],
  ...[
    '<svg><animate attributeName="x" to="V"><text>V</text></svg>',
    '<p data-json=\'V\' title="V">V<br>V</p><!--V-->V',
  ],
];

for (const template of TEMPLATES) {
  test(template, (t) => {
    for (const value of HOSTILE) t.is(difference(template, value), undefined, JSON.stringify(value));
    fc.assert(
      fc.property(hostileText, (value) => {
        const found = difference(template, value);
        if (found !== undefined) throw new Error(found);
      }),
      { numRuns: RUNS, seed: SEED, includeErrorInReport: true },
    );
  });
}
