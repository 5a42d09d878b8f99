// The page language (README.md, *The page language*): the output of a page's source.

import test from 'ava';
import { printed, serveSite } from '../site-fixture.ts';

const PRINTS: readonly (readonly [name: string, page: string, output: string])[] = [
  ['text as it is', 'a < b & "c"\n', 'a < b & "c"\n'],
  ['an escaped value', `<p><%= '<b>"&\\'' %></p>`, '<p>&lt;b&gt;&#34;&amp;&#39;</p>'],
  ['a raw value', `<%- '<b>' %>`, '<b>'],
  ['nothing for a comment', 'a<%# no %> matter %>b', 'a matter %>b'],
  ['literal delimiters', '<%% x %%>', '<% x %>'],
  ['nothing for null and undefined', '[<%= null %><%= undefined %>]', '[]'],
  ['numbers, booleans and bigints', '<%= 1.5 %> <%= false %> <%= 10n %>', '1.5 false 10'],
  ['an expression with a comma', '<%= 1, 2 %>', '2'],
  ['a block that opens a brace another block closes', '<% if (1 < 2) { %>yes<% } else { %>no<% } %>', 'yes'],
  ['else on a line of its own', '<% if (false) { %>\nyes\n<% } %>\n<% else { %>no<% } %>', 'no'],
  ['catch behind a line break', '<% try { throw 1 %>x<% } %>\n  <% catch { %>caught<% } %>', 'caught'],
  [
    'a switch with HTML between its cases',
    '<% switch (2) { %>\n  <% case 1: %>one<% break %>\n<% case 2: %>two<% } %>',
    'two',
  ],
  ['loops', '<% for (const x of [1, 2]) { %>[<%= x %>]<% } %>', '[1][2]'],
  [
    'a function with HTML in it',
    '<% function item(x: number) { %><li><%= x %></li><% } %><% item(1); item(2) %>',
    '<li>1</li><li>2</li>',
  ],
  ['a callback with HTML in it', '<% [1, 2].forEach((x) => { %>(<%= x %>)<% }) %>', '(1)(2)'],
  [
    'the value of a function that prints itself, in order',
    'a<% function f() { %>b<% return "c" } %><%= f() %>d',
    'abcd',
  ],
  ['the value of await', '<%= await Promise.resolve("later") %>', 'later'],
  ['asynchronous pieces in order', 'a<%= await 1 %>b<% await null %>c', 'a1bc'],
  [
    'the awaited value in the name of a class member',
    `<% class A { static [await 'x'] = 1 } %><%= A.x %>`,
    '1',
  ],
  ['print with spaces between', `<% print('<a>', 1, null, 'b') %>`, '&lt;a&gt; 1  b'],
  ['print with markup', '<% const name = "<x>"; print(html`<b>${name}</b>`) %>', '<b>&lt;x&gt;</b>'],
  ['a list of markup without separators', '<%= [1, 2].map((x) => html`<i>${x}</i>`) %>', '<i>1</i><i>2</i>'],
  ['raw markup', `<%= raw('<br>') %>`, '<br>'],
  ['escape as a string', `<%- escape('<') %>`, '&lt;'],
  ['the output before return', 'a<% if (true) return %>b', 'a'],
  ['the output before a return with a value', 'a<% return 5 %>b', 'a'],
  ['the output before a return in parentheses', 'a<% return (5) %>b', 'a'],
  [
    'the output before a return in parentheses, with comments',
    'a<% if (true) { return ((5) /* ; */ ) /* ) */ ; } %>b',
    'a',
  ],
  ['the output before a return of several values', 'a<% return (print(1), 5); %>b', 'a1'],
  ['TypeScript', '<% type T = { a: number }; const t = { a: 1 } satisfies T as T; %><%= t.a! %>', '1'],
  ['values of a Date as text', '<%= new Date(0).getTime() %>', '0'],
  ['a block whose last line is a comment', '<% const a = 1 // %>\n<%= a // the value %>', '\n1'],
  ['no line break behind -%>', '<% const a = 1 -%>\nx<%= a -%>\ny', 'x1y'],
  ['no indent before <%_', 'a\n   <%_ if (true) { %>b<% } %>', 'a\nb'],
  ['a decrement before the delimiter', '<% let i = 1; i--%>[<%= i %>]', '[0]'],
  ['Windows line breaks', 'a\r\n<%= 1 -%>\r\nb', 'a\r\n1b'],
  ['names that look like the compiler’s own', '<% const $out = 1, $kit = 2 %><%= $out + $kit %>', '3'],
  [
    'names that look like the compiler’s own and are written with escapes',
    String.raw`a<% let \u0024out = 'b', $\u{6b}it = 'c' %><%= \u0024out + \u{24}kit %>d`,
    'abcd',
  ],
  [
    'a name that the page declares instead of the engine’s',
    '<% const print = 1, QUERY = 2, Session = 3 %><%= print + QUERY + Session %>',
    '6',
  ],
  ['nothing for an empty page', '', ''],
  ['a page without tags', '<p>plain</p>', '<p>plain</p>'],
  ['a whole page of white space', '\n\n', '\n\n'],
];

for (const [name, page, output] of PRINTS) {
  test(`a page prints ${name}`, async (t) => {
    t.is(await printed(t, page), output);
  });
}

const ENDS: readonly (readonly [name: string, page: string, output: string])[] = [
  ['a string', `<%= "a %> b" %>`, 'a %&gt; b'],
  ['a template literal', '<%= `a %> ${`b %>`}` %>', 'a %&gt; b %&gt;'],
  ['a regular expression', '<%= "x%>".replace(/%>"?/, "!") %>', 'x!'],
  ['a block comment', '<% /* %> */ %>a', 'a'],
  ['a class of a regular expression', `<%= 'a"b'.replace(/["'/]/, '-') %>`, 'a-b'],
];

for (const [name, page, output] of ENDS) {
  test(`a closing delimiter inside ${name} does not end a block`, async (t) => {
    t.is(await printed(t, page), output);
  });
}

const DIVISIONS: readonly (readonly [page: string, output: string])[] = [
  ['<% const a = 8, g = 2 %><%= a / 2 / g %>"', '2"'],
  ['<% const a = [8] %><%= a[0]! / 2 %> <%= "/" %>', '4 /'],
  ['<% const f = (x: number) => x / 2 %><%= f(4) / 2 %> / <%= 1 %>', '1 / 1'],
  ['<% if (1) /x"/.test("") %>|<%= "a" %>', '|a'],
  ['<% const o = { a: 6 } %><%= o.a / 3 %> and / "<%= 1 %>', '2 and / "1'],
];

for (const [page, output] of DIVISIONS) {
  test(`a slash divides or begins a regular expression: ${page}`, async (t) => {
    t.is(await printed(t, page), output);
  });
}

test('a page without await runs synchronously', async (t) => {
  const { app, folder } = await serveSite(t, { 'a.pih': '<%= 1 %>', 'b.pih': '<%= await 1 %>' });
  const [a, b] = [await app.pages.load(`${folder}/a.pih`), await app.pages.load(`${folder}/b.pih`)];
  const scope = { includeDepth: 0 };
  t.is(a.render(scope as never), '1');
  t.true(b.render(scope as never) instanceof Promise);
});

test('fields are variables that begin with an underscore', async (t) => {
  const site = await serveSite(t, {
    'index.pih': '<%= _name %>|<%= typeof _none %>|<% const _mine = 1 %><%= _mine %>',
  });
  t.is(await site.text('/?name=J%3Cn&mine=2'), 'J&lt;n|undefined|1');
});

const REFUSED: readonly (readonly [code: string, page: string, place: string])[] = [
  ['unclosed-tag', 'a\n <% if (', '2:2'],
  ['unclosed-tag', '<p>\n<%= `a %>', '2:1'],
  ['unclosed-bracket', '<p>\n<%= `${"a" %>', '2:6'],
  ['unclosed-bracket', '<p><%= f(1 %>', '1:9'],
  ['empty-output', 'a<%= %>', '1:2'],
  ['empty-output', 'a\n<%= /* x */ // y %>', '2:1'],
  ['unexpected-close', 'a<%= 1); print(2 %>', '1:7'],
  ['unclosed-bracket', 'a<%= [1} %>', '1:6'],
  ['braceless-body', '\n<% if (true) %>yes', '2:4'],
  ['braceless-body', '<% for (const x of [1]) %><%= x %>', '1:4'],
  ['braceless-body', '<% if (1) { } else %>yes', '1:4'],
  ['export-in-page', '<% export const a = 1 %>', '1:4'],
  ['assigned-name', '<% \n QUERY = 1 %>', '2:2'],
  ['unclosed-bracket', 'a\n<% if (true) { %>b', '2:14'],
  ['unexpected-close', 'a\n\n<% } %>', '3:4'],
  ['not-erasable', '<p></p>\n<% enum A { B } %>', '2:4'],
  ['unclosed-bracket', 'a\n <% if ( %>b', '2:8'],
  ['unclosed-bracket', '<% [1, 2].map((x) => { %>b<% } %>', '1:14'],
  ['unfinished-code', 'a\n<%= 1 + %>', '2:9'],
  ['unfinished-code', '<% const x = %>', '1:14'],
  ['syntax', '<% foo bar %>', '1:8'],
  ['braceless-body', '<% if (_a) %>x<% else %>y', '1:4'],
  ['braceless-body', '<p>\n<% do %>x<% while (false) %>', '2:4'],
  ['braceless-body', '<% let i = 1; do %>x<% while (i--) %>', '1:15'],
  ['braceless-body', '<% let i = 1; if (i) %>x<% else %>y', '1:15'],
  ['text-before-continuation', '<% if (_a) { %>x<% } %>\ny<% else { %>z<% } %>', '2:5'],
  ['text-before-continuation', '<% try { %>x<% } %><b><% catch { %>z<% } %>', '1:26'],
  ['statement-in-output', '<p>\n<%= _x; %>', '2:7'],
  ['statement-in-output', '<%- if (_a) "x" %>', '1:5'],
  ['trim-mark', '\n  <%_ const x = 1; _%>\n<%= x %>', '2:20'],
  ['markup-in-code', '<% const a = 1; <%= a %> %>', '1:17'],
  ['markup-in-code', '<%\nif (_a) { <p>x</p> } %>', '2:15'],
  ['markup-in-code', '<% if (_a) {\n  <b class="x">hello there</b> } %>', '2:3'],
  ['markup-in-code', '<% if (_a) {\n  <b>hello there</b> } %>', '2:3'],
  ['markup-in-code', '<% <!-- note --> const a = 1; %>', '1:4'],
  ['html-comment-in-code', '<% let a = 1, b = 1;\nif (a<!--b) { %>x<% } %>', '2:6'],
  ['cast-regroups', '<p>\n<%= 1 + 2 as number / 100 %>', '2:5'],
];

for (const [code, page, place] of REFUSED) {
  test(`a page is refused (${code}) at its own line and column: ${JSON.stringify(page)}`, async (t) => {
    const site = await serveSite(t, { 'bad.pih': page, 'good.pih': 'fine' });
    const [finding] = await site.app.pages.check();
    t.is(finding?.severity, 'error');
    if (finding?.severity !== 'error') return;
    const { problem } = finding;
    t.is(problem.code, code as typeof problem.code);
    t.is(`${problem.line}:${problem.column}`, place);
    t.is((await site.get('/bad')).status, 500);
    t.is(await site.text('/good'), 'fine');
  });
}

const WARNED: readonly (readonly [code: string, page: string, place: string])[] = [
  ['value-unused', '<p>\n<% _name %>', '2:4'],
  ['value-unused', '<% const s = { a: 1 }; %><%_ s.a; -%>', '1:30'],
  ['value-unused', '<% `${_a} and ${_b}` %>', '1:4'],
  ['value-unused', '<% _a ?? 1 + 2 %>', '1:4'],
  ['error-not-thrown', '\n<% if (!_id) HttpError(404); %>', '2:14'],
  ['error-not-thrown', '<% new HttpError(404) %>', '1:4'],
  ['late-print', '<ul>\n<% [1].forEach(async (n) => { %><li><%= await n %></li><% }) %></ul>', '2:16'],
  ['late-print', '<% async function row() { %>x<% await 1; } %>\n<% row() %>', '2:4'],
  ['param-missing', '<p>\n<%= PARAMS.id %>', '2:5'],
];

for (const [code, page, place] of WARNED) {
  test(`a page is warned of (${code}) at its own line and column: ${JSON.stringify(page)}`, async (t) => {
    const site = await serveSite(t, { 'odd.pih': page });
    const found = (await site.app.pages.check()).map((finding) =>
      finding.severity === 'warning'
        ? `${finding.warning.code} ${finding.warning.line}:${finding.warning.column}`
        : finding.problem.message,
    );
    t.deepEqual(found, [`${code} ${place}`]);
  });
}

test('intended code has no warning', async (t) => {
  const site = await serveSite(t, {
    'index.pih':
      '<% "use strict" %><% let i = 0; i++ %><% const f = () => i; f() %><% if (_a) throw HttpError(404); %>' +
      '<% await Promise.all([1].map(async (n) => { %>x<% await n; })); Include("_part.pih"); %><%= i; -%>'.replace(
        'i;',
        'i',
      ),
    'things/[id].pih': '<%= PARAMS.id %><% Include("../part.pih"); %>',
    'part.pih': '<%= PARAMS.id %>',
    '_part.pih': '<%= PARAMS.id %>',
  });
  t.deepEqual(await site.app.pages.check(), []);
});

test('a string that goes on in the next line ends no block, whatever ends the line', async (t) => {
  for (const end of ['\n', '\r\n', '\r', '\u2028'])
    t.is(await printed(t, `<%= "a\\${end}%>b" %>`), 'a%&gt;b', JSON.stringify(end));
});

const FAILS: readonly (readonly [name: string, page: string, code: string, place: string])[] = [
  ['a Promise without await', 'a\n  <%= Promise.resolve(1) %>', 'output-promise', ':2:'],
  ['a function', '<%= () => 1 %>', 'output-function', ':1:'],
  ['a symbol', '<%= Symbol("x") %>', 'output-function', ':1:'],
  ['a plain object', '\n\n<%= { a: 1 } %>', 'output-object', ':3:'],
];

for (const [name, page, code, place] of FAILS) {
  test(`${name} has no text: the error names the page's line`, async (t) => {
    const site = await serveSite(t, { 'index.pih': page });
    t.is((await site.get('/')).status, 500);
    const error = site.logged.find((entry) => entry.level === 'error')?.cause;
    t.is((error as { code?: string }).code, code);
    t.true((error as Error).stack?.includes(`index.pih${place}`));
  });
}

test('an error while a page runs names the page, its line and its column in error.stack', async (t) => {
  const page =
    '<h1>x</h1> <%= 1 %><%= 2 %>\n<p>text</p><% const cart: { items?: string[] } = {}; %><b><%= cart.items!.length %></b>';
  const site = await serveSite(t, { 'index.pih': page });
  t.is((await site.get('/')).status, 500);
  const [error] = site.logged.map((entry) => entry.cause);
  const column = (page.split('\n')[1] ?? '').indexOf('.length') + 2;
  t.regex((error as Error).stack ?? '', new RegExp(`index\\.pih:2:${column}\\b`));
});

test('the output of a page before its error is never sent as a 200', async (t) => {
  const site = await serveSite(
    t,
    { 'index.pih': 'secret start<% throw new Error("no") %>' },
    { debug: false },
  );
  const response = await site.get('/');
  t.is(response.status, 500);
  t.false((await response.text()).includes('secret start'));
});
