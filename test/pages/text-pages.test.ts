// Text pages: `order.txt.pih` prints plain text (docs/pages.md, *Text pages*).

import test from 'ava';
import { karrigell } from '../cli/karrigell.ts';
import { folderWith } from '../folder.ts';
import { serveSite } from '../site-fixture.ts';

const VALUE = `<b title="x">&'</b>`;

const PRINTS: Readonly<Record<string, readonly [files: Readonly<Record<string, string>>, output: string]>> = {
  'values and texts are printed as they are': [
    { 'a.txt.pih': `<p a="<%= ARGS ?? ${JSON.stringify(VALUE)} %>"> & <%- '<i>' %>\n` },
    `<p a="${VALUE}"> & <i>\n`,
  ],
  'text that would be unfinished HTML is text': [
    { 'a.txt.pih': '1 < 2 <!-- <script> <% if (true) { %><a href="<% } %><%= 3 %> <x' },
    '1 < 2 <!-- <script> <a href="3 <x',
  ],
  'null and undefined print nothing, numbers, dates and lists have their text': [
    { 'a.txt.pih': `[<%= null %><%= undefined %>] <%= 1.5 %> <%= ['<', '>'] %> <%= 10n %> <%= true %>` },
    '[] 1.5 <,> 10 true',
  ],
  'print does the same, by name and in functions': [
    {
      'a.txt.pih': `<% print('<', 1); const row = (x: string) => { %>(<%= x %>)<% print('&') }; ['"', '<'].forEach(row) %>|<% ['<'].forEach(print) %>`,
    },
    '< 1(")&(<)&|< 0 <',
  ],
  'a part, its children, a layout and its sections': [
    {
      'a.txt.pih': `<% Layout('_l.txt.pih', { to: '<J>' }); Section('foot', () => { %>&foot<% }) %>[<% Include('_p.txt.pih', { n: 1 }, () => { %><child><% }) %>]`,
      '_p.txt.pih': '<%= ARGS.n %>: <%= CONTENT %> <%= typeof CONTENT %>',
      '_l.txt.pih': `To <%= ARGS.to %>\n<%= CONTENT?.trim() %>\n<%= SECTION('foot')?.toUpperCase() %>`,
    },
    'To <J>\n[1: <child> string]\n&FOOT',
  ],
  'markup of a module is printed as its text': [
    {
      'a.txt.pih': `<% import { made } from './_m.ts' %><%= made %> <%= [made, made] %>`,
      '_m.ts': `export const made = { toString: () => '<b>' };`,
    },
    '<b> <b>,<b>',
  ],
  'an output that fails leaves what was printed before': [
    { 'a.txt.pih': `<% try { %>a<x <% throw 1; %>b<% } catch { %>c<% } %>` },
    'a<x c',
  ],
  'trims and literal delimiters are those of any page': [
    { 'a.txt.pih': 'a <%_ if (true) { -%>\n<%% <%# no -%>\n%%>\n<% } -%>\nb' },
    'a <% %>\nb',
  ],
};

for (const [title, [files, output]] of Object.entries(PRINTS)) {
  test(title, async (t) => {
    const site = await serveSite(t, files);
    const response = await site.get('/a.txt');
    t.is(await response.text(), output);
    t.is(response.headers.get('content-type'), 'text/plain; charset=utf-8');
    t.deepEqual(site.logged, []);
  });
}

const FAILS: Readonly<Record<string, readonly [code: string, files: Readonly<Record<string, string>>]>> = {
  'a Promise in a text page': ['output-promise', { 'a.txt.pih': '<%= Promise.resolve(1) %>' }],
  'a function in a text page': ['output-function', { 'a.txt.pih': '<%= () => 1 %>' }],
  'a symbol in a text page': ['output-function', { 'a.txt.pih': '<% print(Symbol()) %>' }],
  'a plain object in a text page': ['output-object', { 'a.txt.pih': '<%= ({ a: 1 }) %>' }],
  'html in a text page': ['markup-in-text', { 'a.txt.pih': '\n<%= html`<b>` %>' }],
  'raw in a text page': ['markup-in-text', { 'a.txt.pih': '<%= raw("<b>") %>' }],
  'safe in a text page': ['markup-in-text', { 'a.txt.pih': '<%= safe.url("a") %>' }],
  'an HTML page in a text page': [
    'include-kind',
    { 'a.txt.pih': `<% Include('_b.pih') %>`, '_b.pih': '<p>' },
  ],
  'an HTML page in a text page, by a computed path': [
    'include-kind',
    { 'a.txt.pih': `<% const path = '_b.pih'; Include(path) %>`, '_b.pih': '<p>' },
  ],
  'an HTML layout of a text page': [
    'include-kind',
    { 'a.txt.pih': `<% Layout('_b.pih') %>`, '_b.pih': '<%= CONTENT %>' },
  ],
  'an HTML layout of a text page, by a computed path': [
    'include-kind',
    { 'a.txt.pih': `<% const path = '_b.pih'; Layout(path) %>`, '_b.pih': '<%= CONTENT %>' },
  ],
  'a text page in an HTML page': [
    'include-kind',
    { 'a.pih': `<% Include('_b.txt.pih') %>`, '_b.txt.pih': '' },
  ],
  'a text page in an HTML page, by a computed path': [
    'include-kind',
    { 'a.pih': `<% const path = '_b.txt.pih'; Include(path) %>`, '_b.txt.pih': '' },
  ],
  'a part whose name tells another kind': ['page-kind', { 'a.pih': `<% Include('_b.json.pih') %>` }],
};

for (const [title, [code, files]] of Object.entries(FAILS)) {
  test(`${title}: ${code}`, async (t) => {
    const site = await serveSite(t, files);
    if (code === 'page-kind') await site.write('_b.json.pih', '{}');
    const response = await site.get('a.pih' in files ? '/a' : '/a.txt', { headers: { accept: 'text/html' } });
    t.is(response.status, 500);
    t.regex(response.headers.get('content-type') ?? '', /^text\/html/);
    t.is(Object(site.logged[0]?.cause).code, code, site.logged[0]?.message);
  });
}

test('names that a text page declares itself are its own', async (t) => {
  const site = await serveSite(t, { 'a.txt.pih': '<% const raw = "<", html = 1; %><%= raw %><%= html %>' });
  t.is(await site.text('/a.txt'), '<1');
});

test('robots.txt and bracketed names answer their URLs; a static file wins, with a warning of check', async (t) => {
  const files = {
    'robots.txt.pih': 'Disallow: <%= REQUEST.path %>',
    'a/[slug].txt.pih': '<%= PARAMS.slug %>',
    'a/[other].pih': '<p><%= PARAMS.other %></p>',
    'both.txt': 'file',
    'both.txt.pih': 'page',
    'UP.TXT.pih': '<%= "<" %>',
  };
  const site = await serveSite(t, files, { debug: true, watch: true });
  const navigation = { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } };
  t.is(await site.text('/robots.txt', navigation), 'Disallow: /robots.txt');
  t.is(await site.text('/a/%3Cb%3E.txt'), '<b>');
  t.is(await site.text('/a/%3Cb%3E'), '<p>&lt;b&gt;</p>');
  t.is(await site.text('/both.txt'), 'file');
  t.is((await site.get('/UP.TXT')).headers.get('content-type'), 'text/plain; charset=utf-8');
  t.is(await site.text('/UP.TXT'), '<');
  const base = await folderWith(
    t,
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`site/${name}`, text])),
  );
  const rows: { code: string; file: string }[] = JSON.parse(
    (await karrigell(['check', '--json'], { cwd: base })).stdout,
  );
  t.deepEqual(
    rows.map(({ code }) => code),
    ['page-shadowed'],
  );
});

test('a text document never gets the script of live reload, nor the hints of an error page', async (t) => {
  const site = await serveSite(
    t,
    { 'a.txt.pih': '<!doctype html><body></body>', '404.txt.pih': '<!doctype html><body>none</body>' },
    { debug: true, watch: true, error_pages: { 404: '404.txt.pih' } },
  );
  const navigation = { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } };
  t.is(await site.text('/a.txt', navigation), '<!doctype html><body></body>');
  const missing = await site.get('/none', navigation);
  t.is(missing.status, 404);
  t.is(missing.headers.get('content-type'), 'text/plain; charset=utf-8');
  t.is(await missing.text(), '<!doctype html><body>none</body>');
});

test('a text page streams as text, and is rendered as text by a program', async (t) => {
  const site = await serveSite(t, { 'a.txt.pih': '<%= "<" %><% await RESPONSE.flush() %>&' });
  const response = await site.get('/a.txt');
  t.is(response.headers.get('content-type'), 'text/plain; charset=utf-8');
  t.is(await response.text(), '<&');
  t.is(await site.app.render('/a.txt'), '<&');
});

const ELSEWHERE = ['json', 'JSON', 'js', 'mjs', 'css', 'md', 'csv', 'yaml', 'ics'];

for (const ending of ELSEWHERE) {
  test(`x.${ending}.pih is an error of the start with a remedy`, async (t) => {
    const message = new RegExp(`ends in \\.${ending.toLowerCase()}\\.pih`);
    const files = { [`a/x.${ending}.pih`]: '{}' };
    const error = await t.throwsAsync(serveSite(t, files), { code: 'page-kind', message });
    const call = ending.toLowerCase() === 'json' ? /RESPONSE\.json\(/ : /RESPONSE\.send\(/;
    t.regex(String(Object(error).remedy), call);
  });
}

test('check names each of these pages once, parts as well', async (t) => {
  const endings = ELSEWHERE.filter((ending) => ending === ending.toLowerCase());
  const names = endings.flatMap((ending) => [`a/x-${ending}.${ending}.pih`, `_x-${ending}.${ending}.pih`]);
  const base = await folderWith(t, Object.fromEntries(names.map((name) => [`site/${name}`, '{}'])));
  const ran = await karrigell(['check', '--json'], { cwd: base });
  const rows: { code: string; file: string; line: number }[] = JSON.parse(ran.stdout);
  t.deepEqual(
    rows.map(({ code, file, line }) => `${code} ${file.replace(/.*site\//, '')}:${line}`).sort(),
    names.map((name) => `page-kind ${name}:1`).sort(),
  );
  t.is(ran.code, 1);
});

test('endings that are none of these, and XML, stay HTML pages', async (t) => {
  const names = ['v1.2.pih', 'jquery.min.pih', 'feed.xml.pih', 'x.html.pih', 'json.pih'];
  const site = await serveSite(t, Object.fromEntries(names.map((name) => [name, '<%= "<" %>'])));
  for (const name of names) {
    const response = await site.get(`/${name.slice(0, -'.pih'.length)}`);
    t.is(response.headers.get('content-type'), 'text/html; charset=utf-8', name);
    t.is(await response.text(), '&lt;');
  }
});

test('a page that is saved under a refused name while the site runs is an error of that page alone', async (t) => {
  const site = await serveSite(t, { 'index.pih': 'ok' }, { debug: true });
  await site.write('x.css.pih', 'p {}');
  t.is(await site.text('/'), 'ok');
  const response = await site.get('/x.css');
  t.is(response.status, 500);
  t.regex(await response.text(), /ends in \.css\.pih/);
  t.true(site.logged[0]?.message.includes('[500]'));
  t.is(Object(site.logged[0]?.cause).code, 'page-kind');
});
