// RESPONSE.json(value): a value as JSON in place of the page's output (README.md, *Names of a page*).

import test from 'ava';
import { errorText } from '../../engine/http/error-page/error-text.ts';
import { printed, serveSite } from '../site-fixture.ts';

const SENT: Readonly<Record<string, readonly [value: string, text: string]>> = {
  'an object': [
    `{ a: 1, b: [true, null, 'x'], c: { d: '<>&"' } }`,
    '{"a":1,"b":[true,null,"x"],"c":{"d":"<>&\\""}}',
  ],
  'a string': [`'x'`, '"x"'],
  'a number': ['1.5', '1.5'],
  null: ['null', 'null'],
  'an empty list': ['[]', '[]'],
  'an undefined member is left out, as in JSON.stringify': [
    '{ a: undefined, b: [undefined] }',
    '{"b":[null]}',
  ],
  'a Date and an own toJSON': ['[new Date(0), { toJSON: () => 1 }]', '["1970-01-01T00:00:00.000Z",1]'],
  'an object of a class': ['new (class A { a = 1 })()', '{"a":1}'],
  'the same object twice': ['((o: object) => [o, o, { o }])({ a: 1 })', '[{"a":1},{"a":1},{"o":{"a":1}}]'],
  'markup is a string': [`{ row: html\`<b>\${'<'}</b>\` }`, '{"row":"<b>&lt;</b>"}'],
  'fields of the request': ['QUERY', '{}'],
};

for (const [title, [value, text]] of Object.entries(SENT)) {
  test(`${title} is sent as JSON`, async (t) => {
    const site = await serveSite(t, { 'index.pih': `<p>lost</p><% RESPONSE.json(${value}) %>` });
    const response = await site.get('/');
    t.is(await response.text(), text);
    t.is(response.headers.get('content-type'), 'application/json');
    t.is(response.status, 200);
  });
}

const REFUSED: Readonly<Record<string, readonly [value: string, path: string, kind: string]>> = {
  undefined: ['undefined as any', 'value', 'undefined'],
  'a function': ['{ a: [1, () => 1] }', 'value.a[1]', 'a function'],
  'a symbol': [`{ 'b c': Symbol() }`, 'value["b c"]', 'a symbol'],
  'a bigint': ['{ a: 1, n: 10n }', 'value.n', 'a bigint'],
  'a Map': ['[[], { m: new Map() }]', 'value[1].m', 'a Map'],
  'a Set': ['new Set()', 'value', 'a Set'],
  'a forgotten await': ['{ a: Promise.resolve(1) }', 'value.a', 'a Promise'],
  'an Error': ['{ e: new TypeError("x") }', 'value.e', 'an Error'],
  'a cycle': [
    '((o: any) => { o.a = { b: [o] }; return o })({})',
    'value.a.b[0]',
    'an object that contains itself',
  ],
};

for (const [title, [value, path, kind]] of Object.entries(REFUSED)) {
  test(`${title} is an error that names the path`, async (t) => {
    const site = await serveSite(t, { 'index.pih': `\n<% RESPONSE.json(${value}) %>` }, { debug: false });
    t.is((await site.get('/')).status, 500);
    const cause = site.logged[0]?.cause;
    t.is(Object(cause).code, 'response-json');
    const text = errorText(cause, site.folder);
    t.true(
      text.startsWith(`index.pih:2:13: response-json: RESPONSE.json cannot send ${path}: it is ${kind},`),
      text,
    );
  });
}

test('the status and the headers of the page stay, a JSON type of its own as well', async (t) => {
  const site = await serveSite(t, {
    'problem.pih': `<% RESPONSE.status = 422; RESPONSE.headers.set('Content-Type', 'application/problem+json'); RESPONSE.json({ a: 1 }) %>`,
    'html.pih': `<% RESPONSE.headers.set('Content-Type', 'text/html'); RESPONSE.json('<script>') %>`,
  });
  const problem = await site.get('/problem');
  t.is(problem.status, 422);
  t.is(problem.headers.get('content-type'), 'application/problem+json');
  t.is((await site.get('/html')).headers.get('content-type'), 'application/json');
});

test('a part may send it, HEAD sends no body, and a page that only calls it does not stream', async (t) => {
  const site = await serveSite(t, {
    'index.pih': `<% Layout('_l.pih'); Include('_part.pih') %>`,
    '_part.pih': '<% RESPONSE.json([1]) %>',
    '_l.pih': '<main><%= CONTENT %></main>',
  });
  t.is(await site.text('/'), '[1]');
  const head = await site.get('/', { method: 'HEAD' });
  t.is(head.headers.get('content-length'), '3');
  t.is(head.headers.get('content-type'), 'application/json');
  t.is(await site.app.render('/'), '[1]');
});

test('after RESPONSE.flush() it is an error', async (t) => {
  t.is(
    await printed(t, 'a<% await RESPONSE.flush(); try { RESPONSE.json(1) } catch { print("late") } %>'),
    'alate',
  );
});
