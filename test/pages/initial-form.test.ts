// The values that a form shows before it is sent (docs/forms.md): Form(schema, { initial }).

import test from 'ava';
import { visitorWithPackages } from '../forms/visitor-with-packages.ts';

const SCHEMA = `import { z } from 'zod';
const schema = z.object({ email: z.email('No address'), age: z.int(), news: z.boolean(), colors: z.array(z.string()), password: z.string().optional() });`;

const FIELDS = `<form method="post"><input <%= form.attrs('email') %>><input <%= form.attrs('age') %>><input <%= form.attrs('news') %>>
<input type="checkbox" <%= form.attrs('colors', 'red') %>><input type="checkbox" <%= form.attrs('colors', 'blue') %>>
<input type="password" <%= form.attrs('password') %>><p><%= form.error('email') %></p><button>Save</button></form>
<pre><%= JSON.stringify([form.ok, form.values, form.errors]) %></pre>`;

const EDIT = `<% ${SCHEMA}
const account = { id: 7, email: 'a@b.de', age: 41, news: true, colors: ['blue'], password: 'secret' };
const form = await Form(schema, { initial: { values: account } });
-%>${FIELDS}`;

test('the values of a record are shown, checked and chosen, but secrets are not', async (t) => {
  const v = await visitorWithPackages(t, { 'index.pih': EDIT });
  await v.open('/?lang=de');
  t.is(v.find('[name=email]')?.value, 'a@b.de');
  t.is(v.find('[name=age]')?.value, '41');
  t.true(v.find('[name=news]')?.checked);
  t.deepEqual(
    v.findAll('[name="colors[]"]').map(({ checked }) => checked),
    [false, true],
  );
  t.false(v.html.includes('secret'));
  t.is(v.find('p')?.text, '');
  t.is(v.find('[aria-invalid]'), undefined);
});

test('fields that were sent are shown in place of the initial ones', async (t) => {
  const v = await visitorWithPackages(t, { 'index.pih': EDIT });
  await v.open('/');
  await v.submit('form', { email: 'nobody', news: false, 'colors[]': [] });
  t.is(v.find('[name=email]')?.value, 'nobody');
  t.false(v.find('[name=news]')?.checked);
  t.is(v.find('p')?.text, 'No address');
  t.false(v.html.includes('a@b.de'));
});

const KEPT = `<% ${SCHEMA}
const s = Session();
const form = await Form(schema, { initial: s.get('account') });
if (REQUEST.method === 'POST') {
  s.account = form;
  redirect('/');
}
-%>${FIELDS}`;

test('an earlier result in the session is shown with its messages, after each reload', async (t) => {
  const v = await visitorWithPackages(t, { 'index.pih': KEPT });
  await v.open('/');
  t.is(v.find('[name=email]')?.value, '');
  await v.submit('form', { email: 'nobody', age: '41', 'colors[]': ['red'], password: 'secret' });
  for (const _ of [1, 2]) {
    await v.open('/');
    t.is(v.find('[name=email]')?.value, 'nobody');
    t.is(v.find('p')?.text, 'No address');
    t.deepEqual(
      v.findAll('[name="colors[]"]').map(({ checked }) => checked),
      [true, false],
    );
    t.false(v.html.includes('secret'));
  }
});

test('a kept form is shown in place of the initial values', async (t) => {
  const v = await visitorWithPackages(t, {
    'index.pih': `<% ${SCHEMA}
const form = await Form(schema, { initial: { values: { email: 'a@b.de' } } });
if (REQUEST.method === 'POST') return form.retry();
-%>${FIELDS}`,
  });
  await v.open('/');
  await v.submit('form', { email: 'nobody' });
  t.is(v.find('[name=email]')?.value, 'nobody');
  await v.open('/');
  t.is(v.find('[name=email]')?.value, 'a@b.de');
});

test('a value that no field can show is an error that names the field', async (t) => {
  const v = await visitorWithPackages(t, {
    'index.pih': `<% ${SCHEMA}
const none: any = { values: { email: { text: 'a@b.de' } } };
try { await Form(schema, { initial: none }) } catch (error) { print((error as Error).message) } %>`,
  });
  await v.open('/');
  t.regex(v.text, /The initial value of the field 'email' is an object, which no field of a form can show/);
});
