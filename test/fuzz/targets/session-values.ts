// Values of sessions as recipes in JSON, so that one can be kept in a file: plain JSON stands for itself, a list that begins
// with the name of a kind for a value of that kind.

import fc from 'fast-check';
import { keys } from '../../session/storable.ts';

export type Recipe = null | boolean | number | string | readonly [kind: string, ...parts: unknown[]];

type Pairs = readonly (readonly [unknown, unknown])[];

/** How each kind is built from its parts. */
const KINDS: Readonly<Record<string, (...parts: readonly unknown[]) => unknown>> = {
  list: (...items) => items.map(built),
  sparse: (index, item) => Object.assign([], { [Number(index)]: built(item) }),
  object: (pairs) => Object.fromEntries((pairs as Pairs).map(([key, value]) => [key, built(value)])),
  bare: (pairs) => {
    const object = Object.create(null);
    for (const [key, value] of pairs as Pairs) object[String(key)] = built(value);
    return object;
  },
  map: (pairs) => new Map((pairs as Pairs).map(([key, value]) => [built(key), built(value)])),
  set: (...items) => new Set(items.map(built)),
  date: (time) => new Date(time === null ? Number.NaN : Number(time)),
  bigint: (digits) => BigInt(String(digits)),
  number: (name) => Number(name),
  undefined: () => undefined,
  far: (index) => Object.assign([], { [Number(index)]: 1 }),
  bad: (kind) => BAD[String(kind)]?.(),
};

const BAD: Readonly<Record<string, () => unknown>> = {
  function: () => () => 1,
  symbol: () => Symbol('x'),
  class: () => new (class Cart {})(),
  accessor: () => Object.defineProperty({}, 'a', { get: () => 1, enumerable: true }),
  hidden: () => Object.defineProperty({}, 'a', { value: 1 }),
  named: () => Object.assign([1], { a: 1 }),
  marked: () => Object.assign(new Map(), { a: 1 }),
  keyed: () => ({ [Symbol('x')]: 1 }),
};

/** The value of a recipe. */
export function built(recipe: unknown): unknown {
  if (!Array.isArray(recipe)) return recipe;
  const [kind, ...parts] = recipe;
  const make = KINDS[String(kind)];
  if (make === undefined) throw new TypeError(`no kind of value: ${kind}`);
  return make(...parts);
}

const simple = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('\ud800', '$date', '\u2028', '\0'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
  fc.constantFrom(null, true, false),
  fc.constantFrom('NaN', 'Infinity', '-Infinity', '-0').map((name): Recipe => ['number', name]),
  fc.bigInt().map((number): Recipe => ['bigint', String(number)]),
  fc.option(fc.integer({ min: -8.64e15, max: 8.64e15 })).map((time): Recipe => ['date', time]),
  fc.constant<Recipe>(['undefined']),
);
const refused = fc.oneof(
  fc.constantFrom(...Object.keys(BAD)).map((kind): Recipe => ['bad', kind]),
  fc.integer({ min: 300_000, max: 4_294_967_294 }).map((index): Recipe => ['far', index]),
);

export const { recipe: recipes } = fc.letrec<{ recipe: Recipe }>((tie) => {
  const items = fc.array(tie('recipe'), { maxLength: 4 });
  const members = fc.uniqueArray(fc.tuple(keys, tie('recipe')), { maxLength: 4, selector: ([key]) => key });
  const entries = fc.array(fc.tuple(tie('recipe'), tie('recipe')), { maxLength: 3 });
  return {
    recipe: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 6, arbitrary: simple },
      { weight: 1, arbitrary: refused },
      { weight: 2, arbitrary: items.map((list): Recipe => ['list', ...list]) },
      { weight: 1, arbitrary: items.map((list): Recipe => ['set', ...list]) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.nat({ max: 99 }), tie('recipe'))
          .map(([n, item]): Recipe => ['sparse', n, item]),
      },
      { weight: 2, arbitrary: members.map((pairs): Recipe => ['object', pairs]) },
      { weight: 1, arbitrary: members.map((pairs): Recipe => ['bare', pairs]) },
      { weight: 1, arbitrary: entries.map((pairs): Recipe => ['map', pairs]) },
    ),
  };
});
