// A page for every error code of the compiler that a page, or a file that it names, can cause, and for values that
// cannot be printed in a context; `‸` marks the position of the error.

import type { Code } from '../../../engine/diagnostics/codes.ts';
import type { Files } from './place.ts';

type Row = readonly [code: Code, page: string, others?: Files];

/** The error is in `index.pih`, unless the mark is in another file. */
const LANGUAGE: readonly Row[] = [
  ['syntax', '<p>a</p>\n<% let 1‸x = 2 %>'],
  [
    'syntax',
    "<% import { a } from './_a.ts' %><%= a %>",
    { '_a.ts': 'export const a = 1;\nexport const b = 2 ‸3;' },
  ],
  ['text-before-continuation', '<% if (_a) { %>x<% } %>\ny<% ‸else { %>z<% } %>'],
  ['statement-in-output', '<p>\n<%= _x‸; %>'],
  ['trim-mark', '\n  <%_ const x = 1; ‸_%>\n<%= x %>'],
  ['markup-in-code', '<%\nif (_a) { ‸<b>hello there</b> } %>'],
  ['html-comment-in-code', '<% let a = 1, b = 1;\nif (a‸<!--b) { %>x<% } %>'],
  ['cast-regroups', '<p>\n<%= ‸1 + 2 as number / 100 %>'],
  ['once-not-awaited', '<p>\n<% const once = ‸Once(); %>'],
  ['unclosed-bracket', '<p>\n<% if (_a) ‸{ %>x'],
  ['unexpected-close', '<p>\n x <% ‸} %>'],
  ['not-erasable', '<p>\n<% ‸enum A { B } %>'],
  [
    'not-erasable',
    "<% import { a } from './_a.ts' %><%= a %>",
    { '_a.ts': '\n ‸namespace a { export const b = 1 }' },
  ],
  ['import-assigned', "<% import { a } from './_a.ts'; %>\n<% ‸a = 2 %>", { '_a.ts': 'export const a = 1' }],
  [
    'page-name-in-module',
    "<% import { a } from './_a.ts' %><%= a %>",
    { '_a.ts': '\nexport const a = ‸QUERY.a' },
  ],
  ['before-prints', 'page', { '_before.pih': '<% const a = 1; %>\n\n ‸text' }],
  ['before-prints', 'page', { '_before.pih': '<% const a = 1; %>\n ‸<%= a %>' }],
  ['before-prints', 'page', { '_before.pih': "<% const a = 1;\n ‸Include('a.pih') %>" }],
  ['before-prints', 'page', { '_before.pih': '<% function f() {\n ‸print(1) } %>' }],
  ['before-prints', 'page', { '_before.pih': '<% await ‸RESPONSE.flush() %>' }],
  ['before-empty', 'page', { '_before.pih': '‸ \n' }],
  ['unclosed-tag', '<p>\n <‸% const a = 1'.replace('<‸', '‸<')],
  ['empty-output', '<p>\n <b>‸<%= %></b>'],
  ['unfinished-code', '<p>\n<%= 1 + ‸%>'],
  ['braceless-body', '<p>\n<% ‸if (_a) %><b>x</b>'],
  ['export-in-page', '<p>\n<% ‸export const a = 1 %>'],
  ['assigned-name', '<p>\n<% ‸QUERY = 1 %>'],
  ['include-not-awaited', "<p>\n <% ‸Include('_a.pih') %>", { '_a.pih': '<%= await 1 %>' }],
  ['include-missing', "<p>\n <% ‸Include('_a.pih') %>"],
  ['include-missing', "<% Include('_a.pih') %>", { '_a.pih': "\n <% ‸Include('_b.pih') %>" }],
  ['render-missing', "<p>\n <%= await ‸Render('_a.pih') %>"],
  ['layout-missing', "<p>\n <% ‸Layout('_a.pih') %>"],
  ['include-kind', "<p>\n <% ‸Include('_a.txt.pih') %>", { '_a.txt.pih': 'x' }],
  ['include-kind', "<p>\n <% ‸Layout('_a.txt.pih') %>", { '_a.txt.pih': '<%= CONTENT %>' }],
  ['layout-alone', '<html>\n <%= ‸CONTENT %></html>'],
  ['layout-alone', '<html>\n <%= ‸SECTION("side") %></html>'],
  ['module-missing', "<p>\n<% import a from ‸'./_a.ts' %>"],
  [
    'module-missing',
    "<% import { a } from './_a.ts' %><%= a %>",
    { '_a.ts': "\nexport { a } from ‸'./_b.ts'" },
  ],
  ['module-kind', "<p>\n<% import a from ‸'./_a.txt' %>", { '_a.txt': 'x' }],
  ['export-missing', "<p>\n<% import { b } from ‸'./_a.ts' %>", { '_a.ts': 'export const a = 1' }],
  ['package-missing', "<p>\n<% import a from ‸'no-such-package-here' %>"],
  ['import-failed', "<p>\n<% import a from ‸'node:no-such-module' %>"],
  ['json-syntax', "<% import a from './_a.json' %><%= a %>", { '_a.json': '{\n "a": ‸abc }' }],
  ['json-syntax', "<% import a from './_a.json' %><%= a %>", { '_a.json': '{\n "a": 1,‸}' }],
];

const FLOW: readonly Row[] = [
  ['branches-differ', '<p>\n<% ‸if (_a) { %><!-- <% } %>-->'],
  ['loop-differs', '<p>\n<% ‸for (const x of [1]) { %>\n<a href="<%= x %><% } %>'],
  ['function-differs', 'a\n<% const f = ‸() => { %><b title="<% } %>'],
  ['function-elsewhere', '<% function row() { %><b><% } %>\n<p title="<% ‸row() %>">'],
  ['finally-differs', '<p>\n<% ‸try { %><p title="<% } finally { print(1) } %>">'],
  ['page-ends-inside', 'a\n <b>‸<!-- x'],
  ['return-inside', '<p>\n <b title="<% if (_a) ‸return; %>">'],
  ['text-in-class', 'a<% class A { %>\n‸ text<% } %>'.replace('‸ ', ' ‸')],
  ['await-inside', '<% const f = async () => { %>\n<b title="<%= ‸await 1 %>"><% } %>'],
  ['include-inside', '<p>\n<p title="<% ‸Include("_x.pih") %>">'],
  ['flush-inside', '<p>\n<p title="<% await ‸RESPONSE.flush() %>">'],
  ['print-differs', '<p>\n<p <% if (_a) { %>class=<% const x = [‸print(1)] %>"><% } %>'],
  ['template-unfinished', '<p>\n<% print(‸html`<a href="${1}`) %>'.replace('‸html', 'html‸')],
];

const ESCAPING: readonly Row[] = [
  ['output-in-tag', '<p>\n<p ‸<%= _a %>></p>'],
  ['attrs-not-here', '<p>\n<div ‸<%= form.attrs("a") %>>'],
  ['output-starts-tag', '<p>\n<‸<%= _a %>>'],
  ['output-in-declaration', '<p>\n</ ‸<%= _a %>>'],
  ['branches-in-tag', '<p>\n<p<% if (_a) { %> class="x"<% } %>‸re>'],
  ['cdata-unclear', '<p>\n<svg><![CDATA[ a ‸> b ]]></svg><%= _a %>'],
  ['self-closing-content', '<p>\n<script/‸><%= _a %>'],
  ['output-in-verbatim', '<p>\n<xmp>‸<%= _a %></xmp>'],
  ['output-in-regexp', '<p>\n<script>x = /a‸<%= _a %>/</script>'],
  ['output-after-backslash', "<p>\n<script>'\\‸<%= _a %>'</script>"],
  ['output-in-script-comment', '<p>\n<script><!-- \n‸<%= _a %></script>'],
  ['output-in-unclear-script', '<p>\n<script>if (a) { } /x/ + ‸<%= _a %></script>'],
  ['output-in-srcdoc', '<p>\n<iframe srcdoc="‸<%= _a %>"></iframe>'],
  ['output-decides', '<p>\n<script type="‸<%= _a %>"></script>'],
  ['output-animated', '<p>\n<svg><animate to="‸<%= _a %>"/></svg>'],
  ['output-before-values', '<p>\n<p hx-vals="‸<%= _a %>">x</p>'],
  ['output-without-literal', '<p>\n<p script="‸<%= _a %>">x</p>'],
  ['output-in-noscript', '<p>\n<noscript><p title="</noscript>‸<%= _a %>"></p></noscript>'],
  ['output-before-url', '<p>\n<meta http-equiv=refresh content="‸<%= _a %>">'],
  ['output-after-scheme', '<p>\n<a href="javascript:‸<%= _a %>">x</a>'],
  ['scheme-from-data', '<p>\n<a href="<%= _a %>‸:x">x</a>'],
  ['refresh-after-content', '<p>\n<meta content="<%= _a %>" http-equiv="refresh‸">'],
  [
    'script-type-branches',
    '<p>\n<script<% if (_a) { %> type="module"<% } %> type="text/x‸"><%= _b %></script>',
  ],
  ['comment-around-output', '<p>\n<!-- -<%= _a %>‸->'],
  ['tag-around-output', '<p>\n<script>"<<%= _a %>‸/script>"'],
  ['content-ends-early', "<p>\n<script>x = '<%= _a %> ‸</script>"],
  ['foreign-content', '<p>\n<svg><title>‸<b><%= _a %></title></svg>'],
  ['reference-cut', '<p>\n<a href="java‸&Ta<%= _a %>">x</a>'],
  ['unquoted-value', '<p>\n<a title=a‸"<%= _a %>>x</a>'],
];

/** Values that have no text in the language of their context, found when the page runs. */
const VALUES: readonly Row[] = [
  ['script-value', '<p>\n<script>const a = 1, v = <%= 1 %>, w = <%= ‸({ f: () => 1 }) %></script>'],
  ['script-value', '<p>\n<p onclick="f(<%= 1 %>, <%= ‸[Symbol()] %>)">x</p>'],
  ['output-promise', '<p>\n<a href="/<%= 1 %>/<%=  ‸Promise.resolve(1) %>">x</a>'],
  ['output-object', '<p>\n<style>p { width: <%= 1 %>px; color: <%= ‸{} %> }</style>'],
];

export const COMPILED: readonly Row[] = [...LANGUAGE, ...FLOW, ...ESCAPING, ...VALUES];
