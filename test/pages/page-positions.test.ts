// console.trace, error.stack, the error page and the log show positions in pages and modules, through includes,
// layouts, callbacks and await (README.md, *The page language*).

import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { errorText } from '../../engine/http/error-page/error-text.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';

/** The positions of a stack that lie in the site: "name:line:column", the innermost first. */
function placesIn(site: TestSite, stack: unknown): string[] {
  const found = String(stack).matchAll(/\(?(?:file:\/\/)?([^\s()]+:\d+:\d+)\)?$/gm);
  return [...found]
    .map(([, place = '']) => place)
    .filter((place) => place.startsWith(site.folder))
    .map((place) => place.slice(site.folder.length + 1));
}

const FILES = {
  'index.pih': `<p>
<%= 1 %> <% Layout('_layout.pih'); await Include('_part.pih', { fail: (why: string) => { fail(why) } })
function fail(why: string): never { throw new RangeError(why) } %>
`,
  '_part.pih': `<% import { later } from './_later.ts' %>
<i><%= 'a' %></i> <%= await later<string>('b', (text: string) => ARGS.fail(text)) %>`,
  '_later.ts': `type Then<T> = (value: T) => T;
export async function later<T>(value: T, then: Then<T>): Promise<T> {
  await undefined;
  return await then(value);
}
`,
  '_layout.pih': '<%= CONTENT %>',
};

/** From the throwing function to the page, through a callback, a module and an include that awaits. */
const WAY = [
  'index.pih:3:43',
  'index.pih:2:90',
  '_part.pih:2:71',
  '_later.ts:4:16',
  '_part.pih:2:23',
  'index.pih:2:36',
];

async function failing(t: ExecutionContext): Promise<{ site: TestSite; cause: unknown; html: string }> {
  const site = await serveSite(t, FILES, { debug: true });
  const response = await site.get('/', { headers: { accept: 'text/html' } });
  t.is(response.status, 500);
  return { site, cause: site.logged[0]?.cause, html: await response.text() };
}

test('the stack of an error leads through callbacks, modules and includes that await', async (t) => {
  const { site, cause } = await failing(t);
  t.true(cause instanceof RangeError);
  t.deepEqual(placesIn(site, cause instanceof Error ? cause.stack : ''), WAY);
});

test('the error page shows the same places, and the line that threw', async (t) => {
  const { site, html } = await failing(t);
  for (const place of WAY) {
    const [file = '', line, column] = place.split(':');
    t.true(
      html.includes(`${file}:${line}:${column}`) ||
        html.includes(`${join(site.folder, file)}:${line}:${column}`),
      place,
    );
  }
  t.true(html.includes('throw new RangeError(why)'));
});

test('console.trace names the page’s places', async (t) => {
  const site = await serveSite(t, {
    ...FILES,
    'index.pih': `<% const print = console.error; let text = '' %>
<p> <% console.error = (...words) => { text += words.join(' ') }
await Include('_part.pih', { fail: (why: string) => {
   console.trace(why) } }); console.error = print %><%- text %>`,
  });
  const text = await site.text('/');
  t.regex(text, /Trace: b\n/);
  t.deepEqual(placesIn(site, text), [
    'index.pih:4:12',
    '_part.pih:2:71',
    '_later.ts:4:16',
    '_part.pih:2:23',
    'index.pih:3:1',
  ]);
});

test('an error in a layout is reported at its position in the layout, and leads to the end of the page', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `a\n<% Layout('_l.pih') %>`,
    '_l.pih': '<html>\n  <%= CONTENT %> <%= ARGS.title %>',
  });
  await site.text('/');
  const cause = site.logged[0]?.cause;
  t.is(placesIn(site, cause instanceof Error ? cause.stack : '')[0], '_l.pih:2:27');
});

test('a page has no `this`', async (t) => {
  const site = await serveSite(t, { 'index.pih': '<%= typeof this %>', '_p.pih': '' });
  t.is(await site.text('/'), 'undefined');
});

test('the log has the position in a site behind a symbolic link', async (t) => {
  const site = await serveSite(t, { 'index.pih': '<p>\n<%= nope(1) %>' });
  await site.text('/');
  const link = `${site.folder}-link`;
  await symlink(site.folder, link);
  const text = errorText(site.logged[0]?.cause, link);
  t.regex(text, /^index\.pih:2:5: ReferenceError: /);
});

test('an error in an older version of a page, which still runs, is reported at its position in that version', async (t) => {
  const page = '<p>\n<% await new Promise((go) => setTimeout(go, 300)); (null as any).x %>';
  const site = await serveSite(t, { 'index.pih': page }, { debug: true });
  const old = site.text('/');
  await new Promise((go) => setTimeout(go, 100));
  await site.write('index.pih', `<b>much more text before it</b>\n\n${page}`);
  const fresh = site.text('/');
  t.regex(await old, /^index\.pih:2:\d+: TypeError/m);
  t.regex(await fresh, /^index\.pih:4:\d+: TypeError/m);
});
