// Module source → code: the compiled lines of a module, and its imports and exports.

import { Parser } from 'acorn';
import test from 'ava';
import { type CompiledModule, compileModule } from '../../engine/compiler/compile-module.ts';
import { Lines } from '../../engine/diagnostics/position.ts';
import { Problem } from '../../engine/diagnostics/problem.ts';

function compiled(source: string): CompiledModule {
  return compileModule(source, { file: 'a.ts' });
}

/** The code of the module's own lines, without the code around them. */
function bodyOf(source: string): string {
  const { code } = compiled(source);
  const yields = code.indexOf('yield;') + 'yield;'.length;
  Parser.parse(code, { ecmaVersion: 'latest', allowReturnOutsideFunction: true });
  return code.slice(yields, -'\n}'.length);
}

function getterOf(source: string, name: string): string | undefined {
  const { code } = compiled(source);
  return code.slice(0, code.indexOf('yield;')).split(`["${name}",()=>`)[1]?.split(']')[0];
}

function problemIn(source: string): Problem {
  const thrown = (() => {
    try {
      return compiled(source);
    } catch (error) {
      return error;
    }
  })();
  if (thrown instanceof Problem) return thrown;
  throw new Error(`no problem in ${source}`);
}

test('a use of an import reads its module, in every place that a name can stand in', (t) => {
  const cases: readonly (readonly [source: string, body: string])[] = [
    ["import { a } from 'm'; a; b = a + 1", '; $1.a; b = $1.a + 1'],
    ["import a from 'm'; a.b = 1", '; $1.default.b = 1'],
    ["import { a as b } from 'm'; [b]", '; [$1.a]'],
    ["import { 'a b' as c } from 'm'; [c, c()]", '; [$1["a b"], (0,$1["a b"])()]'],
    ["import * as a from 'm'; a.b(a)", '; $1.b($1)'],
    ["import { a } from 'm'; x = { a, b: a, a: 1, [a]: 2 }", '; x = { a:$1.a, b: $1.a, a: 1, [$1.a]: 2 }'],
    [
      "import { a } from 'm'; x = a(), a?.(), a`b`, new a(), a.c()",
      '; x = (0,$1.a)(), (0,$1.a)?.(), (0,$1.a)`b`, new $1.a(), $1.a.c()',
    ],
    ["import { a } from 'm'; class B extends a { c = a }", '; class B extends $1.a { c = $1.a }'],
    [`import { a } from 'm'; typeof a, \`b${'$'}{a}\``, `; typeof $1.a, \`b${'$'}{$1.a}\``],
    ["import { a } from 'm'; function f(b = a) {}", '; function f(b = $1.a) {}'],
    ["import { a, type B } from 'm'; let c: B = a as B", '; let c    = $1.a     '],
  ];
  for (const [source, body] of cases) t.is(bodyOf(source), body);
});

test('a name that is declared again in between is left alone', (t) => {
  const source =
    "import { a } from 'm'; function f(a) { return a } { let a; a } try {} catch (a) { a } for (const a of b) a; x = a => a; ({ a: 1 }).a";
  t.is(bodyOf(source), source.replace("import { a } from 'm'", ''));
  t.is(
    bodyOf("import { a } from 'm'; { var b = a; { let a = 1; a } }"),
    '; { var b = $1.a; { let a = 1; a } }',
  );
});

test('a call does not run into a line above that ends without a semicolon', (t) => {
  t.is(bodyOf("import { a } from 'm'\nb\na()"), ';\nb\n;(0,$1.a)()');
  t.is(
    bodyOf("import { a } from 'm'\nif (b) a(); else a()\ndo a()\nwhile (b)"),
    ';\nif (b) (0,$1.a)(); else (0,$1.a)()\ndo (0,$1.a)()\nwhile (b)',
  );
  t.is(
    bodyOf("import { a } from 'm'\nswitch (b) { case 1: b\na() }"),
    ';\nswitch (b) { case 1: b\n;(0,$1.a)() }',
  );
});

test('an import declaration that spans lines leaves them', (t) => {
  t.is(bodyOf("import {\n  a,\n  b,\n} from 'm'\na"), ';\n\n\n\n$1.a');
  t.is(bodyOf('a\nimport "m"\n(b)'), 'a\n;\n(b)');
});

test('modules are listed once, in the order of the source, with the names that are asked for', (t) => {
  const source =
    "import a, { b } from 'm'\nexport { c as d } from 'n'; import * as e from 'm'; export * from 'o'; import { b as f, 'g h' as i } from 'm'";
  t.deepEqual(compiled(source).imports, [
    { specifier: 'm', names: ['default', 'b', 'g h'], line: 1, column: 22 },
    { specifier: 'n', names: ['c'], line: 2, column: 24 },
    { specifier: 'o', names: [], line: 2, column: 67 },
  ]);
});

test('exported declarations stay declarations, and are read by getters', (t) => {
  t.is(
    bodyOf('export const a = 1, { b, c: [d = 2], ...e } = f;'),
    'const a = 1, { b, c: [d = 2], ...e } = f;',
  );
  t.deepEqual(compiled('export const a = 1, { b, c: [d = 2], ...e } = f;').exports, ['a', 'b', 'd', 'e']);
  t.is(bodyOf('export\nasync function* a() {}\nexport class B {}'), '\nasync function* a() {}\nclass B {}');
  t.is(bodyOf('let a = 1; export { a as b, a as default, a as "c d" }'), 'let a = 1; ;');
  t.is(getterOf('let a = 1; export { a as b }', 'b'), 'a');
  t.is(getterOf("import { a } from 'm'; export { a as b }", 'b'), '$1.a');
});

test('a name that is exported from another module is read there', (t) => {
  const source = "export { a as b, default } from 'm'; export * as c from 'n'; export * from 'o'";
  t.is(bodyOf(source), '; ; ;');
  t.is(getterOf(source, 'b'), '$1.a');
  t.is(getterOf(source, 'default'), '$1.default');
  t.is(getterOf(source, 'c'), '$2');
  t.deepEqual(compiled(source).stars, [2]);
});

test('default exports: declarations stay hoisted, other values become a constant', (t) => {
  t.is(bodyOf('export default function a() {}'), 'function a() {}');
  t.is(getterOf('export default function a() {}', 'default'), 'a');
  t.is(bodyOf('export default function () {}'), 'function $default () {}');
  t.is(bodyOf('export default class {}'), 'const {default:$default}={default: class {}};');
  t.is(bodyOf('export default (a, b);'), 'const {default:$default}={default: (a, b)};;');
  t.is(bodyOf('export default\n  a => a\nb()'), 'const {default:$default}={default:\n  a => a};\nb()');
});

test('import() and import.meta become what the runner passes', (t) => {
  t.is(
    bodyOf("const a = import('m'); import.meta.hot?.dispose(b)"),
    "const a = $import('m'); $meta.hot?.dispose(b)",
  );
});

test('only await on the top level makes a module asynchronous', (t) => {
  t.true(compiled('await a').async);
  t.true(compiled('for await (const a of b) ;').async);
  t.false(
    compiled('async function a() { await b; for await (const c of d) ; } const e = async () => await f')
      .async,
  );
});

test('names of the compiler give way to those of the module', (t) => {
  t.is(bodyOf("import { a } from 'm'; const $1 = a, $import = 2"), '; const $1 = $$1.a, $import = 2');
});

test('a hashbang line is left out', (t) => {
  t.is(bodyOf('#!/usr/bin/env node\na'), '\na');
});

test('the lines of the code are those of the module, and pieces lead back to its columns', (t) => {
  const source = "import { a } from 'm'\nexport const b: number = a + c\n";
  const { code, pieces } = compiled(source);
  const generated = code.indexOf('c\n');
  const piece = pieces.findLast((candidate) => candidate.generated <= generated);
  t.is((piece?.source ?? 0) + generated - (piece?.generated ?? 0), source.indexOf('c\n'));
  t.is(new Lines(code).at(generated).line, 2);
  for (const each of pieces) {
    const erased = source.slice(each.source, each.source + each.length).replace(': number', '        ');
    t.is(code.slice(each.generated, each.generated + each.length), erased);
  }
});

test('assigning to an import is refused', (t) => {
  for (const assignment of ['a = 1', 'a++', '({ a } = b)', 'for (a of b) ;']) {
    const problem = problemIn(`import { a } from 'm'; ${assignment}`);
    t.is(problem.code, 'import-assigned');
    t.true((problem.column ?? 0) > 23);
  }
});

test('names of a page are refused in a module, unless the module declares them', (t) => {
  for (const name of ['QUERY', 'Session', 'print', 'html', 'redirect', 'CONFIG', 'Layout']) {
    const problem = problemIn(`export const a =\n  ${name};`);
    t.is(problem.code, 'page-name-in-module');
    t.deepEqual([problem.line, problem.column], [2, 3]);
  }
  t.is(
    bodyOf('const html = 1; (QUERY) => QUERY + html + _a'),
    'const html = 1; (QUERY) => QUERY + html + _a',
  );
});

test('the names that stand for modules are none that the source has, also where those are written with escapes', (t) => {
  t.is(bodyOf(String.raw`import { a } from 'm'; let \u00241 = a`), String.raw`; let \u00241 = $$1.a`);
  t.is(
    bodyOf(String.raw`let $d\u0065fault; export default 1`),
    String.raw`let $d\u0065fault; const {default:$$default}={default: 1};`,
  );
});
