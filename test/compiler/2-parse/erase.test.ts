// Source → erased source. Expectations are written without the blanks; each case also checks that every offset holds.

import { Parser } from 'acorn';
import test from 'ava';
import { parseTypeScript } from '../../../engine/compiler/2-parse/index.ts';

interface Case {
  readonly source: string;
  readonly erased: string;
}

/** Runs of blanks become one blank, and none beside punctuation, so that results are easy to compare. */
function squeezed(text: string): string {
  return text
    .replace(/ +/g, ' ')
    .replace(/ ?([^\w ]) ?/g, '$1')
    .trim();
}

const lineBreaks = (text: string): string => text.replace(/[^\r\n]/g, '.');

function erases(title: string, cases: readonly Case[]): void {
  test(title, (t) => {
    for (const { source, erased } of cases) {
      const result = parseTypeScript(source, { file: 'a.ts', page: false });
      t.is(squeezed(result.erased), squeezed(erased), source);
      t.is(lineBreaks(result.erased), lineBreaks(source), 'every line break stays in its place');
      const expected = Parser.parse(result.erased, {
        ecmaVersion: 'latest',
        sourceType: 'module',
        ranges: true,
      });
      t.deepEqual(JSON.stringify(result.tree), JSON.stringify(expected));
    }
  });
}

test('a blank stands for every erased character', (t) => {
  const { erased } = parseTypeScript('let a: string = b as any, c!: T;', { file: 'a.ts', page: false });
  t.is(erased, 'let a         = b       , c    ;');
});

erases('annotations, optional marks and definite marks are erased', [
  { source: 'let a!: number, b: string = c', erased: 'let a , b = c' },
  { source: 'function f(a: T, b?: U, ...c: V[]): void {}', erased: 'function f(a , b , ...c ) {}' },
  { source: 'const f = (a?: T, { b }: U = {}) => b', erased: 'const f = (a , { b } = {}) => b' },
  { source: 'const f = async (a: T): Promise<void> => {}', erased: 'const f = async (a ) => {}' },
  { source: 'const { a, b }: T = c; const [d]: U = e', erased: 'const { a, b } = c; const [d] = e' },
  { source: 'try {} catch (e: unknown) {}', erased: 'try {} catch (e ) {}' },
  { source: 'for (const a: T of b) ;', erased: 'for (const a of b) ;' },
  {
    source: 'function f(a): a is T {} function g(a): asserts a is T {}',
    erased: 'function f(a) {} function g(a) {}',
  },
  {
    source: 'function f(this: T, a: U) {} function g(this: T) {}',
    erased: 'function f( a ) {} function g( ) {}',
  },
]);

erases('casts and non-null marks are erased, in patterns too', [
  { source: 'a = b as T as U; c = d satisfies E;', erased: 'a = b ; c = d ;' },
  { source: 'a!.b!!.c!(); d?.e!.f;', erased: 'a.b.c(); d?.e.f;' },
  { source: '[a as T, b!] = c;', erased: '[a , b ] = c;' },
  { source: '({ a: b as T, c: d! = 2 } = e);', erased: '({ a: b , c: d = 2 } = e);' },
  { source: '(a as T) = 1; (b!)++; delete c!.d;', erased: '(a ) = 1; (b )++; delete c.d;' },
  { source: 'x = { a: 1 as const, b: (c) as D }', erased: 'x = { a: 1 , b: (c) }' },
]);

erases('type parameters and arguments are erased', [
  { source: 'f<string>(a); new A<B, C<D>>(e); tag<T>`x`;', erased: 'f (a); new A (e); tag `x`;' },
  { source: 'const f = g<T>; a?.<T>(b); a?.b<T>(c);', erased: 'const f = g ; a?. (b); a?.b (c);' },
  {
    source: 'const f = <const T,>(a: T) => a, g = async <T>(a: T) => a',
    erased: 'const f = (a ) => a, g = async (a ) => a',
  },
  {
    source: 'const o = { m<T>(a: T): T { return a }, get b(): T { return c } }',
    erased: 'const o = { m (a ) { return a }, get b() { return c } }',
  },
  { source: 'a = b < c || d > (e); f(a < b, c > (d));', erased: 'a = b < c || d > (e); f(a (d));' },
]);

erases('declarations that are only types leave an empty statement', [
  { source: 'interface A<T> extends B { c: T }', erased: ';' },
  { source: 'type A = string\ntype B = A extends infer U ? `x` | U : never', erased: ';\n;' },
  { source: 'declare const a: number; declare function f(): void; declare class C {}', erased: '; ; ;' },
  {
    source: "declare module 'a' { export const b: 1 } declare global { interface Window {} }",
    erased: '; ;',
  },
  {
    source: 'declare enum E { A } declare const enum F { B } namespace N { export interface X {} }',
    erased: '; ; ;',
  },
  { source: 'function f(a: string): void;\nfunction f(a: any) {}', erased: ';\nfunction f(a ) {}' },
  {
    source: 'export function f(a: string): void;\nexport function f(a: any) {}',
    erased: ';\nexport function f(a ) {}',
  },
  { source: 'export interface A {} export type B = A; export declare let c: B', erased: '; ; ;' },
  { source: 'export default interface A { b: string }', erased: ';' },
]);

erases('only imports and exports that say type are erased', [
  { source: "import type A from 'a';\nimport type { B } from 'b'", erased: ';\n;' },
  { source: "import { type A, B, type C } from 'a'", erased: "import { B, } from 'a'" },
  {
    source: "import A, { type B } from 'a'; import { type D } from 'd'",
    erased: "import A, { } from 'a'; import { } from 'd'",
  },
  {
    source: "import { type } from 'a'; import { type as as } from 'b'",
    erased: "import { type } from 'a'; import { type as as } from 'b'",
  },
  {
    source: "export type { A } from 'a'; export type * from 'b'; export * from 'c'",
    erased: "; ; export * from 'c'",
  },
  {
    source: 'const a = 1; export { type B as C, a }; interface B {}',
    erased: 'const a = 1; export { a }; ;',
  },
]);

erases('classes keep their values and lose the rest', [
  { source: 'class A<T> extends B<T> implements C, D<E> {}', erased: 'class A extends B {}' },
  { source: 'x = class implements A.B { }', erased: 'x = class { }' },
  {
    source: 'abstract class A { abstract b: T; abstract get c(): T; protected abstract d(): void; }',
    erased: 'class A { ; ; ; }',
  },
  { source: 'export default abstract class A {}', erased: 'export default class A {}' },
  {
    source: 'class A { private readonly b: T = 1; public static c?: U; d!: V; #e?: W }',
    erased: 'class A { b = 1; static c; d; #e }',
  },
  {
    source: 'class A { [key: string]: T; declare b: U; static readonly [c]: V = 1 }',
    erased: 'class A { ; ; static [c] = 1 }',
  },
  {
    source: 'class A { b(): void; b(c?: T): void {} constructor(); constructor(d?: U) {} }',
    erased: 'class A { ; b(c ) {} ; constructor(d ) {} }',
  },
  {
    source: 'class A extends B { override get c(): T { return 1 } d?(): void {} private async *e<T>() {} }',
    erased: 'class A extends B { get c() { return 1 } d () {} async *e () {} }',
  },
  {
    source: 'class A { readonly = 1; public; static private; get readonly() { return 1 } }',
    erased: 'class A { readonly = 1; public; static private; get readonly() { return 1 } }',
  },
]);

erases('a statement that a type ended still ends there', [
  { source: 'const a = b as T\n(c)()', erased: 'const a = b ;\n(c)()' },
  { source: 'const a = b satisfies T // why\n[1].map(c)', erased: 'const a = b ; // why\n[1].map(c)' },
  { source: 'a = b! as T\n`c`', erased: 'a = b ;\n`c`' },
  { source: 'const a = b as T\n+ c', erased: 'const a = b\n+ c' },
  { source: 'a\ntype T = U\n(b)', erased: 'a\n;\n(b)' },
  { source: "class A { b = 1 as T\n['c'] = 2 }", erased: "class A { b = 1 ;\n['c'] = 2 }" },
  {
    source: "class A { b = 1\nprivate ['c'] = 2\npublic *d() {} }",
    erased: "class A { b = 1\n; ['c'] = 2\n; *d() {} }",
  },
  { source: 'class A { b = 1\npublic in = 2 }', erased: 'class A { b = 1\n; in = 2 }' },
  {
    source: 'class A { get: T\nb() {} static: U\nc = 1 }',
    erased: 'class A { get;\nb() {} static ;\nc = 1 }',
  },
]);

erases('an arrow function stays together when a type held lines in it', [
  { source: 'function f() { return <T\n>(a: T) => a }', erased: 'function f() { return (\n a ) => a }' },
  { source: 'function f() { return <T>\n(a: T) => a }', erased: 'function f() { return (\n a ) => a }' },
  { source: 'const f = (a: T, ): {\n b: T\n} => a', erased: 'const f = (a , \n \n) => a' },
  { source: 'const f = (): [\nT] => a', erased: 'const f = ( \n) => a' },
]);

erases('shapes that the parser plugin alone does not take', [
  { source: 'a = b ? (c) : d => e', erased: 'a = b ? (c) : d => e' },
  { source: 'a = b ? async (c) : d => e', erased: 'a = b ? async (c) : d => e' },
  { source: 'a = b ? (c): T => d : (e): U => f', erased: 'a = b ? (c) => d : (e) => f' },
  { source: 'a = b ? c ? (d) : (e) : f => g', erased: 'a = b ? c ? (d) : (e) : f => g' },
  {
    source: 'a = b ? (c) : d => { const e = (f: T): U => f }',
    erased: 'a = b ? (c) : d => { const e = (f ) => f }',
  },
  { source: 'interface A { b<const T>(c: T): T; d: <const T>(e: T) => T }', erased: ';' },
  {
    source: 'a = { async type(b: T) {}, async declare() {}, async: 1, async as() {} }',
    erased: 'a = { async type(b ) {}, async declare() {}, async: 1, async as() {} }',
  },
]);

test('a page may return and await outside of functions', (t) => {
  const source = 'if (await a) return; return b as T;';
  t.is(parseTypeScript(source, { file: 'a.pih', page: true }).erased, 'if (await a) return; return b     ;');
});
