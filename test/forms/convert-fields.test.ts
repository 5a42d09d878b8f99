// Fields become what the schema asks for, with each library that tells it (docs/forms.md).

import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import test from 'ava';
import * as v from 'valibot';
import { z } from 'zod';
import { convertedFields } from '../../engine/forms/convert-fields.ts';
import { fieldSchemas } from '../../engine/forms/field-schema.ts';
import { jsonSchemaOf, type StandardSchema } from '../../engine/forms/standard-schema.ts';

/** The same form in each library. */
const SCHEMAS: Readonly<Record<string, StandardSchema>> = {
  Zod: z.object({
    name: z.string(),
    nick: z.string().optional(),
    age: z.int(),
    weight: z.number().optional(),
    news: z.boolean(),
    tags: z.array(z.string()),
    counts: z.array(z.number()).optional(),
    born: z.date(),
    size: z.union([z.number(), z.null()]),
    either: z.union([z.string(), z.number()]),
  }),
  ArkType: type({
    name: 'string',
    'nick?': 'string',
    age: 'number.integer',
    'weight?': 'number',
    news: 'boolean',
    tags: 'string[]',
    'counts?': 'number[]',
    born: 'Date',
    size: 'number | null',
    either: 'string | number',
  }),
  Valibot: toStandardJsonSchema(
    v.object({
      name: v.string(),
      nick: v.optional(v.string()),
      age: v.pipe(v.number(), v.integer()),
      weight: v.optional(v.number()),
      news: v.boolean(),
      tags: v.array(v.string()),
      counts: v.optional(v.array(v.number())),
      born: v.date(),
      size: v.nullable(v.number()),
      either: v.union([v.string(), v.number()]),
    }),
  ),
};

function converted(schema: StandardSchema, input: Readonly<Record<string, unknown>>) {
  return { ...convertedFields(input, fieldSchemas(jsonSchemaOf(schema))) };
}

for (const [library, schema] of Object.entries(SCHEMAS)) {
  test(`${library}: texts become numbers, booleans, dates and lists`, (t) => {
    const input = {
      name: '42',
      nick: 'Zo',
      age: ' 42 ',
      weight: '-1.5e1',
      news: 'on',
      tags: ['1'],
      counts: ['1', '2.5'],
      born: '2000-02-29',
      size: '7',
      either: '8',
      extra: '9',
    };
    t.deepEqual(converted(schema, input), {
      name: '42',
      nick: 'Zo',
      age: 42,
      weight: -15,
      news: true,
      tags: ['1'],
      counts: [1, 2.5],
      born: new Date('2000-02-29'),
      size: 7,
      either: '8',
      extra: '9',
    });
  });

  test(`${library}: fields that are absent or empty`, (t) => {
    t.deepEqual(converted(schema, {}), { news: false, tags: [], counts: [] });
    const empty = { name: '', nick: '', age: '', weight: '', news: '', born: '', size: '', either: '' };
    t.deepEqual(converted(schema, empty), {
      name: '',
      news: false,
      tags: [],
      counts: [],
      size: null,
      either: '',
    });
  });

  test(`${library}: a text that does not convert is passed on as it was typed`, (t) => {
    const typed = {
      age: '1,5',
      weight: '1e999',
      news: 'perhaps',
      tags: 'one',
      counts: ['x', ''],
      born: '2000-02-30',
      size: '0x10',
    };
    t.deepEqual(converted(schema, typed), { ...typed, counts: ['x', undefined] });
  });
}

test('dates and times as inputs send them', (t) => {
  const schema = z.object({ at: z.date() });
  const at = (text: string) => converted(schema, { at: text }).at;
  t.deepEqual(at('2026-11-30'), new Date(Date.UTC(2026, 10, 30)));
  t.deepEqual(at('2026-11-30T10:20'), new Date(2026, 10, 30, 10, 20));
  t.deepEqual(at('2026-11-30T10:20:30Z'), new Date(Date.UTC(2026, 10, 30, 10, 20, 30)));
  for (const text of ['2026-13-01', '2026-11-31', '30.11.2026', '2026', 'now', '10:20', '2026-11-30T25:00'])
    t.is(at(text), text);
});

test('a schema without JSON Schema tells nothing, and texts stay', (t) => {
  const schema = v.object({ age: v.number() });
  t.is(jsonSchemaOf(schema), undefined);
  t.deepEqual(converted(schema, { age: '42' }), { age: '42' });
});

test('a type that JSON Schema cannot express leaves the text as it was typed', (t) => {
  const schema = z.object({ big: z.bigint(), file: z.file(), map: z.map(z.string(), z.string()).optional() });
  const input = { big: '42', file: new File([], 'x'), map: 'x' };
  t.deepEqual(converted(schema, input), input);
});

test('unions, intersections, refinements and transforms of a whole form', (t) => {
  const union = z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('a'), count: z.number() }),
    z.object({ kind: z.literal('b'), count: z.number(), on: z.boolean() }),
  ]);
  t.deepEqual(converted(union, { kind: 'a', count: '1' }), { kind: 'a', count: 1, on: false });
  const both = z.object({ a: z.number() }).and(z.object({ b: z.number() }));
  t.deepEqual(converted(both, { a: '1', b: '2' }), { a: 1, b: 2 });
  const refined = z.object({ a: z.number() }).refine(() => true);
  t.deepEqual(converted(refined, { a: '1' }), { a: 1 });
  t.deepEqual(
    converted(
      refined.transform((value) => value),
      { a: '1' },
    ),
    { a: 1 },
  );
});

test('literals and enumerations', (t) => {
  const schema = z.object({
    one: z.literal(1),
    choice: z.union([z.literal(1), z.literal(2)]),
    agree: z.literal(true),
    color: z.enum(['red', 'blue']),
  });
  t.deepEqual(converted(schema, { one: '1', choice: '2', agree: 'on', color: '' }), {
    one: 1,
    choice: 2,
    agree: true,
    color: '',
  });
});

test('a default counts as optional', (t) => {
  const schema = z.object({ count: z.number().default(3), name: z.string().default('x') });
  t.deepEqual(converted(schema, { count: '', name: '' }), {});
});

test('fields of the prototype are fields like any other', (t) => {
  const schema = z.object({ constructor: z.number(), toString: z.number() });
  t.deepEqual(converted(schema, { constructor: '1', toString: '2' }), { constructor: 1, toString: 2 });
});

test('a schema that refers to itself ends', (t) => {
  interface Tree {
    value: number;
    below: Tree[];
  }
  const tree: z.ZodType<Tree> = z.object({ value: z.number(), below: z.array(z.lazy(() => tree)) });
  t.deepEqual(converted(tree, { value: '1' }), { value: 1, below: [] });
});

test('a JSON Schema that is nonsense says nothing', (t) => {
  for (const nonsense of [
    undefined,
    null,
    5,
    [],
    { properties: 5 },
    { properties: { a: 5 } },
    { $ref: '#/x' },
    { $ref: '#' },
  ])
    t.deepEqual({ ...convertedFields({ a: '1' }, fieldSchemas(nonsense)) }, { a: '1' });
});

test('an integer that a number does not hold exactly stays as it was typed', (t) => {
  const schema = z.object({ n: z.number() });
  t.deepEqual(converted(schema, { n: '9007199254740993' }), { n: '9007199254740993' });
  t.deepEqual(converted(schema, { n: '9007199254740991' }), { n: 9007199254740991 });
  t.deepEqual(converted(schema, { n: '1e300' }), { n: 1e300 });
});

test('a name with a percent sign is found behind a reference', (t) => {
  const rate = z.number().meta({ id: '100%' });
  t.deepEqual(converted(z.object({ a: rate, b: rate }), { a: '1', b: '2' }), { a: 1, b: 2 });
});
