// The module of a page in an editor: only the page's own code is mapped, and an unfinished page has a module, too.

import test from 'ava';
import { type EditedPage, editedPage } from '../../engine/compiler/edited-page.ts';

const NO_GUARDS = () => ({ always: [], sometimes: [] });
const PLACE = {
  names: '/names.js',
  params: [],
  isGuard: false,
  guards: NO_GUARDS,
  moduleOf: () => undefined,
};

function edited(source: string, before?: string): EditedPage {
  return editedPage(source, 'page.pih', PLACE, before);
}

/** The mapped texts of the module, in its order. */
function mapped(source: string, page: EditedPage): string[] {
  return page.pieces.map(({ source: from, generated, length }) => {
    const text = page.code.slice(generated, generated + length);
    return text === source.slice(from, from + length)
      ? text
      : `${text} for ${source.slice(from, from + length)}`;
  });
}

test('the code between delimiters is mapped, HTML is not', (t) => {
  const source = '<p>a</p><% const a = 1 -%>\n<b title="<%= a %>"><%# no %></b>';
  const page = edited(source);
  t.true(page.complete);
  t.deepEqual(mapped(source, page), [' const a = 1 ', ' a ']);
});

test('an output is an argument whose place is its expression', (t) => {
  const source = '<p>\n<%=  f(1) // why %>';
  const { code, outputs } = edited(source);
  const [output, ...others] = outputs;
  t.deepEqual(others, []);
  if (output === undefined) return t.fail('no output');
  t.is(source.slice(output.source, output.source + output.sourceLength), 'f(1) // why');
  const argument = code.slice(output.generated, output.generated + output.generatedLength);
  t.regex(argument, /^\(\s*f\(1\)\s*\)$/);
});

test('every name of pages is declared, used or not', (t) => {
  const { code } = edited('<p>');
  for (const name of ['Session', 'QUERY', 'Include', 'redirect', 'ARGS']) {
    t.regex(code, new RegExp(`\\bvar ${name}: `), name);
  }
});

const UNFINISHED: readonly (readonly [what: string, source: string, code: readonly string[]])[] = [
  ['a member that is missing', '<% const s = 1 %><%= s. %>', [' const s = 1 ', ' s. ']],
  ['an empty output', '<b><%= %></b>', [' ']],
  ['an open parenthesis', '<%= f(a %>b<% g() %>', [' f(a ', ' g() ']],
  ['an open brace', '<% if (a) { %>b', [' if (a) { ']],
  ['a stray brace', '<% } %><%= a %>', [' } ', ' a ']],
  ['a block that does not end', '<%= a %><p><% b(', [' a ']],
];

for (const [what, source, code] of UNFINISHED) {
  test(`a page with ${what} has a module all the same`, (t) => {
    const page = edited(source);
    t.false(page.complete);
    t.deepEqual(mapped(source, page), [...code]);
  });
}

test('a page keeps its declarations while it does not compile', (t) => {
  const before = edited('<% type Args = { a: string }; %><%= ARGS.a %><%= _name %>');
  const page = edited('<% type Args = { a: string }; %><%= ARGS. %><%= _name %>', before.declarations);
  t.false(page.complete);
  t.true(page.code.includes('declare const ARGS: Args;'));
  t.true(page.code.includes('_name: string | undefined'));
  t.is(page.declarations, before.declarations);
});
