// Output after the end of the page: the log names the position of the call.

import test from 'ava';
import { folderWith } from '../folder.ts';
import { program } from '../process/program.ts';
import { serveSite } from '../site-fixture.ts';
import { marked } from './error-places/place.ts';

const PAUSE = 'await new Promise((go) => setTimeout(go, 20));';

const LATE: Readonly<Record<string, string>> = {
  'an output behind an await': `<ul>\n<% [1].forEach(async (n) => { %><li><%= ‸await new Promise((go) => setTimeout(go, 20)) %></li><% }) %></ul>`,
  'a text behind an await': `<ul>\n<% [1].forEach(async (n) => { ‸${PAUSE} %><li>x</li><% }) %></ul>`,
  'a function in a timer': `<ul>\n<% setTimeout(‸() => { %><li>x</li><% }, 20) %></ul>`,
  'print in a timer': `<ul>\n<% setTimeout(‸() => { print(1) }, 20) %></ul>`,
};

for (const [what, page] of Object.entries(LATE)) {
  test(`${what} that prints when the page has ended is logged at its place`, async (t) => {
    const { files, place } = marked({ 'index.pih': page });
    const cwd = await folderWith(t, { 'site/index.pih': files['index.pih'] ?? '' });
    const served = await program(t, cwd, [], { NODE_ENV: 'production' });
    t.is((await fetch(served.url)).status, 200);
    const logged = await served.printed(
      /error: [\s\S]*after the page had ended[\s\S]*\^[\s\S]*?\n {6}at .*\n/,
    );
    t.true(logged.includes(`  ${place}: misplaced: `), logged);
    t.notRegex(logged, /\$|engine\//);
  });
}

test('an include that prints when the page is elsewhere is told at its call', async (t) => {
  const { files, place } = marked({
    'index.pih': `<p>a</p>\n<% const path = '_p.pih', p = ‸Include(path) %><b title="<% await p %>">`,
    '_p.pih': '<%= await "x" %>',
  });
  const site = await serveSite(t, files, { debug: true });
  const text = await site.text('/');
  t.true(text.includes(`\n\n${place}: misplaced: `), text);
});
