// Places of findings behind characters that a page writes otherwise than it prints them. `‸` marks the place of the one finding.

import test from 'ava';
import { siteFindings } from './site-findings.ts';

const ROWS: Readonly<Record<string, string>> = {
  'behind <%% and %%>': '<pre><%% a %%>\n<%% b %%></pre> <%%= c %%> <a ‸href="/nix">x</a>',
  'behind <%% in a text whose beginning and end are cut':
    '<% const a = 1; -%>   \n  <pre><%% a %%></pre> <a ‸href="/nix">x</a>\n  <%_ if (a) { -%> <% } %>',
  'behind escapes of an html template':
    '<p><%= html`\\t\\t\\u00e9\\x41\\u{41}\\u{1F600}\\\\\\\n\\`<a ‸href="/nix">x</a>` %></p>',
  'behind escapes in a function':
    '<% const row = (n: string) => html`\\n<b>${n}</b>\\t<a ‸href="/nix">x</a>`; %><p><%= row("a") %></p>',
  'behind line breaks of Windows in a template':
    '<p>a</p>\r\n<% print(html`\r\n <ul>\r\n <li>\\t<a ‸href="/nix">x</a></li>\r\n</ul>`); %>',
  'behind line breaks of Windows in a text': '<p>a</p>\r\n<p>\r\n<a ‸href="/nix">x</a></p>\r\n',
};

for (const [title, marked] of Object.entries(ROWS))
  test(`a finding has its place ${title}`, async (t) => {
    const lines = marked.slice(0, marked.indexOf('‸')).split('\n');
    const found = await siteFindings(t, { 'site/index.pih': marked.replace('‸', '') });
    t.deepEqual(
      found.map(({ place }) => place),
      [`link-nowhere index.pih:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`],
    );
  });

test('a < that is no tag is reported, and <%% is not', async (t) => {
  const found = await siteFindings(t, { 'site/index.pih': '<p><%% a %%> <%%= b %%>\n1 <3</p>' });
  t.deepEqual(
    found.map(({ place }) => place),
    ['markup-syntax index.pih:2:4'],
  );
});
