// Type erasure compared with an oracle that works on TypeScript's own tree (ts-blank-space): both must leave the same
// program, with every node at the same offset. Empty statements, and the ends of statements that depend on them, may
// differ.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { type Options, Parser } from 'acorn';
import test, { type ExecutionContext } from 'ava';
import tsBlankSpace from 'ts-blank-space';
import { parseTypeScript } from '../../../engine/compiler/2-parse/index.ts';
import { Problem } from '../../../engine/diagnostics/problem.ts';
import { ERASABLE } from './erasable-syntax.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

const OPTIONS: Options = {
  ecmaVersion: 'latest',
  sourceType: 'module',
  allowAwaitOutsideFunction: true,
  allowHashBang: true,
};

/** The result of the oracle; undefined if it refuses the source or does not leave JavaScript. */
function expectedProgram(source: string): unknown {
  let refused = false;
  const erased = tsBlankSpace(source, () => {
    refused = true;
  });
  if (refused) return undefined;
  try {
    return comparable(Parser.parse(erased, OPTIONS));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function actualProgram(source: string): unknown {
  const { erased } = parseTypeScript(source, { file: 'a.ts', page: false });
  return comparable(Parser.parse(erased, OPTIONS));
}

/** The same tree, without empty statements and without the ends of statements that a `;` ends. */
function comparable<Tree extends object>(tree: Tree): Tree {
  if ('type' in tree && 'end' in tree && /(?:Statement|Declaration|Definition)$/.test(String(tree.type)))
    tree.end = 0;
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value !== 'object' || value === null) continue;
    const wanted = Array.isArray(value) ? value.filter((item) => !isEmptyStatement(item)) : value;
    Object.assign(tree, { [key]: comparable(wanted) });
  }
  return tree;
}

function isEmptyStatement(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'EmptyStatement';
}

/** Returns whether both results could be compared. */
function compare(t: ExecutionContext, source: string, title = source): boolean {
  const expected = expectedProgram(source);
  if (expected === undefined) return false;
  const actual = actualProgram(source);
  // t.deepEqual() shows the difference, and needs ten times as long to find that there is none.
  if (isDeepStrictEqual(actual, expected)) t.pass();
  else t.deepEqual(actual, expected, title);
  return true;
}

for (const [subject, sources] of Object.entries(ERASABLE)) {
  test(`erases as TypeScript itself would: ${subject}`, (t) => {
    for (const source of sources) t.true(compare(t, source), `the oracle takes ${source}`);
  });
}

/** Lines that would continue the statement before them if no type had ended it. */
const TAILS = ['\n(z)', '\n[z]', '\n`z`', '\n+z', '\n/z/g', '\n++z', '\n<z>(y)', '; z'];

test('code on the next line means the same after any erased text', (t) => {
  let compared = 0;
  for (const source of Object.values(ERASABLE).flat()) {
    for (const tail of TAILS) if (compare(t, source + tail)) compared++;
  }
  t.true(compared > 1000, `${compared} programs were compared`);
});

test('erases every source of this repository as TypeScript itself would', (t) => {
  for (const folder of ['engine', 'config', 'site', 'test', 'bench']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const file = join(folder, name);
      t.true(compare(t, readFileSync(join(root, file), 'utf8'), file), `the oracle takes ${file}`);
    }
  }
});

const NOT_ERASABLE = [
  'enum A { B }',
  'const enum A { B = 1 }',
  'export enum A { B }',
  'namespace A { export const b = 1 }',
  'namespace A.B { export function c() {} }',
  'export namespace A { export class B {} }',
  'class A { constructor(public a: T) {} }',
  'class A { constructor(private readonly a = 1, protected b?: U) {} }',
  'class A { constructor(readonly a: T) {} }',
  'a = <T>b;',
  'a = <const>["b"];',
  'import a = require("b");',
  'import a = b.c;',
  'export = a;',
];

test('code that cannot be erased is refused, as by the oracle', (t) => {
  for (const source of NOT_ERASABLE) {
    const error = t.throws(() => parseTypeScript(source, { file: 'a.ts', page: false }), {
      instanceOf: Problem,
    });
    t.is(error?.code, 'not-erasable', source);
    t.is(expectedProgram(source), undefined, source);
  }
});

test('refuses decorators and accessors, which no Node runs', (t) => {
  for (const source of ['@a class B {}', 'class A { @b c() {} }', 'class A { accessor b = 1 }']) {
    const error = t.throws(() => parseTypeScript(source, { file: 'a.ts', page: false }), {
      instanceOf: Problem,
    });
    t.is(error?.code, 'not-erasable', source);
  }
});
