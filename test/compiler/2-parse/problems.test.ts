// Sources that do not parse or cannot be erased: code, position and text of the error.

import test from 'ava';
import { parseTypeScript } from '../../../engine/compiler/2-parse/index.ts';
import { Problem } from '../../../engine/diagnostics/problem.ts';

function problemIn(source: string): Problem {
  try {
    parseTypeScript(source, { file: 'a.ts', page: false });
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error(`no problem in ${source}`);
}

function placeOf({ line, column }: Problem): string {
  return `${line}:${column}`;
}

test('a syntax error has its position and the unexpected token', (t) => {
  const cases: readonly (readonly [source: string, place: string, text: string])[] = [
    ['let a = ;', '1:9', "';' was not expected here"],
    ['a\nfoo bar', '2:5', "'bar' was not expected here"],
    ["let a = 'b\n", '1:9', 'this string is not closed on its line'],
    ['a /* b', '1:3', 'this comment is not closed: */ is missing'],
    ['let a = 1 +', '1:12', 'the code ends here, where more was expected'],
    ['let a = 1; let a = 2;', '1:16', "'a' is declared twice in the same scope"],
    ['f(a: number)', '1:4', 'a type cannot stand here'],
    [
      'interface A {}\nexport { A }',
      '2:10',
      "'A' is exported, but not declared (write `export type { A }` if it is a type)",
    ],
    ['export const a = 1; export { a }', '1:30', "'a' is exported twice"],
    ['return 1', '1:1', "'return' outside of function"],
  ];
  for (const [source, place, text] of cases) {
    const problem = problemIn(source);
    t.is(problem.code, 'syntax', source);
    t.is(placeOf(problem), place, source);
    t.is(problem.text, text);
  }
});

test('an unclosed bracket is reported where it was opened', (t) => {
  const cases: readonly (readonly [source: string, place: string, bracket: string])[] = [
    ['if (a) {\n  b();\n', '1:8', '{'],
    ['if (a) { if (b) { c() }', '1:8', '{'],
    ['f(a, [1, 2', '1:6', '['],
    ['if (a) {\n  f(b }\n}', '2:4', '('],
    ['a = `b ${c(}`;', '1:11', '('],
    ["a = '}' + /[}]/ + `}` /* } */ + {", '1:33', '{'],
  ];
  for (const [source, place, bracket] of cases) {
    const problem = problemIn(source);
    t.is(problem.code, 'unclosed-bracket', source);
    t.is(placeOf(problem), place, source);
    t.true(problem.text.startsWith(`this '${bracket}' is not closed before`), problem.text);
  }
});

test('a bracket that closes nothing is reported at its own position', (t) => {
  const problem = problemIn('if (a) { b() } }\nc()');
  t.is(problem.code, 'unexpected-close');
  t.is(placeOf(problem), '1:16');
  t.is(problem.text, "this '}' closes nothing that is open");
});

test('TypeScript that cannot be erased is refused with a remedy', (t) => {
  const cases: readonly (readonly [source: string, place: string, what: string, instead: string])[] = [
    ['enum A { B, C = 5, D }', '1:1', 'enum A', 'const A = { B: 0, C: 5, D: 6 } as const;'],
    ["export const enum A { B = 'b' }", '1:8', 'enum A', "const A = { B: 'b' } as const;"],
    ['namespace N { export const a = 1 }', '1:1', 'namespace N with values', 'a module of its own'],
    ['class A { constructor(private b: T = 1) {} }', '1:23', 'parameter property', '`this.b = b;`'],
    ['a = <T>b;', '1:5', 'type assertion <T>b', '`b as T`'],
    ["import a = require('b')", '1:1', "import a = require('b')", "`import a from 'b';`"],
    ['import a = B.C', '1:1', 'import a = B.C', '`const a = B.C;`'],
    ['export = a', '1:1', '`export =`', '`export default a`'],
    ['@dec class A {}', '1:1', 'decorator @dec', 'Call the function yourself'],
    ['class A { @dec() b() {} }', '1:11', 'decorator @dec()', 'Call the function yourself'],
    ['class A { accessor b = 1 }', '1:11', 'accessor', 'a getter and a setter'],
  ];
  for (const [source, place, what, instead] of cases) {
    const problem = problemIn(source);
    t.is(problem.code, 'not-erasable', source);
    t.is(placeOf(problem), place, source);
    t.true(problem.text.includes(what), problem.text);
    t.true(problem.remedy.includes(instead), problem.remedy);
  }
});

test('code that the TypeScript parser accepts and that erasing breaks has an error code of its own', (t) => {
  const problem = problemIn('f(a?)');
  t.is(problem.code, 'erased-syntax');
  t.is(placeOf(problem), '1:5');
});
