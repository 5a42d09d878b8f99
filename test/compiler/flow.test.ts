// The escaping context across control flow (README.md, *The page language*): page → HTML, or code, line and column.

import test from 'ava';
import { printed, serveSite } from '../site-fixture.ts';

const PRINTS: readonly (readonly [name: string, page: string, output: string])[] = [
  [
    'an attribute in a branch',
    '<% const a = 1 %><p<% if (a) { %> class="x"<% } %>>a</p><option <% if (a) { %>selected<% } %>>',
    '<p class="x">a</p><option selected>',
  ],
  [
    'a div that one branch opens and another closes',
    '<% const a = 1 %><% if (a) { %><div title="<%= "\\"" %>"><% } %>x<% if (a) { %></div><% } %>',
    '<div title="&#34;">x</div>',
  ],
  [
    'table rows in loops',
    '<table><% for (const row of [["<a>"], [2]]) { %><tr><% for (const cell of row) { %><td><%= cell %></td><% } %></tr><% } %></table>',
    '<table><tr><td>&lt;a&gt;</td></tr><tr><td>2</td></tr></table>',
  ],
  [
    'list items in a callback',
    '<ul><% [1, 2].map((x) => { %><li><%= x %></li><% }) %></ul>',
    '<ul><li>1</li><li>2</li></ul>',
  ],
  [
    'attributes in a callback',
    '<p<% [1, 2].forEach((x) => { %> title="<%= x %>"<% }) %>>',
    '<p title="1" title="2">',
  ],
  [
    'elements of an array in a script by a callback',
    '<script>x = [<% ["</script>", 2].forEach((x) => { %><%= x %>,<% }) %>];</script>',
    '<script>x = ["\\u003c\\u002fscript\\u003e", 2 ,];</script>',
  ],
  ['an unquoted value with quotes', '<p class=<%= "a b" %> id=x<%= 1 %>>', '<p class="a b" id="x1">'],
  [
    'an unquoted value with quotes where only one branch prints',
    '<% const a = 1 %><p class=<% if (a) { %><%= "a b" %><% } else { %><%= "c" %><% } %>>',
    '<p class="a b">',
  ],
  [
    'the line break that parsers drop behind <textarea>',
    '<textarea><%= "\\nx" %></textarea>',
    '<textarea>\n\nx</textarea>',
  ],
  [
    'by print the text that its context needs',
    '<a href="<% print("javascript:1") %>" title=<% print(1, "<") %>><% print("<") %></a><script>f(<% print("</") %>)</script>',
    '<a href="#blocked" title="1 &lt;">&lt;</a><script>f("\\u003c\\u002f")</script>',
  ],
  ['by print as a value', '<% ["<", 2].map((x) => [x]).flat().forEach((x) => print(x)) %>', '&lt;2'],
  [
    'by print that is passed on',
    '<% [["<"], [1]].forEach(([x]) => [x].forEach(print)) %>',
    '&lt; 0 &lt;1 0 1',
  ],
  ['by print as a property', '<% const o = { print }; o.print("<") %>', '&lt;'],
  [
    'raw values as they are',
    '<p <%- "a=1" %>><a href="<%- "javascript:1" %>">',
    '<p a=1><a href="javascript:1">',
  ],
  [
    'a loop left by break',
    '<p<% for (const x of [1, 2]) { %> a="<%= x %>"<% if (x === 1) break; } %>>',
    '<p a="1">',
  ],
  [
    'a loop that goes on by its label',
    '<% a: for (const x of [1, 2, 3]) { %><b><% for (const y of [1]) { if (x === 2) continue a; %>(<%= x * y %>)<% } %></b><% } %>',
    '<b>(1)</b><b><b>(3)</b>',
  ],
  [
    'cases that fall through',
    '<p class="<% switch (1 as number) { case 1: %>a <% case 2: %><%= "b" %><% break; default: %>c<% } %>">',
    '<p class="a b">',
  ],
  [
    'all that a catch keeps',
    '<% try { %><b>kept</b><% throw 1 } catch { %>caught<% } %>',
    '<b>kept</b>caught',
  ],
  [
    'nothing of a tag in which an exception came',
    '<% const f = (): string => { throw 1 }; try { %><b>kept</b> <a href="<%= f() %>">lost</a><% } catch { %>caught<% } %>',
    '<b>kept</b> caught',
  ],
  [
    'nothing of a tag in which a function failed, wherever the error is caught',
    '<% const fail = (): string => { throw 1 }; const safe = (f: () => void) => { try { f() } catch {} }; safe(() => { %>a<p title="<%= fail() %>"><% }) %>b',
    'ab',
  ],
  [
    'nothing of an attribute in which an exception came, inside its tag',
    '<% const f = (): string => { throw 1 } %><p<% try { %> title="<%= f() %>"<% } catch { %> class="c"<% } %>>',
    '<p class="c">',
  ],
  [
    'the output of a finally',
    '<% const f = () => { try { %><b>a<% return } finally { %></b><% } }; f() %>c',
    '<b>a</b>c',
  ],
  [
    'the output behind an exception that was caught, when another one comes',
    '<% const f = (): string => { throw 1 }; try { try { %>a<i title="<%= f() %>"><% } catch { %>b<% } %>c<% f() } catch { %>d<% } %>',
    'abcd',
  ],
  [
    'the output before an exception that a finally saw',
    '<% const f = (): string => { throw 1 }; try { try { %>a<i title="<%= f() %>"><% } finally { %>b<% } } catch { %>c<% } %>',
    'abc',
  ],
  ['the output of a getter', '<% const o = { get x() { %><b>x</b><% return 1 } }; o.x %>', '<b>x</b>'],
  [
    'the output of generators, step by step',
    '<% function* g() { %><i>1</i><% yield 1; %><i>2</i><% } for (const x of g()) { %>(<%= x %>)<% } %>',
    '<i>1</i>(1)<i>2</i>',
  ],
  [
    'the output of an asynchronous function',
    '<% const f = async (x: number) => { const y = await x; %><i><%= y %></i><% }; await f(1); await f(2) %>',
    '<i>1</i><i>2</i>',
  ],
  [
    'the output of an asynchronous function in its try, catch and finally',
    '<% const f = async () => { try { %>x<% await Promise.reject(1) } catch { %><p title="<%= 5 %>">c<% } finally { %>f<% } }; await f() %>',
    'x<p title="5">cf',
  ],
  [
    'the output of for await, with and without braces',
    '<% const f = async () => { for await (const x of [1, 2]) { %><i><%= x %></i><% } for await (const x of [3]) print(x) }; await f() %>',
    '<i>1</i><i>2</i>3',
  ],
  [
    'the output of a generator for another one',
    '<% function* a() { %>1<% yield 1; %>2<% } function* b() { %>[<% yield* a(); %>]<% } for (const x of b()) print(x) %>',
    '[112]',
  ],
  [
    'the value that an arrow function gives to print',
    '<% const f = async (x: unknown) => print(await x); await f("<") %>',
    '&lt;',
  ],
  ['the value of await inside a tag', '<p title="<%= await "<" %>">', '<p title="&lt;">'],
  [
    'a function that is declared behind a return',
    '<% f(); return; function f() { %><b><%= "<" %></b><% } %>',
    '<b>&lt;</b>',
  ],
  ['the output of a static block', '<% class A { static { %><b>x</b><% } } %>', '<b>x</b>'],
  ['the output of a field', '<% class A { x = print("<") } new A(); new A() %>', '&lt;&lt;'],
  ['the output of a default', '<% function f(x = print("<")) {} f(); f(undefined) %>', '&lt;&lt;'],
  [
    'a template whose values are escaped for their places',
    '<% const u = "javascript:1" %><%= html`<a href="${u}" title=${"a b"}>${u}</a>` %>',
    '<a href="#blocked" title="a b">javascript:1</a>',
  ],
  [
    'statements without braces and semicolons',
    '<p title="<% const f = () => { %>x<% }\nif (true) f()\nelse f()\nfor (const a of [1]) f() %>">',
    '<p title="xx">',
  ],
];

for (const [name, page, output] of PRINTS) {
  test(`a page prints ${name}`, async (t) => {
    t.is(await printed(t, page), output);
  });
}

const REFUSED: readonly (readonly [code: string, page: string, place: string, text?: string])[] = [
  [
    'branches-differ',
    '<p>\n<% if (_a) { %><!-- <% } %>-->',
    '2:4',
    'in an HTML comment (from line 2, column 16)',
  ],
  ['branches-differ', '<% switch (1) { case 1: %><a href="<% } %>">', '1:4'],
  ['branches-differ', '<% try { %><b title="<% } catch { } %>">', '1:4'],
  ['branches-differ', '<% a: { %><b title="<% if (_a) break a %>"><% } %>', '1:4'],
  [
    'loop-differs',
    '<% for (const x of [1]) { %>\n<a href="<%= x %><% } %>',
    '1:4',
    '(from line 2, column 1)',
  ],
  ['loop-differs', '<% while (_a) { if (_b) continue; %><b title="<% } %>">', '1:4'],
  ['function-differs', 'a <% const f = () => { %><b title="<% } %>', '1:16', '(from line 1, column 26)'],
  ['function-differs', '<% function f() { %><b title="<% if (_a) return; %>"><% } %>', '1:42'],
  [
    'function-elsewhere',
    '<% function row() { %><b><% } %>\n<p title="<% row() %>">',
    '2:14',
    'line 1, column 4',
  ],
  ['function-elsewhere', '<% const row = () => { %><b><% } %><p title="<%= [1].map(row) %>">', '1:58'],
  ['finally-differs', '<% try { %><p title="<% } finally { print(1) } %>">', '1:4'],
  [
    'finally-differs',
    '<% for (const x of [1]) try { %><p title="<% if (x) break; %>"><% } finally { %>x<% } %>',
    '1:53',
  ],
  ['page-ends-inside', 'a\n <b><!-- x', '2:5'],
  ['page-ends-inside', '<p>\n<script>x = 1', '2:1'],
  ['page-ends-inside', 'a <b title="x', '1:3'],
  ['return-inside', '<p>\n <b title="<% if (_a) return; %>">', '2:23', '(from line 2, column 2)'],
  ['await-inside', '<% const f = async () => { %><b title="<%= await 1 %>"><% } %>', '1:44'],
  ['await-inside', '<% function* f() { %><b title="<% yield 1 %>"><% } %>', '1:35'],
  ['include-inside', '<p title="<% Include("_x.pih") %>">', '1:14'],
  ['include-inside', '<p title="<% Section("x", () => { %><b><% }) %>">', '1:14'],
  ['flush-inside', '<p title="<% await RESPONSE.flush() %>">', '1:20'],
  ['flush-inside', '<p <% await RESPONSE.flush() %>>', '1:13'],
  ['flush-inside', '<script>let a = 1;<% RESPONSE.flush() %></script>', '1:22'],
  ['flush-inside', '<style><% RESPONSE.flush() %></style>', '1:11'],
  ['flush-inside', '<title><% stream(RESPONSE) %></title>', '1:18'],
  ['flush-inside', '<% const f = () => { %><b title="<% RESPONSE.flush() %>"><% } %>', '1:37'],
  ['flush-inside', '<a <% try { %>class="x"><% RESPONSE.flush() %><a <% } catch {} %>>', '1:28'],
  ['function-elsewhere', '<% const f = () => RESPONSE.flush() %><p title="<% f() %>">', '1:52'],
  ['print-differs', '<p <% if (_a) { %>class=<% const x = [print(1)] %>"><% } %>', '1:39'],
  ['text-in-class', 'a<% class A { %>\n text<% } %>', '2:2'],
  ['template-unfinished', '<% print(html`<a href="${1}`) %>', '1:14'],
  ['output-starts-tag', '<p>\n<<%= 1 %>>', '2:2'],
  ['output-in-tag', '<p <%= 1 %>>', '1:4'],
  ['output-in-tag', '<% print(html`<p ${1}>`) %>', '1:18'],
];

for (const [code, page, place, text] of REFUSED) {
  test(`a page is refused (${code}) at its own line and column: ${JSON.stringify(page)}`, async (t) => {
    const site = await serveSite(t, { 'index.pih': page });
    const [finding] = await site.app.pages.check();
    t.is(finding?.severity, 'error');
    if (finding?.severity !== 'error') return;
    const { problem } = finding;
    t.is(`${problem.code} ${problem.line}:${problem.column}`, `${code} ${place}`, problem.message);
    if (text !== undefined) t.true(problem.text.includes(text), problem.text);
  });
}

const MISPLACED: readonly (readonly [name: string, page: string, place: string])[] = [
  ['a method', '<% const o = { f() { %><b><% } } %>\n<p title="<% o.f() %>">', '1:17'],
  [
    'a function from a list',
    '<% const l = [() => { %><b><% }] %><p title="<%= l.map((f) => f()) %>">',
    '1:15',
  ],
  [
    'a function that prints an attribute',
    '<% const o = { f() {} } %><p<% o.f = () => { %> a="1"<% }; o.f() %>><% o.f() %>',
    '1:38',
  ],
  ['print as a value', '<p title="<% const p = [print] %>"><% p[0]?.(1) %>', '1:25'],
  [
    'an asynchronous function that wakes up elsewhere',
    '<% const f = async () => { await null; %><b><% }; const p = f() %><p title="<% await p %>">',
    '1:28',
  ],
  [
    'a generator that is called for its next step elsewhere',
    '<% function* g() { %><b><% yield 1; %></b><% } const s = g(); s.next() %><p title="<% s.next() %>">',
    '1:28',
  ],
  [
    'for await without braces',
    '<% const f = async () => { for await (const x of [1]) print(x) }; const p = f() %><p title="<% await p %>">',
    '1:28',
  ],
  [
    'the finally of a generator that is left elsewhere',
    '<% function* g() { try { yield 1 } finally { %><b><% } } const s = g(); s.next() %><p title="<% s.return() %>">',
    '1:20',
  ],
  [
    'the catch of a function that wakes up elsewhere',
    '<% const f = async () => { try { await Promise.reject(1) } catch { %><b><% } }; const p = f() %><p title="<% await p %>">',
    '1:28',
  ],
];

for (const [name, page, place] of MISPLACED) {
  test(`${name} prints nothing in another place than its own (misplaced)`, async (t) => {
    const site = await serveSite(t, { 'index.pih': page });
    t.is((await site.get('/')).status, 500);
    const problem = site.logged.find((entry) => entry.level === 'error')?.cause;
    t.like(problem, { code: 'misplaced' });
    const { line, column, file } = problem as { line: number; column: number; file: string };
    t.is(`${line}:${column}`, place);
    t.true(file.endsWith('index.pih'));
  });
}

test('a page that is included late prints nothing inside a tag (misplaced)', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% const path = '_p.pih', p = Include(path) %><b title="<% await p %>">`,
    '_p.pih': '<%= await "x" %>',
  });
  t.is((await site.get('/')).status, 500);
  t.like(site.logged[0]?.cause, { code: 'misplaced' });
});

test('a page that is included prints at once between the parts of an awaited page', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `a<% const path = '_p.pih', p = Include(path) %><%= await 1 %><% await p %>b`,
    '_p.pih': '<%= await "x" %>',
  });
  t.regex(await site.text('/'), /^a(1x|x1)b$/);
});

test('one page may open what another one closes', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% Include('_head.pih', { title: '<x>' }) %><p>a<% Include('_foot.pih') %>`,
    '_head.pih': '<title><%= ARGS.title %></title><main title="<%= ARGS.title %>">',
    '_foot.pih': '</main>',
  });
  t.is(await site.text('/'), '<title>&lt;x&gt;</title><main title="&lt;x&gt;"><p>a</main>');
});

test('an error in a function that prints keeps its line and column', async (t) => {
  const page =
    '<% const o: { x?: string[] } = {};\nconst f = () => { %><b title="<%= o.x!.length %>"><% } %>\n<% f() %>';
  const site = await serveSite(t, { 'index.pih': page });
  t.is((await site.get('/')).status, 500);
  const stack = String((site.logged[0]?.cause as Error | undefined)?.stack);
  const column = (page.split('\n')[1] ?? '').indexOf('.length') + 2;
  t.regex(stack, new RegExp(`index\\.pih:2:${column}\\b`));
  t.regex(stack, /index\.pih:3:4\b/);
});

test('a module’s template escapes its values for their places too', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% import { link } from './_link.ts' %><%= link(html, 'javascript:1') %>`,
    '_link.ts':
      'export const link = (html: (s: TemplateStringsArray, ...v: unknown[]) => unknown, url: string) => html`<a href="${url}">`;',
  });
  t.is(await site.text('/'), '<a href="#blocked">');
});

test('nested loops are looked at a few times only', async (t) => {
  const depth = 40;
  const open = Array.from(
    { length: depth },
    (_, n) => `<% for (const x${n} of [1]) { %><i title="<%= x${n} %>">`,
  );
  const page = open.join('') + '</i><% } %>'.repeat(depth);
  const site = await serveSite(t, { 'index.pih': page });
  t.is((await site.text('/')).split('</i>').length, depth + 1);
});
