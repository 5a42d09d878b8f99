// Which fields are secret in a site (docs/forms.md, *Secrets*): words of the configuration, and fields that a page shows as
// passwords.

import test from 'ava';
import { visitorWithPackages } from '../forms/visitor-with-packages.ts';

const FORM = `<% import { z } from 'zod';
const form = await Form(z.looseObject({ kennwort: z.string().min(20, 'too short') })) -%>
<form method="post"><input type="PASSWORD" <%= form.attrs('kennwort') %>><input name="tax_id"><input type="password" name="geheim">
<input name="open"><button>Send</button></form><pre><%= JSON.stringify(form.values) %></pre>`;

const TYPED = { kennwort: 'one', tax_id: 'two', geheim: 'three', open: 'four' };

test('a secret is not among the values, by its type or by a word of the configuration', async (t) => {
  const v = await visitorWithPackages(t, { 'index.pih': FORM }, { secret_fields: ['taxId'] });
  await v.open('/');
  await v.submit('form', TYPED);
  t.is(v.find('pre')?.text, '{"open":"four"}');
  t.is(v.find('[name=kennwort]')?.value, '');
});

test('the error page masks the same fields, and fields that another page has shown as passwords', async (t) => {
  const files = {
    'index.pih': FORM.replace('<form', '<form action="/take"'),
    'take.pih': '<% throw new Error("broken"); %>',
  };
  const v = await visitorWithPackages(t, files, { secret_fields: ['taxId'], debug: true });
  await v.open('/');
  await v.submit('form', TYPED);
  t.is(v.status, 500);
  t.true(v.text.includes('four'));
  for (const secret of ['one', 'two', 'three']) t.notRegex(v.text, new RegExp(`\\b${secret}\\b`));
});

test('an object that is thrown is masked in the log as well', async (t) => {
  const written: string[] = [];
  const { messages } = await import('../../engine/process/messages.ts');
  for (const log of ['text', 'json'] as const) {
    const say = messages({
      write: (text) => written.push(text),
      now: () => 0,
      colours: false,
      settings: () => ({ root_dir: '/', log, secret_fields: ['taxId'] }),
    });
    say('error', 'failed', { taxId: 'DE123', password: 'hunter2', name: 'Jean' });
  }
  t.is(written.length, 2);
  for (const line of written) {
    t.notRegex(line, /DE123|hunter2/);
    t.regex(line, /Jean/);
  }
});

test('a list of passwords is as secret as one', async (t) => {
  const page = `<% import { z } from 'zod';
const form = await Form(z.object({ words: z.array(z.string().min(9)) })) -%>
<form method="post"><input type="password" <%= form.attrs('words') %>><button>Send</button></form><pre><%= JSON.stringify(form.values) %></pre>`;
  const v = await visitorWithPackages(t, { 'index.pih': page });
  await v.open('/');
  await v.submit('form', { 'words[]': 'hunter2' });
  t.is(v.find('pre')?.text, '{}');
});

test('no message repeats a secret, and those of the whole form stand under the empty name', async (t) => {
  const page = `<% import { type } from 'arktype';
const form = await Form(type({ pin: /^\\d{4}$/, name: 'string > 1', again: 'string' }).narrow(
  (data, ctx) => data.name === data.again || ctx.mustBe('a pair'))) -%>
<form method="post"><input name="pin"><input name="name"><input name="again"><button>Send</button></form>
<pre><%= JSON.stringify(form.errors) %></pre>`;
  const v = await visitorWithPackages(t, { 'index.pih': page });
  await v.open('/');
  await v.submit('form', { pin: 'hunter"2', name: 'a', again: 'a' });
  t.is(JSON.parse(v.find('pre')?.text ?? '').pin, 'Is not valid.');
  t.regex(JSON.parse(v.find('pre')?.text ?? '').name, /length/);
  await v.submit('form', { pin: '1234', name: 'anna', again: 'anne' });
  t.deepEqual(JSON.parse(v.find('pre')?.text ?? ''), { '': 'Is not valid.' });
});
