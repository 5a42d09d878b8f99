// Form(schema): fields and uploads through Zod and Valibot, in pages that import them (README.md, *Names of a page*).

import { symlink } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import * as v from 'valibot';
import { z } from 'zod';
import { formsWithoutRequest } from '../../engine/adapters/forms-without-request.ts';
import { form } from '../../engine/runtime/form.ts';
import type { PageScope } from '../../engine/runtime/page-types.ts';
import { SchemaReader } from '../../engine/runtime/schema-reader.ts';
import { serveSite, type TestSite } from '../site-fixture.ts';

/** A site whose pages can import the packages that are installed here. */
async function siteWithPackages(
  t: ExecutionContext,
  files: Readonly<Record<string, string>>,
): Promise<TestSite> {
  const site = await serveSite(t, files);
  const [packages = ''] = fileURLToPath(import.meta.resolve('zod')).split(`${sep}zod${sep}`);
  await symlink(packages, join(dirname(site.folder), 'node_modules'));
  return site;
}

function posted(fields: readonly (readonly [string, string | File])[]): RequestInit {
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  return { method: 'POST', body };
}

const READER = new SchemaReader((specifier) => import(specifier));

const RESULT =
  '<%- JSON.stringify({ ok: form.ok, data: form.data, errors: form.errors, values: form.values }) %>';

const ZOD = `<% import { z } from 'zod';
const form = await Form(z.object({
  name: z.string().min(2, 'too short').max(40),
  age: z.coerce.number('no number').int('not whole').min(18, 'too young'),
  color: z.array(z.enum(['red', 'blue'], 'no such color')).default([]),
  news: z.literal('on', 'agree').optional(),
})) %>${RESULT}`;

const VALIBOT = `<% import * as v from 'valibot';
const form = await Form(v.object({
  name: v.pipe(v.string('missing'), v.minLength(2, 'too short'), v.maxLength(40)),
  age: v.pipe(v.string('missing'), v.transform(Number), v.integer('not whole'), v.minValue(18, 'too young')),
  color: v.optional(v.array(v.picklist(['red', 'blue'], 'no such color')), []),
  news: v.optional(v.literal('on', 'agree')),
})) %>${RESULT}`;

for (const [library, page] of [
  ['Zod', ZOD],
  ['Valibot', VALIBOT],
] as const) {
  test(`${library}: right values give the output of the schema, and a list is there by its name without brackets`, async (t) => {
    const site = await siteWithPackages(t, { 'index.pih': page });
    const sent = posted([
      ['name', 'Zoë'],
      ['age', '20'],
      ['color[]', 'red'],
      ['color[]', 'blue'],
    ]);
    t.deepEqual(JSON.parse(await site.text('/', sent)), {
      ok: true,
      data: { name: 'Zoë', age: 20, color: ['red', 'blue'] },
      errors: {},
      values: { name: 'Zoë', age: '20', 'color[]': ['red', 'blue'] },
    });
    t.deepEqual(JSON.parse(await site.text('/?name=Zo&age=18&color[]=red')).data.color, ['red']);
  });

  test(`${library}: wrong values give the first message of each field, and the typed values`, async (t) => {
    const site = await siteWithPackages(t, { 'index.pih': page });
    const sent = posted([
      ['name', 'Z'],
      ['age', '1.5'],
      ['color[]', 'red'],
      ['color[]', 'green'],
      ['extra', '<b>'],
    ]);
    t.deepEqual(JSON.parse(await site.text('/', sent)), {
      ok: false,
      errors: { name: 'too short', age: 'not whole', 'color.1': 'no such color' },
      values: { name: 'Z', age: '1.5', 'color[]': ['red', 'green'], extra: '<b>' },
    });
  });

  test(`${library}: the first visit shows no errors, an empty form that was sent does`, async (t) => {
    const site = await siteWithPackages(t, { 'index.pih': page });
    t.deepEqual(JSON.parse(await site.text('/')), { ok: false, errors: {}, values: {} });
    const sent = JSON.parse(await site.text('/', { method: 'POST' }));
    t.false(sent.ok);
    t.deepEqual(Object.keys(sent.errors), ['name', 'age']);
    t.deepEqual(Object.keys(JSON.parse(await site.text('/?name=Zo')).errors), ['age']);
  });

  test(`${library}: no field can change the type of another one, or the prototype of objects`, async (t) => {
    const site = await siteWithPackages(t, { 'index.pih': page });
    const hostile = '/?name[]=Zoe&age=20&__proto__[]=a&__proto__=b&constructor=c&toString[]=d&[]=e';
    const { ok, errors } = JSON.parse(await site.text(hostile));
    t.false(ok);
    t.deepEqual(Object.keys(errors), ['name']);
    t.deepEqual(Object.getOwnPropertyNames(Object.prototype).includes('0'), false);
    t.deepEqual(site.logged, []);
  });
}

test('a list wins over a field of the same name, wherever it stands', async (t) => {
  const site = await siteWithPackages(t, {
    'index.pih': `<% import { z } from 'zod';
      const form = await Form(z.object({ a: z.unknown() })) %>${RESULT}`,
  });
  for (const query of ['/?a=1&a[]=2', '/?a[]=2&a=1']) {
    t.deepEqual(JSON.parse(await site.text(query)).data, { a: ['2'] });
  }
});

test('uploads are checked as files, beside the fields, and are not among the values', async (t) => {
  const site = await siteWithPackages(t, {
    'index.pih': `<% import { z } from 'zod'; import * as v from 'valibot';
      const image = z.file('no file').max(300_000, 'too big').mime(['image/png'], 'no picture');
      const form = await Form(z.object({ title: z.string(), photo: image, more: z.array(image).optional() }));
      const other = await Form(v.object({ photo: v.pipe(v.file('no file'), v.mimeType(['image/png'], 'no picture')) }));
      %><%- JSON.stringify([form.errors, other.errors, form.values, form.data?.more?.length, await form.data?.photo.text()]) %>`,
  });
  const png = (size: number) => new File(['x'.repeat(size)], 'a.png', { type: 'image/png' });
  const fields = [['title', 't']] as const;
  t.deepEqual(JSON.parse(await site.text('/', posted([...fields, ['photo', png(3)], ['more[]', png(1)]]))), [
    {},
    {},
    { title: 't' },
    1,
    'xxx',
  ]);
  const [big] = JSON.parse(await site.text('/', posted([...fields, ['photo', png(300_001)]])));
  t.deepEqual(big, { photo: 'too big' });
  const [text, textToo] = JSON.parse(
    await site.text('/', posted([...fields, ['photo', new File(['x'], 'a.txt', { type: 'text/plain' })]])),
  );
  t.deepEqual([text, textToo], [{ photo: 'no picture' }, { photo: 'no picture' }]);
  const [missing, missingToo] = JSON.parse(await site.text('/', posted([...fields, ['photo', 'a name']])));
  t.deepEqual([missing, missingToo], [{ photo: 'no file' }, { photo: 'no file' }]);
});

test('passwords and their like are checked, and not shown again', async (t) => {
  const site = await siteWithPackages(t, {
    'index.pih': `<% import { z } from 'zod';
      const form = await Form(z.looseObject({ password: z.string().min(9, 'too short') })) %>${RESULT}`,
  });
  const names = [
    'password',
    'newPassword',
    'password_2',
    'card[cvc]',
    'PIN',
    'passenger',
    'spinner',
    'passes[]',
  ];
  const sent = JSON.parse(await site.text('/', posted(names.map((name) => [name, 'abc']))));
  t.deepEqual(sent.errors, { password: 'too short' });
  t.deepEqual(sent.values, { passenger: 'abc', spinner: 'abc', 'passes[]': ['abc'] });
});

test('values are read like QUERY: a list that was not sent is empty, and nothing is inherited', async (t) => {
  const site = await siteWithPackages(t, {
    'index.pih': `<% import { z } from 'zod'; const { values, errors } = await Form(z.object({}));
      %><%= values['color[]'].length %>[<%= values.email %>][<%= values.toString %>][<%= errors.toString %>]`,
  });
  t.is(await site.text('/'), '0[][][]');
});

test('messages of nested fields stand under their path, messages of the whole form under the empty name', async (t) => {
  const site = await siteWithPackages(t, {
    'index.pih': `<% import { z } from 'zod';
      const json = z.string().transform((text) => JSON.parse(text)).pipe(z.object({ lines: z.array(z.object({ n: z.number('no number') })) }));
      const form = await Form(z.object({ cart: json, a: z.string() }).refine(() => false, 'never')) %>${RESULT}`,
  });
  const sent = (cart: string) => site.text(`/?a=1&cart=${encodeURIComponent(cart)}`);
  t.deepEqual(JSON.parse(await sent('{"lines":[{"n":1},{"n":"x"}]}')).errors, {
    'cart.lines.1.n': 'no number',
  });
  t.deepEqual(JSON.parse(await sent('{"lines":[]}')).errors, { '': 'never' });
});

test('schemas may check asynchronously, and a page may add errors of its own', async (t) => {
  const site = await siteWithPackages(t, {
    'index.pih': `<% import { z } from 'zod';
      const free = async (name: string) => { await null; return name !== 'taken' };
      const form = await Form(z.object({ name: z.string().refine(free, 'taken already') }));
      if (form.ok && form.data.name === 'root') form.errors.name = 'not you' %><%= form.errors.name %>`,
  });
  t.is(await site.text('/?name=taken'), 'taken already');
  t.is(await site.text('/?name=free'), '');
  t.is(await site.text('/?name=root'), 'not you');
});

test('a value that is no schema is an error at its position (form-schema)', async (t) => {
  const site = await siteWithPackages(t, {
    'undefined.pih': `a\n<% await Form(undefined) %>`,
    'object.pih': `a\n<% await Form({ name: 'string' }) %>`,
    'version.pih': `a\n<% await Form({ '~standard': { version: 2, validate: () => ({ value: 1 }) } }) %>`,
  });
  for (const page of ['undefined', 'object', 'version']) {
    t.is((await site.get(`/${page}`)).status, 500);
    const cause = site.logged.at(-1)?.cause;
    t.like(cause, { code: 'form-schema' });
    t.true(cause instanceof Error && new RegExp(`${page}\\.pih:2:(?:4|10)`).test(cause.stack ?? ''));
  }
});

test('a schema may be a function, as in ArkType, and its path may hold objects with keys', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% const issues = [{ message: 'no', path: [{ key: 'a' }, 0] }, { message: 'never', path: ['a', { key: 0 }] }];
      const validate = (input: unknown) => (input as { a?: string }).a === 'ok' ? { value: input } : { issues };
      const form = await Form(Object.assign(() => {}, { '~standard': { version: 1, vendor: 'own', validate } })) %>${RESULT}`,
  });
  t.deepEqual(JSON.parse(await site.text('/?a=1')).errors, { 'a.0': 'no' });
  t.deepEqual(JSON.parse(await site.text('/?a=ok')).data, { a: 'ok' });
});

test('a schema that fails itself is not taken for bad input', async (t) => {
  const site = await siteWithPackages(t, {
    'index.pih': `<% import { z } from 'zod'; await Form(z.object({}).transform(() => { throw new RangeError('own') })) %>`,
  });
  t.is((await site.get('/', { method: 'POST' })).status, 500);
  t.true(site.logged[0]?.cause instanceof RangeError);
});

test('the data is typed as the schema’s output', async (t) => {
  const scope = {
    QUERY: { age: '3' },
    FILES: {},
    REQUEST: { method: 'POST' },
    forms: formsWithoutRequest([]),
  } as unknown as PageScope;
  const byZod = await form(scope, READER, z.object({ age: z.coerce.number() }));
  const byValibot = await form(scope, READER, v.object({ age: v.pipe(v.string(), v.transform(Number)) }));
  if (byZod.ok) byZod.data.age satisfies number;
  if (byValibot.ok) byValibot.data.age satisfies number;
  // @ts-expect-error: without `ok` there may be no data
  byZod.data.age satisfies number;
  // @ts-expect-error: the output is no string
  if (byZod.ok) byZod.data.age satisfies string;
  // @ts-expect-error: the schema has no such field
  if (byValibot.ok) byValibot.data.name;
  t.deepEqual([byZod.data, byValibot.data], [{ age: 3 }, { age: 3 }]);
});
