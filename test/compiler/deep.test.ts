// Code that is nested deeply or is very long runs, or its error has a position. The fuzz target
// test/fuzz/targets/compile-time.ts measures how the time grows with the length.

import test from 'ava';
import { compileModule } from '../../engine/compiler/compile-module.ts';
import { compilePage } from '../../engine/compiler/index.ts';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { printed } from '../site-fixture.ts';

const NESTED: Readonly<Record<string, (levels: number) => string>> = {
  'if statements': (n) => `<% const a = 1; %>${'<% if (a) { %>x'.repeat(n)}${'<% } %>'.repeat(n)}`,
  blocks: (n) => `<% ${'{'.repeat(n)}${'}'.repeat(n)} %>`,
  calls: (n) => `<% const a = (): any => a; a${'()'.repeat(n)} %>`,
  'a sum': (n) => `<%= 1${' + 1'.repeat(n)} %>`,
  parentheses: (n) => `<%= ${'('.repeat(n)}1${')'.repeat(n)} %>`,
  lists: (n) => `<% const a = ${'['.repeat(n)}${']'.repeat(n)} %>`,
  conditions: (n) => `<%= ${'1 ? 2 : '.repeat(n)}3 %>`,
  'else if': (n) => `<% let a = 0; ${'if (a) { a = 1; } else '.repeat(n)}{} %>`,
  'arrow functions': (n) => `<% const a = ${'(x: any) => '.repeat(n)}1 %>`,
  templates: (n) => `<% const a = ${'`${'.repeat(n)}1${'}`'.repeat(n)} %>`,
  types: (n) => `<% let a: ${'Array<'.repeat(n)}string${'>'.repeat(n)}; %>`,
  negations: (n) => `<%= ${'!'.repeat(n)}1 %>`,
  'member calls': (n) => `<% let a: any = { b: () => a }; a${'.b((x: any) => x)'.repeat(n)} %>`,
};

for (const [name, page] of Object.entries(NESTED)) {
  test(`${name}, 100 deep, run; 20,000 deep they have a place (too-deep)`, async (t) => {
    await t.notThrowsAsync(printed(t, page(100)));
    const error = t.throws(() => compilePage(`<p>\n${page(20_000)}`, { file: 'a.pih' }), {
      instanceOf: Problem,
    });
    t.is(error.code, 'too-deep');
    t.is(error.line, 2);
    t.true((error.column ?? 0) > 1);
  });
}

test('a module that is nested too deeply has a place too', (t) => {
  const source = `const a = 1;\nexport const b = ${'['.repeat(20_000)}${']'.repeat(20_000)};`;
  t.like(
    t.throws(() => compileModule(source, { file: 'a.ts' })),
    { code: 'too-deep', file: 'a.ts', line: 2 },
  );
});

test('a list of 150,000 entries is no deeper than one of two', (t) => {
  const { exports } = compileModule(`export const a = [${'1,'.repeat(150_000)}];`, { file: 'a.ts' });
  t.deepEqual(exports, ['a']);
});
