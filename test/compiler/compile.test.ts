// compile() as other programs call it.

import test from 'ava';
import { compile, Problem } from 'karrigell';

test('compile() gives the JavaScript and the facts of a page', (t) => {
  const { code, facts } = compile('<% const s = Session(); await s.save() %><p title=<%= _name %>>', {
    file: 'cart.pih',
  });
  t.notThrows(() => new Function(code));
  t.is(facts.async, true);
  t.is(facts.session, 'write');
  t.deepEqual(facts.fields, ['name']);
});

test('compile() runs nothing and reads no file', (t) => {
  const { facts } = compile('<% import { x } from "./nowhere.ts"; throw new Error("ran") %>');
  t.deepEqual(
    facts.imports.map(({ specifier, line }) => [specifier, line]),
    [['./nowhere.ts', 1]],
  );
});

test('compile() throws a Problem with file, line and column', (t) => {
  const error = t.throws(() => compile('<p>\n<%= 1 + %>', { file: 'cart.pih' }), { instanceOf: Problem });
  t.deepEqual([error?.file, error?.line, error?.column], ['cart.pih', 2, 9]);
  const unnamed = t.throws(() => compile('<<%= name %>>'), { instanceOf: Problem });
  t.is(unnamed?.file, 'page.pih');
});
