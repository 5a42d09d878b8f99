// QUERY as an object: what a visitor can and cannot make of it.

import test from 'ava';
import { fieldsOf, queryFrom } from '../../engine/http/fields.ts';

const LIMITS = { fields: 10, field_name: 20, field_size: 100 };
const query = (encoded: string, body?: string) =>
  queryFrom(fieldsOf(encoded, LIMITS), body === undefined ? undefined : fieldsOf(body, LIMITS));

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

test('there is no prototype, and its names are names like any other', (t) => {
  const fields = query('__proto__=1&constructor=2');
  t.is(Object.getPrototypeOf(fields), null);
  t.deepEqual(Object.keys(fields), ['__proto__', 'constructor']);
  t.is(Reflect.get(fields, '__proto__'), '1');
  t.true(Reflect.get(query(''), 'toString') === undefined);
  t.is(Reflect.get(query(''), '__proto__'), undefined);
  t.false('constructor' in query(''));
});

test('it cannot be written, nor can its arrays', (t) => {
  const fields = query('a=1&b[]=2');
  t.throws(() => Object.assign(fields, { a: '2' }), { instanceOf: TypeError });
  t.throws(() => Object.assign(fields, { z: '2' }), { instanceOf: TypeError });
  t.true(Object.isFrozen(fields['b[]']));
  t.true(Object.isFrozen(fields['none[]']));
});

test('encodings are those of forms', (t) => {
  t.deepEqual({ ...query('a=b+c%2B%C3%A9&d&=e&f==') }, { a: 'b c+é', d: '', '': 'e', f: '=' });
});

test('sizes count as UTF-8', (t) => {
  t.notThrows(() => query(`a=${'é'.repeat(50)}`));
  t.throws(() => query(`a=${'é'.repeat(51)}`), { message: /'a' has more than 100 bytes/ });
});
