// The editor's grammar of pages: it finds the same blocks as the compiler, and gives each token its scope.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { type Segment, scan } from '../../engine/compiler/1-scan/segments.ts';
import { compilePage } from '../../engine/compiler/index.ts';
import { type Part, pageGrammar, partsOf, tokensOf } from './page-tokens.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const grammar = await pageGrammar();

/** The kind that the compiler gives to each character, without line breaks. */
function compiledParts(page: string): Part[] {
  return scan(page, 'page.pih')
    .flatMap((segment) => segmentParts(segment))
    .filter((_, offset) => page[offset] !== '\n' && page[offset] !== '\r');
}

function segmentParts(segment: Segment): Part[] {
  const { start, end } = segment;
  if (segment.kind === 'text' || segment.kind === 'comment') return Array(end - start).fill(segment.kind);
  const { innerStart, innerEnd } = segment;
  return [
    ...Array<Part>(innerStart - start).fill('tag'),
    ...Array<Part>(innerEnd - innerStart).fill('code'),
    ...Array<Part>(end - innerEnd).fill('tag'),
  ];
}

/** A page as a row of letters for the message of a failed test: `t` text, `<` tag, `c` code, `#` comment. */
function drawn(parts: readonly Part[]): string {
  const letters = { text: 't', tag: '<', code: 'c', comment: '#' } as const;
  return parts.map((part) => letters[part]).join('');
}

const SITE = readdirSync(join(root, 'site'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.pih'),
);

test('every page of the demo site has its blocks where the compiler has them', (t) => {
  t.true(SITE.length > 20);
  for (const name of SITE) {
    const page = readFileSync(join(root, 'site', name), 'utf8');
    t.is(drawn(partsOf(grammar, page)), drawn(compiledParts(page)), name);
  }
});

const ODD: readonly (readonly [what: string, page: string])[] = [
  ['a delimiter in a string', `<%= "a %> b" + 'c %> d' %>e`],
  ['a quote behind a backslash', `<%= "a \\" %> b" %>c`],
  ['a delimiter in a template literal', '<%= `a %> ${`b %>`} c` %>d'],
  ['a delimiter in a regular expression', '<%= "x%>".replace(/%>"?/, "!") %>y'],
  ['a quote in a class of a regular expression', `<%= 'a"b'.replace(/["'/]/, '-') %>c`],
  ['a delimiter in a comment', '<% /* %> */ a() %>b'],
  ['a delimiter behind //', '<% a() // b %>c'],
  ['a quote behind //', "<% a() // don't %>b <%= c %>"],
  ['// in a string', `<a href="<%= 'https://' + host %>">`],
  ['literal delimiters', '<%% x %%> <%= 1 %>'],
  ['a comment that ends at the first delimiter', 'a<%# "no %> matter %>b'],
  ['a comment of several lines', '<%# a\n <%= b\n-%>\nc'],
  ['trim marks', 'a\n  <%_ if (b) { -%>\nc<% } -%>d'],
  ['a decrement at the end', '<% let i = 1; i--%>[<%= i %>]'],
  ['braces on one line', '<% if (a) { %>b<% } else if (c) { %>d<% } else { %>e<% } %>'],
  ['a callback', '<% [1].forEach((x) => { %>(<%= x %>)<% }) %>a'],
  ['a switch', '<% switch (a) { %>\n <% case 1: %>b<% break %>\n<% default: %>c<% } %>'],
  ['a block of several lines', '<%\nconst a = {\n  b: "%>",\n};\n-%>\nc'],
  ['a template literal of several lines', '<% const a = `b\n%> ${c}\n` %>d'],
  ['a comment of several lines in a block', '<%\n/* a\n %> b\n*/ c() %>d'],
  ['a documentation comment', '<%\n/**\n * %> a\n */\nb() %>c'],
  ['// on the last line of a block', "<%\na()\nb() // don't %>c<%= d %>"],
  ['// in the midst of a block', "<%\nif (a) {\n  b(); // don't\n  c();\n}\n%>d"],
  [
    'a brace left open by a block of several lines',
    '<% for (const a of b) {\n  const c = a -%>\n<i><%= c %></i>\n<% } %>d',
  ],
  [
    'such a brace with braces on one line in it',
    '<% for (const a of b) {\n  c() -%>\nd<% if (e) { %>f<% } %>g\n<% } %>h',
  ],
  ['two such braces', '<% for (a of b) {\n for (c of d) { %>\ne<% }\n f() %>g<% } %>h'],
  [
    'such braces one in the other',
    '<% if (a) {\n b() %>\nc\n<% if (d) {\n e() %>\n<i title="<%= f %>"></i>\n<% } %>\n<% } %>g',
  ],
  ['such a brace that // ends', "<% if (a) {\n b() // don't %>c\n<% } %>d"],
  [
    'such a brace of a function',
    '<%\nfunction item(x: number) {\n  const y = x; %>\n<li><%= y %></li>\n<% } %><% item(1) %>',
  ],
  ['an else of several lines', '<% if (a) {\n  b() %>c\n<% } else {\n  d() %>e\n<% } %>f'],
  ['a callback of several lines', '<% a.forEach((b) => {\n  c() -%>d<% if (e) { %>f<% } %><% }) -%>g'],
  [
    'a block of several lines in an open brace',
    '<% for (a of b) {\n c() %>d<%\n if (e) {\n f() %>g<% }\n} %>h',
  ],
  ['a closing brace on the next line', '<% if (a) {\n b() %>c<%\n} else { %>d<% } %>e'],
  ['a switch of several lines', '<% switch (a) {\n case 1: %>b<% break\n case 2: %>c<% } %>d'],
  ['a regular expression in an open brace', '<% for (a of b) {\n let c = /%>"/.test(a)\n d() %>e<% } %>f'],
  ['an output of several lines', '<%= a(\n  b,\n  c\n) %>d'],
  ['attributes that a block gives', '<p<% if (a) { %> class="x"<% } %>>b</p>'],
  ['values without quotes', '<a href=<%= b %> id=c>d</a>'],
  ['quotes in an attribute', '<a href="<%= b["c"] %>" title=\'<%= d(\'e\') %>\'>f</a>'],
  ['an attribute of several lines', '<a title="<%=\n  b("c")\n%>">d</a>'],
  ['a handler', '<a onclick="go(<%= b("c") %>)">d</a>'],
  ['a style', '<a style="color: <%= b("c") %>; top: 0">d</a>'],
  ['a script', '<script>\nconst a = <%= b %>; // <%= c %>\nd("<%= e %>");\n</script>f'],
  ['a script that begins with a block', '<script><% if (a) { %>b();<% } %></script>c'],
  ['a style element', '<style>\np { color: <%= a %>; }\n<% if (b) { %>i { top: 0 }<% } %>\n</style>c'],
  ['a comment of HTML', '<!-- <%= a %> <% if (b) {\n c() %> d <% } %> -->e'],
  ['a script inside of an open brace', '<% if (a) {\n b() %>\n<script>c(<%= d %>)</script>\n<% } %>e'],
  ['division', '<% const a = b / 2 / c %>"<%= d[0] / 2 %> <%= "/" %>"'],
  ['no space at all', '<%if(a){%>b<%}%>c'],
  ['Windows line breaks', 'a\r\n<% if (b) {\r\n c() -%>\r\nd<% } %>'],
];

for (const [what, page] of ODD) {
  test(`the grammar ends and begins blocks as the compiler does: ${what}`, (t) => {
    t.is(drawn(partsOf(grammar, page)), drawn(compiledParts(page)));
  });
}

/** For each page, a text and a scope that it must have, among others. */
const COLOURED: readonly (readonly [page: string, text: string, scope: string])[] = [
  ['<b>a</b>', 'b', 'entity.name.tag.html'],
  ['<%= name %>', '<%=', 'punctuation.section.embedded.begin.pih'],
  ['<%= name -%>', '-%>', 'punctuation.section.embedded.end.pih'],
  ['<%= name %>', 'name', 'variable.other.readwrite.ts'],
  ['<%= name %>', 'name', 'source.ts'],
  ['<% if (a) { %>', 'if', 'keyword.control.conditional.ts'],
  ['<% } else { %>', 'else', 'keyword.control.conditional.ts'],
  ['<% } %>', '}', 'punctuation.definition.block.ts'],
  ['<% }) %>', ')', 'meta.brace.round.ts'],
  ['<% case 1: %>', 'case', 'keyword.control.switch.ts'],
  ['<% default: %>', 'default', 'keyword.control.switch.ts'],
  ['<%\nconst a: string = b;\n%>', 'string', 'support.type.primitive.ts'],
  ["<%\nimport { a } from './b.ts';\n%>", 'import', 'keyword.control.import.ts'],
  ['<% a() // why %>', ' why ', 'comment.line.double-slash.ts'],
  ['<%\nif (a) {\n  b(); // why\n}\n%>', ' why', 'comment.line.double-slash.ts'],
  ['<%# why %>', ' why ', 'comment.block.pih'],
  ['<%% a', '<%%', 'constant.character.escape.pih'],
  ['a %%>', '%%>', 'constant.character.escape.pih'],
  ['<a href="<%= b %>">', 'b', 'string.quoted.double.html'],
  ['<a href="<%= b %>">', 'href', 'entity.other.attribute-name.html'],
  ['<p<% if (a) { %> class="x"<% } %>>', 'p', 'entity.name.tag.html'],
  ['<p<% if (a) { %> class="x"<% } %>>', 'class', 'entity.other.attribute-name.html'],
  ['<script>let a = <%= b %> + "c";</script>', 'c', 'string.quoted.double.js'],
  ['<script><% if (a) { %>let b;<% } %></script>', 'let', 'storage.type.js'],
  ['<style>p { color: <%= a %>; top: 0 }</style>', 'top', 'support.type.property-name.css'],
  ['<% for (const a of b) {\n  c() %>\n<i>d</i>', 'i', 'entity.name.tag.html'],
  ['<a onclick="go(<%= b("c") %>, 1)">', '1', 'constant.numeric.decimal.js'],
];

for (const [page, text, scope] of COLOURED) {
  test(`${JSON.stringify(text)} is ${scope} in ${JSON.stringify(page)}`, (t) => {
    const found = tokensOf(grammar, page).filter((token) => token.text === text);
    t.true(found.length > 0, 'no such token');
    for (const { scopes } of found) t.true(scopes.includes(scope), scopes.join(' '));
  });
}

test('the text behind a block is coloured as if the block were not there', (t) => {
  const behind = (page: string) => tokensOf(grammar, page).at(-1)?.scopes;
  const plain = behind('<i>a</i>');
  t.deepEqual(behind('<% for (const a of b) { %><% } %><i>a</i>'), plain);
  t.deepEqual(behind('<% for (const a of b) {\n  c() %>\n<% } %>\n<i>a</i>'), plain);
  t.deepEqual(behind('<%\nInclude("a", {\n  b: 1,\n})\n%>\n<i>a</i>'), plain);
  t.deepEqual(behind('<% if (a) { %>\n<% } else {\n  c() %>\n<% } %>\n<i>a</i>'), plain);
});

test('the extension names only files that are there, and packs them', (t) => {
  const folder = join(root, 'editors/vscode');
  const { contributes, files } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const named: string[] = [
    ...contributes.languages.map((language: { configuration: string }) => language.configuration),
    ...contributes.grammars.map((entry: { path: string }) => entry.path),
    ...contributes.snippets.map((entry: { path: string }) => entry.path),
  ];
  for (const file of named) {
    t.true(existsSync(join(folder, file)), file);
    t.true(
      files.some((packed: string) => file.startsWith(`./${packed}`)),
      file,
    );
  }
});

test('every snippet is a page that compiles', (t) => {
  const snippets: Record<string, { body: string | string[] }> = JSON.parse(
    readFileSync(join(root, 'editors/vscode/snippets/pih.json'), 'utf8'),
  );
  for (const [name, { body }] of Object.entries(snippets)) {
    const lines = [body].flat().join('\n');
    const filled = lines
      .replace(/\$\{\d+:([^}]*)\}/g, '$1')
      .replace(/(<%[=-] )\$\d/, '$1null')
      .replace(/\$\d/g, '');
    t.notThrows(() => compilePage(filled, { file: 'snippet.pih' }), name);
  }
});
