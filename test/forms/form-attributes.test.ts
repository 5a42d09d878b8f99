// The attributes that form.attrs() prints in a tag: the schema's limits as HTML means them, and the typed value.

import test from 'ava';
import { z } from 'zod';
import { fieldSchemas } from '../../engine/forms/field-schema.ts';
import { type FieldTag, fieldAttributes, type ShownField } from '../../engine/forms/form-attributes.ts';
import { jsonSchemaOf } from '../../engine/forms/standard-schema.ts';

/** The attributes of the field `f` of a schema. */
function attrs(
  schema: z.ZodType,
  shown: Partial<ShownField> = {},
  tag: Partial<FieldTag> = {},
  option?: string,
): string {
  const field = fieldSchemas(jsonSchemaOf(z.object({ f: schema }))).get('f');
  const common = { name: 'f', typed: [], isSecret: false, error: undefined, errorId: 'f-error' };
  const whole = { ...common, schema: field, ...shown };
  return fieldAttributes(whole, { name: 'input', written: {}, ...tag }, option);
}

const INPUTS: Readonly<Record<string, readonly [schema: z.ZodType, expected: string]>> = {
  'any text': [z.string(), 'name="f"'],
  'a text that may be absent': [z.string().min(1).optional(), 'name="f"'],
  'a text that may not be empty': [z.string().min(1), 'name="f" required'],
  'a text with limits': [z.string().min(2).max(9), 'name="f" required minlength="2" maxlength="9"'],
  'an email': [z.email(), 'name="f" type="email" required'],
  'a url': [z.url(), 'name="f" type="url" required'],
  'a day as text': [z.iso.date(), 'name="f" type="date" required'],
  'a date': [z.date(), 'name="f" type="date" required'],
  'a number': [z.number(), 'name="f" type="number" required step="any"'],
  'a whole number': [z.int(), 'name="f" type="number" required'],
  'a number with limits': [
    z.number().min(0.5).max(10),
    'name="f" type="number" required min="0.5" max="10" step="any"',
  ],
  'a whole number with limits': [z.int().min(1).max(10), 'name="f" type="number" required min="1" max="10"'],
  'a whole number above a limit': [z.int().gt(0).lt(10), 'name="f" type="number" required min="1" max="9"'],
  'a number above a limit': [z.number().gt(0), 'name="f" type="number" required step="any"'],
  'a number on steps': [z.number().multipleOf(0.5), 'name="f" type="number" required step="0.5"'],
  'a number on steps from a limit': [
    z.number().min(1).multipleOf(0.5),
    'name="f" type="number" required min="1" step="0.5"',
  ],
  'a number on steps that the limit is not on': [
    z.number().min(0.3).multipleOf(0.5),
    'name="f" type="number" required min="0.3" step="any"',
  ],
  'a number that may be absent': [z.number().optional(), 'name="f" type="number" step="any"'],
  'a number or null': [z.number().nullable(), 'name="f" type="number" step="any"'],
  'a boolean': [z.boolean(), 'name="f" type="checkbox"'],
  'a consent': [z.literal(true), 'name="f" type="checkbox" required'],
  'a choice': [z.enum(['a', 'b']), 'name="f" required'],
  'a choice that may be empty': [z.enum(['', 'b']), 'name="f"'],
  'a text or a number': [z.union([z.string(), z.number()]), 'name="f"'],
  'a pattern without letters': [z.string().regex(/^\d{5}$/), 'name="f" required pattern="\\d{5}"'],
  'a pattern that may be empty': [z.string().regex(/^\d*$/), 'name="f" pattern="\\d*"'],
  'a pattern that is not anchored': [
    z.string().regex(/\d/),
    'name="f" required pattern="[\\s\\S]*(?:\\d)[\\s\\S]*"',
  ],
  'a pattern of which one branch is anchored': [
    z.string().regex(/^1|2$/),
    'name="f" required pattern="[\\s\\S]*(?:^1|2$)[\\s\\S]*"',
  ],
  'a pattern whose flag i JSON Schema does not tell': [z.string().regex(/^[a-z]+$/i), 'name="f" required'],
  'a pattern that HTML reads in another way': [z.string().regex(/^[(]\d$/), 'name="f" required'],
  'a list': [z.array(z.string()), 'name="f[]"'],
  'a list that may not be empty': [z.array(z.string()).min(1), 'name="f[]" required'],
  'a list of numbers': [z.array(z.number()), 'name="f[]" type="number" step="any"'],
  anything: [z.any(), 'name="f"'],
};

for (const [title, [schema, expected]] of Object.entries(INPUTS)) {
  test(`an input for ${title}`, (t) => {
    t.is(attrs(schema), expected);
  });
}

test('a typed value is shown again, escaped', (t) => {
  t.is(attrs(z.string(), { typed: ['"><b>&'] }), 'name="f" value="&#34;&gt;&lt;b&gt;&amp;"');
  t.is(attrs(z.number(), { typed: ['1,5'] }), 'name="f" type="number" value="1,5" required step="any"');
});

test('a secret is not shown again', (t) => {
  t.is(attrs(z.string(), { typed: ['x'], isSecret: true }), 'name="f"');
  t.is(attrs(z.string(), { typed: ['x'] }, { written: { type: 'password' } }), 'name="f"');
});

test('checkboxes and radio buttons', (t) => {
  t.is(attrs(z.boolean(), { typed: ['on'] }), 'name="f" type="checkbox" checked');
  t.is(attrs(z.boolean(), { typed: ['false'] }), 'name="f" type="checkbox"');
  const box = { written: { type: 'checkbox', value: 'a' } };
  t.is(attrs(z.array(z.string()), { typed: ['a', 'b'] }, box), 'name="f[]" checked');
  t.is(attrs(z.array(z.string()).min(1), { typed: ['b'] }, box), 'name="f[]"');
  const radio = { written: { type: 'radio' } };
  t.is(attrs(z.enum(['a', 'b']), { typed: ['a'] }, radio, 'a'), 'name="f" value="a" checked required');
  t.is(attrs(z.enum(['a', 'b']), { typed: ['a'] }, radio, 'b'), 'name="f" value="b" required');
});

test('options, selects and textareas', (t) => {
  const option = { name: 'option' };
  t.is(attrs(z.string(), { typed: ['fr'] }, option, 'fr'), 'value="fr" selected');
  t.is(attrs(z.string(), { typed: ['fr'] }, option, 'de'), 'value="de"');
  t.is(attrs(z.string(), { typed: ['fr'] }, { name: 'option', written: { value: 'fr' } }), 'selected');
  t.is(attrs(z.array(z.string()), { typed: ['a', 'b'] }, option, 'b'), 'value="b" selected');
  t.is(attrs(z.enum(['a']), { typed: ['a'] }, { name: 'select' }), 'name="f" required');
  t.is(attrs(z.array(z.string()).min(1), {}, { name: 'select' }), 'name="f[]" multiple required');
  t.is(
    attrs(z.string().min(2).max(9), { typed: ['x'] }, { name: 'textarea' }),
    'name="f" required maxlength="9"',
  );
});

test('types that the author wrote', (t) => {
  t.is(attrs(z.string().min(2), { typed: ['x'] }, { written: { type: 'hidden' } }), 'name="f" value="x"');
  t.is(attrs(z.int().min(1), {}, { written: { type: 'range' } }), 'name="f" min="1"');
  t.is(attrs(z.array(z.any()).min(1), {}, { written: { type: 'file' } }), 'name="f[]" multiple required');
  t.is(attrs(z.string().min(2), {}, { written: { type: null } }), 'name="f" required');
});

test('an attribute that the author wrote is left out', (t) => {
  const written = { name: 'g', value: null, required: '', maxlength: '5', 'aria-describedby': 'hint' };
  t.is(
    attrs(z.string().min(2).max(9), { typed: ['x'], error: 'no' }, { written }),
    'minlength="2" aria-invalid="true"',
  );
});

test('an error is announced to screen readers', (t) => {
  t.is(attrs(z.string(), { error: 'too short' }), 'name="f" aria-invalid="true" aria-describedby="f-error"');
});

test('without a schema the name and the value are printed', (t) => {
  t.is(attrs(z.string(), { schema: undefined, typed: ['x'] }), 'name="f" value="x"');
});

test('a checkbox of a boolean is checked by what is true, whatever value the author gives it', (t) => {
  const written = { type: 'checkbox', value: '1' };
  for (const [typed, shown] of [
    ['on', 'name="f" checked'],
    ['1', 'name="f" checked'],
    ['off', 'name="f"'],
  ] as const)
    t.is(attrs(z.boolean(), { typed: [typed] }, { written }), shown);
});
