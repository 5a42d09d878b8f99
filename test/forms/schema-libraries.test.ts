// The same form in each schema library, seen in a page: the attributes of its fields, the values that its texts become, and the
// messages. docs/forms.md has the table.

import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { karrigell } from '../../engine/index.ts';
import { visit } from '../../engine/visit/index.ts';
import { folderWith } from '../folder.ts';
import { visitorWithPackages } from './visitor-with-packages.ts';

const SCHEMAS: Readonly<Record<string, string>> = {
  zod: `import { z } from 'zod';
const schema = z.object({
  email: z.email(), name: z.string().min(2).max(20), age: z.int().min(18).max(99), price: z.number().multipleOf(0.5).optional(),
  news: z.boolean(), tags: z.array(z.string()), size: z.enum(['s', 'l']), born: z.date(), site: z.url().optional(),
  agree: z.literal(true), plate: z.string().regex(/^\\d{4}$/).optional(), day: z.iso.date().optional(),
});`,
  valibot: `import * as v from 'valibot';
const schema = v.object({
  email: v.pipe(v.string(), v.email()), name: v.pipe(v.string(), v.minLength(2), v.maxLength(20)),
  age: v.pipe(v.number(), v.integer(), v.minValue(18), v.maxValue(99)), price: v.optional(v.pipe(v.number(), v.multipleOf(0.5))),
  news: v.boolean(), tags: v.array(v.string()), size: v.picklist(['s', 'l']), born: v.date(),
  site: v.optional(v.pipe(v.string(), v.url())), agree: v.literal(true),
  plate: v.optional(v.pipe(v.string(), v.regex(/^\\d{4}$/))), day: v.optional(v.pipe(v.string(), v.isoDate())),
});`,
  arktype: `import { type } from 'arktype';
const schema = type({
  email: 'string.email', name: '2 <= string <= 20', age: '18 <= number.integer <= 99', 'price?': 'number',
  news: 'boolean', tags: 'string[]', size: "'s' | 'l'", born: 'Date', 'site?': 'string.url', agree: 'true',
  'plate?': '/^\\\\d{4}$/', 'day?': 'string.date.iso',
});`,
};

const NAMES = [
  'email',
  'name',
  'age',
  'price',
  'news',
  'tags',
  'size',
  'born',
  'site',
  'agree',
  'plate',
  'day',
];

function pageOf(library: string): string {
  const inputs = NAMES.map((name) => `<input <%= form.attrs('${name}') %>>`).join('\n');
  return `<% ${SCHEMAS[library]} const form = await Form(schema); -%>
<form method="post">${inputs}<button>Send</button></form>
<pre><%= JSON.stringify({ ok: form.ok, data: form.data, wrong: Object.keys(form.errors).sort() }) %></pre>`;
}

/** The attributes that the libraries tell, by the field. */
const TOLD: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  email: { type: 'email', required: '' },
  name: { required: '', minlength: '2', maxlength: '20' },
  age: { type: 'number', required: '', min: '18', max: '99' },
  price: { type: 'number', step: '0.5' },
  news: { type: 'checkbox' },
  tags: { name: 'tags[]' },
  size: { required: '' },
  born: { type: 'date', required: '' },
  site: { type: 'url' },
  agree: { type: 'checkbox', required: '' },
  plate: { pattern: '\\d{4}' },
  day: { type: 'date' },
};

const DIFFERENT: Readonly<Record<string, typeof TOLD>> = {
  // Here no step of the price is given, and the pattern of an ISO date allows a time.
  arktype: { price: { type: 'number', step: 'any' }, day: {} },
};

const TYPED = {
  email: 'a@b.de',
  name: 'Jean',
  age: '20',
  price: '',
  news: true,
  'tags[]': 'x',
  size: 's',
  born: '2001-02-03',
  site: '',
  agree: true,
  plate: '',
  day: '2026-01-02',
};

for (const library of Object.keys(SCHEMAS)) {
  test(`${library}: the attributes of fields`, async (t) => {
    const v = await visitorWithPackages(t, { 'index.pih': pageOf(library) });
    await v.open('/');
    t.is(v.status, 200, v.text);
    for (const name of NAMES) {
      const expected = { name, ...(DIFFERENT[library]?.[name] ?? TOLD[name]) };
      const attributes = v.find(`[name="${expected.name}"]`)?.attributes;
      t.deepEqual({ ...attributes }, expected, `${library} ${name}`);
    }
  });

  test(`${library}: texts become values, and each field that is wrong has a message`, async (t) => {
    const v = await visitorWithPackages(t, { 'index.pih': pageOf(library) });
    await v.open('/');
    await v.submit('form', TYPED);
    t.deepEqual(JSON.parse(v.find('pre')?.text ?? ''), {
      ok: true,
      data: {
        email: 'a@b.de',
        name: 'Jean',
        age: 20,
        news: true,
        tags: ['x'],
        size: 's',
        born: '2001-02-03T00:00:00.000Z',
        agree: true,
        day: '2026-01-02',
      },
      wrong: [],
    });
    await v.open('/');
    await v.submit('form', { 'tags[]': 'x' });
    const { ok, wrong } = JSON.parse(v.find('pre')?.text ?? '');
    t.false(ok);
    t.deepEqual(wrong, ['age', 'agree', 'born', 'email', 'name', 'size']);
  });
}

test('valibot without its converter validates texts, and tells nothing of the fields', async (t) => {
  const root = await folderWith(t, { 'site/index.pih': pageOf('valibot') });
  await mkdir(join(root, 'node_modules'));
  const valibot = fileURLToPath(import.meta.resolve('valibot')).replace(/valibot\/dist\/.*/, 'valibot');
  await cp(valibot, join(root, 'node_modules/valibot'), { recursive: true });
  const app = await karrigell({
    root_dir: join(root, 'site'),
    debug: false,
    watch: false,
    log: false,
    on_message: () => {},
  });
  t.teardown(() => app.close());
  const v = await visit(app);
  await v.open('/');
  t.deepEqual(v.find('[name=age]')?.attributes, { name: 'age' });
  await v.submit('form', { email: 'a@b.de', name: 'Jean', age: '20', size: 's' });
  const { ok, wrong } = JSON.parse(v.find('pre')?.text ?? '');
  t.false(ok);
  t.true(wrong.includes('age'), 'the text 20 is no number');
  t.false(wrong.includes('name'));
});
