// form.attrs() in pages: `<input <%= form.attrs('email') %>>` (docs/forms.md).

import test from 'ava';
import { compile, Problem } from '../../engine/index.ts';
import { folderWith } from '../folder.ts';
import { visitorWithPackages } from '../forms/visitor-with-packages.ts';

const SCHEMA = `<% import { z } from 'zod';
const form = await Form(z.object({
  email: z.email('No address'), age: z.int('No number').min(18, 'Too young'), news: z.boolean(),
  size: z.enum(['s', 'l'], 'No size'), tags: z.array(z.string()), note: z.string().max(5, 'Too long').optional(),
})) -%>`;

const PAGE = `${SCHEMA}
<form method="post"><input id="e" <%= form.attrs('email') %>><b><%= form.error('email') %></b>
<input <%= form.attrs('age') %>><input <%= form.attrs('news') %>>
<select <%= form.attrs('size') %>><% for (const size of ['s', 'l']) { %><option <%= form.attrs('size', size) %>><%= size %></option><% } %></select>
<input type="checkbox" value="a" <%= form.attrs('tags') %>><input type="checkbox" value="b" <%= form.attrs('tags') %>>
<textarea <%= form.attrs('note') %>><%= form.values.note %></textarea><button>Send</button></form>
<pre><%= JSON.stringify(form.data) %></pre>`;

test('a form is shown, refused with its typed values, and accepted', async (t) => {
  const v = await visitorWithPackages(t, { 'index.pih': PAGE });
  await v.open('/');
  t.is(v.find('#e')?.html, '<input id="e" name="email" type="email" required="">');
  t.is(v.find('[name=age]')?.html, '<input name="age" type="number" required="" min="18">');
  t.deepEqual(v.findAll('[aria-invalid]'), []);
  await v.submit('form', {
    email: 'nobody',
    age: 5,
    news: true,
    size: 'l',
    'tags[]': ['b'],
    note: 'much too long',
  });
  t.is(v.status, 200);
  t.is(
    v.find('#e')?.html,
    '<input id="e" name="email" type="email" value="nobody" required="" aria-invalid="true" aria-describedby="email-error">',
  );
  t.is(v.find('b')?.text, 'No address');
  t.is(v.find('select')?.value, 'l');
  t.deepEqual(
    v.findAll('[type=checkbox]').map(({ checked }) => checked),
    [true, false, true],
  );
  t.is(v.find('textarea')?.value, 'much too long');
  await v.submit('form', { email: 'a@b.de', age: 18, note: '' });
  t.deepEqual(JSON.parse(v.find('pre')?.text ?? ''), {
    email: 'a@b.de',
    age: 18,
    news: true,
    size: 'l',
    tags: ['b'],
  });
});

/** Tags as they are written, and as they are printed. */
const TAGS: Readonly<Record<string, string>> = {
  '<input <%= form.attrs("note") %>>': '<input name="note" maxlength="5">',
  '<input\n  <%= form.attrs("note") %>\n/>': '<input\n  name="note" maxlength="5"\n/>',
  '<input class="a"<%= form.attrs("note") %>>': '<input class="a" name="note" maxlength="5">',
  '<input disabled <%= form.attrs("note") %> autofocus>':
    '<input disabled name="note" maxlength="5" autofocus>',
  '<input <%= form.attrs("note") %> maxlength=9>': '<input  maxlength=9 name="note">',
  '<INPUT MaxLength="9" <%= form.attrs("note") %>>': '<INPUT MaxLength="9" name="note">',
  '<input type="<%= "tel" %>" <%= form.attrs("age") %>>': '<input type="tel" name="age" required>',
  '<input<% if (form.ok) { %> maxlength="3"<% } %> <%= form.attrs("note") %>>': '<input name="note">',
  '<input title="a > b" <%= form.attrs("note") %>>': '<input title="a > b" name="note" maxlength="5">',
  '<input <%= (form).attrs("note") %>>': '<input name="note" maxlength="5">',
  '<input <%= { form }.form.attrs("note") %>>': '<input name="note" maxlength="5">',
};

for (const [written, printed] of Object.entries(TAGS)) {
  test(`${JSON.stringify(written)} prints its attributes`, async (t) => {
    const v = await visitorWithPackages(t, { 'index.pih': `${SCHEMA}${written}` });
    await v.open('/');
    const expected = printed.replace('<input  maxlength=9 name="note">', '<input name="note" maxlength=9>');
    t.is(v.html.trim(), expected);
  });
}

test('a value cannot leave its attribute', async (t) => {
  const v = await visitorWithPackages(t, { 'index.pih': `${SCHEMA}<input <%= form.attrs("note") %>>` });
  for (const value of ['"><script>alert(1)</script>', "' onclick='x", '&quot;', '`', '\u0000<']) {
    await v.open(`/?note=${encodeURIComponent(value)}`);
    t.is(v.findAll('input').length, 1);
    t.deepEqual(
      Object.keys(v.find('input')?.attributes ?? {}).sort(),
      ['aria-describedby', 'aria-invalid', 'maxlength', 'name', 'value'].filter(
        (name) => value.length > 5 || !name.startsWith('aria'),
      ),
    );
  }
});

/** Places where attributes cannot be printed, with the code and the column of the error. */
const REFUSED: Readonly<Record<string, readonly [code: string, column: number]>> = {
  '<div <%= form.attrs("a") %>>': ['attrs-not-here', 6],
  '<meta <%= form.attrs("a") %>>': ['attrs-not-here', 7],
  '<input<%= form.attrs("a") %>>': ['output-in-tag', 7],
  '<input a<%= form.attrs("a") %>>': ['output-in-tag', 9],
  '<input <%= form.attrs("a") + "" %>>': ['output-in-tag', 8],
  '<input <%= form["attrs"]("a") %>>': ['output-in-tag', 8],
  '<input <%= form?.attrs("a") %>>': ['output-in-tag', 8],
  '<input <%= attrs("a") %>>': ['output-in-tag', 8],
  '<input <%= form.attrs("a") %>b>': ['branches-in-tag', 30],
  '</input <%= form.attrs("a") %>>': ['attrs-not-here', 9],
};

for (const [page, [code, column]] of Object.entries(REFUSED)) {
  test(`${page} is ${code}`, (t) => {
    const error = t.throws(() => compile(page), { instanceOf: Problem });
    t.is(String(error?.code), code);
    t.is(error?.column, column);
  });
}

test('only attributes that Form made are printed as attributes', async (t) => {
  const v = await visitorWithPackages(t, {
    'index.pih':
      '<% const form = { attrs: (name: string) => `onclick=${name}` }; try { %><input <%= form.attrs("a") %>><% } catch (error) { %><p><%= Object(error).code %></p><% } %>',
  });
  await v.open('/');
  t.is(v.html, '<p>attrs-foreign</p>');
});

test('attributes are no text of an element', async (t) => {
  const v = await visitorWithPackages(t, { 'index.pih': `${SCHEMA}<p><%= form.attrs("note") %></p>` });
  await v.open('/');
  t.is(v.status, 500);
});

test('a page may add messages of its own', async (t) => {
  const v = await visitorWithPackages(t, {
    'index.pih': `${SCHEMA}<% form.errors.email = 'Taken'; %><input <%= form.attrs('email') %>><b><%= form.error('email') %></b><i><%= form.error('tags') %></i>`,
  });
  await v.open('/');
  t.is(v.find('b')?.text, 'Taken');
  t.is(v.find('input')?.attr('aria-invalid'), 'true');
  t.is(v.find('i')?.text, '');
});

test('a form is kept in a session of a persistent store', async (t) => {
  const files = {
    'index.pih': `${SCHEMA}<% const s = Session(); s.form = form; %>ok`,
    'again.pih':
      '<% const { ok, errors, values } = Session().form; %><%= JSON.stringify({ ok, errors, values }) %>',
  };
  const store = { store: 'json', dir: await folderWith(t, {}) } as const;
  const v = await visitorWithPackages(t, files, { persistent_session: store });
  await v.open('/?email=x&age=20&size=s&tags[]=a');
  t.is(v.text, 'ok');
  await v.open('/again');
  t.deepEqual(JSON.parse(v.text), {
    ok: false,
    errors: { email: 'No address' },
    values: { email: 'x', age: '20', size: 's', 'tags[]': ['a'] },
  });
});

test('a schema whose JSON Schema cannot be had still validates, and its fields stay texts', async (t) => {
  const v = await visitorWithPackages(t, {
    'index.pih': `<% const schema = { '~standard': { version: 1 as const, vendor: 'own',
      validate: (value: unknown) => ({ value }),
      jsonSchema: { input: () => { throw new Error('cannot be represented') } } } };
      const form = await Form(schema) %><%= JSON.stringify(form.data) %>`,
  });
  await v.open('/?age=5');
  t.is(v.status, 200);
  t.deepEqual(JSON.parse(v.text), { age: '5' });
});
