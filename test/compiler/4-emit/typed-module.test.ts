// The typed module of a page: its own text keeps its offsets, and added text can be distinguished from it.

import test from 'ava';
import type { TypedPage } from '../../../engine/compiler/4-emit/typed-module.ts';
import { typePage } from '../../../engine/compiler/4-emit/typed-module.ts';

function typed(source: string, params: readonly string[] = []): TypedPage {
  const moduleOf = (path: string) => (path.startsWith('none') ? undefined : `/m/${path}.ts`);
  return typePage(source, 'page.pih', {
    names: '/names.js',
    params,
    isGuard: false,
    guards: () => ({ always: [], sometimes: [] }),
    moduleOf,
  });
}

/** The lines behind the page. */
function declared(source: string, params: readonly string[] = []): string[] {
  const lines = typed(source, params).code.trimEnd().split('\n');
  return lines.slice(source.split('\n').length);
}

test('every line keeps its number, and every piece is the page itself or blank', (t) => {
  const source =
    "\uFEFF<p>\r\n<% const a = 1;\r\n\n type X = { é: '𝒳' }; -%>\n<%# <% %>\u2028<b><%= a // one %>\n<%- (a, a) %></b>\n" +
    '<% for (const b of [a]) { %> %>%> <%= b %><% if (b) return; } return a %>\n';
  const { code, pieces } = typed(source);
  t.true(pieces.length > 5);
  for (const { generated, source: start, length } of pieces) {
    const [ours, its] = [code.slice(generated, generated + length), source.slice(start, start + length)];
    for (const [index, char] of [...ours].entries()) {
      if (!' ;()'.includes(char)) t.is(char, [...its][index] ?? '');
    }
  }
  const breaks = (text: string) => text.split(/\r\n|[\n\r\u2028]/).length;
  t.is(breaks(code.slice(0, code.indexOf('\nexport '))), breaks(source) + 1);
});

test('a return of the page ends its flow, one of a function stays', (t) => {
  const { code } = typed('<% if (a) return; function f() { return 1 } if (b) return f(); return %>');
  t.regex(code, /^ {3}if \(a\) throw 0; function f\(\) \{ return 1 \} if \(b\) throw f\(\); throw 0 *;\n/);
});

test('outputs and deletions are calls; an output begins where its expression does', (t) => {
  const source = '<%=  a, b %><%- c -%><% delete d.e; delete d[`f${delete g.h}`]; delete i?.j; %>';
  const { code, outputs } = typed(source);
  t.regex(code, /\$kit\.output\(\( {2}a, b \)\);/);
  t.regex(code, /\$kit\.output\(\( c \)\);/);
  t.true(
    code.includes('delete $kit.deletable(d).e; delete $kit.deletable(d)[`f${delete $kit.deletable(g).h}`]'),
  );
  t.true(code.includes('delete i?.j'));
  t.deepEqual([...outputs.values()], [source.indexOf('a,'), source.indexOf('c -')]);
});

test('a name of its own for the kit is not one that the page has', (t) => {
  t.regex(typed('<% const $kit = 1; %><%= $kit %>').code, /\$\$kit\.output\(\( \$kit \)\)/);
});

test('a page gets the names that it uses, and no other', (t) => {
  t.deepEqual(declared('<p>Hello</p>'), [
    'export type { Untyped as $Args } from "/names.js";',
    'export type $Result = void;',
  ]);
  t.deepEqual(declared('<% await print(QUERY, _a); _b = 1; const html = 1; html; %>').slice(0, -1), [
    'import { QUERY, print } from "/names.js";',
    'declare const _a: string | undefined;',
    'declare let _b: string | undefined;',
    'export type { Untyped as $Args } from "/names.js";',
  ]);
});

test('the data, the parameters and the pages that it names have the types of this page', (t) => {
  const lines = declared(
    "<% interface Args { a: 1 } ARGS; PARAMS; Include('a.pih'); Include('a.pih'); Include('none.pih'); Layout('b.pih'); %>",
    ['id', 'rest'],
  );
  t.deepEqual(lines, [
    'import * as $kit from "/names.js";',
    'declare const PARAMS: { readonly id: string; readonly rest: string };',
    'declare const ARGS: Args;',
    'declare const Include: $kit.Include<{ "a.pih": { args: import("/m/a.pih.ts").$Args; result: import("/m/a.pih.ts").$Result } }>;',
    'declare const Layout: $kit.Layout<{ "b.pih": { args: import("/m/b.pih.ts").$Args; result: import("/m/b.pih.ts").$Result } }>;',
    'export type { Args as $Args };',
    'export type $Result = void | Promise<void>;',
  ]);
});

test('Args may be imported; a type of that name inside of a block is not the page’s', (t) => {
  const hasArgs = (source: string) => declared(source).includes('export type { Args as $Args };');
  t.true(hasArgs("<% import type { Args } from './a.ts'; %>"));
  t.true(hasArgs("<% import { b, type Data as Args } from './a.ts'; %>"));
  t.false(hasArgs("<% import { Args as Data } from './a.ts'; %>"));
  t.false(hasArgs('<% { type Args = 1; } %>'));
  t.false(hasArgs('<p>type Args = 1;</p>'));
});

test('the name of the kit is none that the page has, also where that is written with an escape', (t) => {
  const { code } = typed(String.raw`<% type \u0024kit = 1; %><%= 1 %>`);
  t.true(code.includes('$$kit.output('));
  t.false(code.includes(' $kit'));
});
