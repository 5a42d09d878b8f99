// QUERY as an object: the effect of a visitor's field names and values.

import test from 'ava';
import { parsedFields, queryRecord } from '../../engine/http/form-fields.ts';
import { fakeSite } from './fake-site.ts';

const LIMITS = { fields: 10, field_name: 20, field_size: 100 };
const query = (encoded: string, body?: string) =>
  queryRecord(parsedFields(encoded, LIMITS), body === undefined ? undefined : parsedFields(body, LIMITS));

test('a name gives its first value, a name with [] always an array', (t) => {
  const fields = query('?a=1&a=2&b[]=3&b%5B%5D=4');
  t.is(fields.a, '1');
  t.deepEqual(fields['b[]'], ['3', '4']);
  t.deepEqual(fields['none[]'], []);
  t.is(fields.none, undefined);
  t.is(fields['a[]']?.length, 0);
  t.is(fields.b, undefined);
});

test('the body replaces a name of the query altogether', (t) => {
  const fields = query('a=1&b[]=1&b[]=2&c=3', 'a=9&b[]=9');
  t.deepEqual({ ...fields }, { a: '9', 'b[]': ['9'], c: '3' });
});

test('a record of fields has no prototype, and __proto__ is a name like any other', (t) => {
  const fields = query('__proto__=1&constructor=2');
  t.is(Object.getPrototypeOf(fields), null);
  t.deepEqual(Object.keys(fields), ['__proto__', 'constructor']);
  t.is(Reflect.get(fields, '__proto__'), '1');
  t.true(Reflect.get(query(''), 'toString') === undefined);
  t.is(Reflect.get(query(''), '__proto__'), undefined);
  t.false('constructor' in query(''));
});

test('a record of fields cannot be written, nor can its arrays', (t) => {
  const fields = query('a=1&b[]=2');
  t.throws(() => Object.assign(fields, { a: '2' }), { instanceOf: TypeError });
  t.throws(() => Object.assign(fields, { z: '2' }), { instanceOf: TypeError });
  t.true(Object.isFrozen(fields['b[]']));
  t.true(Object.isFrozen(fields['none[]']));
});

test('the encodings are the encodings of forms', (t) => {
  t.deepEqual({ ...query('a=b+c%2B%C3%A9&d&=e&f==') }, { a: 'b c+é', d: '', '': 'e', f: '=' });
});

test('sizes count as UTF-8', (t) => {
  t.notThrows(() => query(`a=${'é'.repeat(50)}`));
  t.throws(() => query(`a=${'é'.repeat(51)}`), { message: /'a' has more than 100 bytes/ });
});

const CHARSETS: readonly (readonly [type: string, body: Buffer, status: number, value?: string])[] = [
  ['application/x-www-form-urlencoded', Buffer.from('a=J%C3%BCrgen+x'), 200, 'Jürgen x'],
  ['application/x-www-form-urlencoded; charset=UTF-8', Buffer.from('a=Jürgen'), 200, 'Jürgen'],
  ['application/x-www-form-urlencoded; charset=iso-8859-1', Buffer.from('a=J%FCrgen+x'), 200, 'Jürgen x'],
  [
    'application/x-www-form-urlencoded;charset="ISO-8859-1"',
    Buffer.from('b=&a=J\xfcrgen', 'latin1'),
    200,
    'Jürgen',
  ],
  ['application/x-www-form-urlencoded; charset=windows-1252', Buffer.from('a=%80&&c'), 200, '€'],
  ['application/x-www-form-urlencoded; charset=shift_jis', Buffer.from('a=%93%FA%96{'), 200, '日本'],
  ['application/x-www-form-urlencoded; charset=windows-1251', Buffer.from('%61=%EF'), 200, 'п'],
  ['application/x-www-form-urlencoded; charset=nonsense', Buffer.from('a=1'), 415],
  ['application/x-www-form-urlencoded; charset=utf-16le', Buffer.from('a=1'), 415],
];

for (const [type, body, status, value] of CHARSETS) {
  test(`a form as ${type} of ${body.toString('latin1')} is ${value ?? status}`, async (t) => {
    const site = await fakeSite(t, {
      pages: {
        '/f': ({ QUERY, REQUEST }) => JSON.stringify([QUERY.a, Buffer.from(REQUEST.body).toString('latin1')]),
      },
    });
    const response = await site.ask('/f', { method: 'POST', body, headers: { 'content-type': type } });
    t.is(response.status, status); // body-charset
    if (value !== undefined) t.deepEqual(await response.json(), [value, body.toString('latin1')]);
  });
}

test('a form in another character encoding is held to the same limits', async (t) => {
  const site = await fakeSite(t, { pages: { '/f': () => 'never' } });
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=iso-8859-1' };
  for (const body of ['&'.repeat(1001), `${'n'.repeat(201)}=`, `a=${'v'.repeat(256_001)}`]) {
    t.is((await site.ask('/f', { method: 'POST', body, headers })).status, 413);
  }
});
