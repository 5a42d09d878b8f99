// When a form counts as sent, and several forms of one page (docs/forms.md): Form(schema, { id }).

import test from 'ava';
import { visitorWithPackages } from '../forms/visitor-with-packages.ts';

const RESULT = '<pre><%= JSON.stringify([form.ok, form.errors, form.values]) %></pre>';

/** A page with one form, which prints the state of the form. */
const ONE = `<% import { z } from 'zod';
const form = await Form(z.object({ q: z.string().min(2, 'too short'), all: z.boolean() })) -%>${RESULT}`;

const NOTHING_WRONG: Readonly<Record<string, unknown>> = {
  '/': [false, {}, {}],
  '/?lang=de': [false, {}, { lang: 'de' }],
  '/?q=': [false, { q: 'too short' }, { q: '' }],
  '/?q=ab': [true, {}, { q: 'ab' }],
  '/?lang=de&all=on': [
    false,
    { q: 'Invalid input: expected string, received undefined' },
    { lang: 'de', all: 'on' },
  ],
};

for (const [url, expected] of Object.entries(NOTHING_WRONG)) {
  test(`GET ${url}: a visitor who sends no field of the form has made no mistake`, async (t) => {
    const v = await visitorWithPackages(t, { 'index.pih': ONE });
    await v.open(url);
    t.deepEqual(JSON.parse(v.find('pre')?.text ?? ''), expected);
  });
}

test('a POST without any field is a form that was sent', async (t) => {
  const v = await visitorWithPackages(t, {
    'index.pih': `${ONE}<form method="post"><button>Send</button></form>`,
  });
  await v.open('/');
  await v.submit('form');
  t.deepEqual(JSON.parse(v.find('pre')?.text ?? '')[1], {
    q: 'Invalid input: expected string, received undefined',
  });
});

const TWO = `<% import { z } from 'zod';
const address = await Form(z.object({ email: z.email('No address'), city: z.string().min(1, 'No city') }), { id: 'address' });
const card = await Form(z.object({ email: z.email('No address'), holder: z.string().min(1, 'No name') }), { id: 'card' });
if (REQUEST.method === 'POST' && _logout) { %><b>logged out</b><% } -%>
<form id="a" method="post"><input type="hidden" name="form" value="address">
<input <%= address.attrs('email') %>><i id="address-email-error"><%= address.error('email') %></i>
<input <%= address.attrs('city') %>><button>Save</button></form>
<form id="c" method="post"><input <%= card.attrs('email') %>><input <%= card.attrs('holder') %>>
<button name="form" value="card">Pay</button></form>
<form id="o" method="post"><button name="logout" value="1">Log out</button></form>
<form id="n" method="post"><input name="city" value="x"><button>Wrong</button></form>
<pre><%= JSON.stringify([address.data, card.data]) %></pre>`;

test('of two forms the one that was sent is judged, and the other one is as it was', async (t) => {
  const v = await visitorWithPackages(t, { 'index.pih': TWO });
  await v.open('/');
  await v.submit('#a', { email: 'nobody', city: 'Bonn' });
  t.is(v.find('#a [name=email]')?.attributes['aria-describedby'], 'address-email-error');
  t.is(v.find('#address-email-error')?.text, 'No address');
  t.is(v.find('#a [name=city]')?.value, 'Bonn');
  t.is(v.find('#c [name=email]')?.value, '');
  t.is(v.find('#c [aria-invalid]'), undefined);
  await v.submit('#c', { email: 'a@b.de', holder: '' });
  t.is(v.find('#a [aria-invalid]'), undefined);
  t.is(v.find('#a [name=email]')?.value, '');
  t.is(v.find('#c [name=holder]')?.attributes['aria-invalid'], 'true');
  t.is(v.find('pre')?.text, '[null,null]');
  await v.submit('#a', { email: 'a@b.de', city: 'Bonn' });
  t.is(v.find('pre')?.text, '[{"email":"a@b.de","city":"Bonn"},null]');
});

test('a POST of another form of the page sends none of them', async (t) => {
  const v = await visitorWithPackages(t, { 'index.pih': TWO });
  await v.open('/');
  await v.submit('#o');
  t.is(v.status, 200);
  t.is(v.find('b')?.text, 'logged out');
  t.deepEqual(v.findAll('[aria-invalid]'), []);
});

test('fields of a form that does not say which one it is are refused (form-id-missing)', async (t) => {
  const v = await visitorWithPackages(t, { 'index.pih': TWO }, { debug: true });
  await v.open('/');
  await v.submit('#n');
  t.is(v.status, 400);
  t.true(v.text.includes("'address' was sent without the field 'form'"));
  t.true(v.text.includes('<input type="hidden" name="form" value="address">'));
});
