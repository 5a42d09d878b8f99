// Values that every store keeps (docs/sessions.md): one of each kind, and any nesting of them for properties.

import { inspect } from 'node:util';
import fc from 'fast-check';

const scalars = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.integer(),
  fc.bigInt(),
  fc.boolean(),
  fc.constantFrom(null, undefined, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0),
  fc.constantFrom('\ud800', 'a\udfff\u0000', '\u2028', '</script>'),
  fc.date({ noInvalidDate: false }),
);

/** Names of attributes and members, those with a meaning of their own among them. */
export const keys = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '$',
    '$$',
    '$date',
    '$map',
    '$$date',
    '$undefined',
    'toJSON',
    '\ud800',
    '',
  ),
);

/** Any nesting of values that can be stored. */
export const { values } = fc.letrec<{ values: unknown }>((tie) => ({
  values: fc.oneof(
    { depthSize: 'small' },
    scalars,
    fc.array(tie('values'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.nat({ max: 12 }), tie('values')), { maxLength: 4 }).map(sparse),
    fc.array(fc.tuple(keys, tie('values')), { maxLength: 4 }).map(bare),
    fc.array(fc.tuple(keys, tie('values')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
    fc.array(fc.tuple(tie('values'), tie('values')), { maxLength: 4 }).map((pairs) => new Map(pairs)),
    fc.array(tie('values'), { maxLength: 4 }).map((items) => new Set(items)),
  ),
}));

/** A list with holes. */
function sparse(items: readonly (readonly [index: number, item: unknown])[]): unknown[] {
  const list: unknown[] = [];
  for (const [index, item] of items) {
    if (index > 10) list.length = Math.max(list.length, index);
    else list[index] = item;
  }
  return list;
}

/** An object without a prototype. */
function bare(members: readonly (readonly [name: string, value: unknown])[]): object {
  const object = Object.create(null);
  for (const [name, value] of members) object[name] = value;
  return object;
}

/** One of every kind that the contract names. */
export function everyKind(): Record<string, unknown> {
  return {
    text: 'Jean',
    'empty text': '',
    unicode: 'é 漢 😀 \u2028 \u0000 \r\n \\ " \' </script>',
    'lone surrogates': '\ud800 a \udfff',
    number: 12.5,
    'big numbers': [Number.MAX_SAFE_INTEGER, Number.MIN_VALUE, Number.MAX_VALUE, 1e21, -1e-7],
    'not finite': [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    'minus zero': -0,
    booleans: [true, false],
    nothing: null,
    undefined: undefined,
    'holes filled': [undefined, null, undefined],
    'a list with holes': Object.assign([], { 3: 'x', length: 7 }),
    'without a prototype': Object.assign(Object.create(null), { constructor: 'a field' }),
    date: new Date(5),
    'date of before': new Date(-1e12),
    'invalid date': new Date(Number.NaN),
    bigint: 2n ** 200n,
    'negative bigint': -1n,
    array: [1, [2, [3]]],
    object: { a: { b: { c: 1 } } },
    'a map': new Map<unknown, unknown>([
      [1, 'number'],
      ['1', 'text'],
      [{ a: 1 }, new Map([[new Date(0), new Set([1n])]])],
    ]),
    'a set': new Set<unknown>([1, '1', [1], new Set([undefined])]),
    'empty containers': [[], {}, new Map(), new Set()],
    'names with a meaning': JSON.parse(
      '{"__proto__": {"admin": true}, "constructor": 1, "toJSON": 2, "then": 3}',
    ),
    'names like tags': { $date: 1, $map: [], $$: 2, '': 3, '\u0000': 4, '\ud800': 5 },
  };
}

/** A value to its last detail: kinds, prototypes, params, -0 and invalid dates, which comparisons of Node tell from themselves. */
export function inFull(value: unknown): string {
  return inspect(value, {
    depth: Infinity,
    maxArrayLength: null,
    maxStringLength: null,
    breakLength: Infinity,
  });
}
