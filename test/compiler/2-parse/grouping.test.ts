// Types may group an expression. For random expressions, the erased code must have the same groups as the source, or
// the expression is refused.

import test from 'ava';
import fc from 'fast-check';
import { parseTypeScript } from '../../../engine/compiler/2-parse/index.ts';
import { Problem } from '../../../engine/diagnostics/problem.ts';
import { randomRuns } from '../../random-runs.ts';

const OPERATORS = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '**',
  '<',
  '<=',
  '<<',
  '>>>',
  '==',
  '!==',
  '&',
  '^',
  '&&',
  '||',
  '??',
  ',',
];
const operand = fc
  .tuple(
    fc.constantFrom('', '', '', '-', '!', 'await ', 'typeof ', 'void '),
    fc.constantFrom('a', 'b', 'f(1)', '(a + b)', '[a]', 'a.b', '(x => x)', '`${a}`', 'new C', 'a?.b'),
    fc.constantFrom('', '', '!', ' as number', ' as any as T', ' satisfies U', '! as T[]', ' as A | B'),
  )
  .map((parts) => parts.join(''));
const rest = fc.tuple(fc.constantFrom(...OPERATORS, ' in ', ' instanceof ', '? c :'), operand);
const expression = fc
  .tuple(fc.constantFrom('', 'x => ', 'x = ', 'async () => '), operand, fc.array(rest, { maxLength: 5 }))
  .map(
    ([head, first, more]) => head + first + more.map(([operator, next]) => ` ${operator} ${next}`).join(''),
  );

/** A tree without types, parentheses and offsets. */
function grouping(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(grouping);
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return value;
  if ('type' in value && 'expression' in value && WRAPPERS.has(String(value.type)))
    return grouping(value.expression);
  const entries = Object.entries(value).filter(([key]) => !LEFT_OUT.has(key));
  return Object.fromEntries(entries.map(([key, item]) => [key, grouping(item)]));
}

const WRAPPERS = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'ParenthesizedExpression',
]);
const LEFT_OUT = new Set(['start', 'end', 'loc', 'range', 'typeParameters', 'returnType', 'raw', 'optional']);

/** The tree of the source and the tree of the erased code; the code of the Problem if the source is refused. */
function grouped(source: string): { readonly read: unknown; readonly runs: unknown } | string {
  try {
    const { typed, tree } = parseTypeScript(source, { file: 'a.ts', page: false });
    return { read: grouping(typed), runs: grouping(tree) };
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

test('code that an erased type grouped is grouped in the same way, or refused', (t) => {
  let compared = 0;
  fc.assert(
    fc.property(expression, (source) => {
      const found = grouped(`(${source});`);
      if (typeof found === 'string') return;
      compared++;
      if (JSON.stringify(found.read) !== JSON.stringify(found.runs)) throw new Error(source);
    }),
    { numRuns: randomRuns(4000), seed: 13 },
  );
  t.true(compared > randomRuns(1000), `${compared} compared`);
});

const REFUSED = [
  'x = a + b as number / 100;',
  'x = a + b satisfies number * 100;',
  'x = a < b as any + c;',
  'x = a << b as any as number - c;',
  'x = a - b as number % c;',
];

for (const source of REFUSED) {
  test(`${source} is refused where the expression begins (cast-regroups)`, (t) => {
    const error = t.throws(() => parseTypeScript(`\n  ${source}`, { file: 'a.ts', page: false }));
    t.like(error, { code: 'cast-regroups', line: 2, column: 7 });
  });
}

test('parentheses, and operators that bind no tighter, are as good as ever', (t) => {
  for (const source of [
    '(a + b as number) / 100;',
    'a * b as number / 100;',
    'a + b as number + c;',
    'a + b as number < c;',
  ])
    t.notThrows(() => parseTypeScript(source, { file: 'a.ts', page: false }), source);
});
