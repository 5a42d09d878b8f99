import test from 'ava';
import fc from 'fast-check';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { encodeValue, fromJson } from '../../engine/session/codec.ts';
import { emptyRecord } from '../../engine/session/record.ts';
import { recordOf, recordText } from '../../engine/session/record-text.ts';
import { values } from './storable.ts';

const again = (value: unknown) => fromJson(JSON.parse(encodeValue(value, 's.x')));

test('any nesting of storable values comes back as it was', (t) => {
  fc.assert(
    fc.property(values, (value) => t.true(t.deepEqual(again(value), value))),
    { numRuns: 500 },
  );
});

test('a text that is read and written again is the same text', (t) => {
  fc.assert(
    fc.property(values, (value) => {
      const text = encodeValue(value, 's.x');
      return encodeValue(fromJson(JSON.parse(text)), 's.x') === text;
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test('plain data is plain JSON; the rest has a readable tag', (t) => {
  t.is(encodeValue({ a: [1, 'x', null, true] }, 's'), '{"a":[1,"x",null,true]}');
  t.is(encodeValue(new Date(0), 's'), '{"$date":"1970-01-01T00:00:00.000Z"}');
  t.is(encodeValue(new Map([['a', 1n]]), 's'), '{"$map":[["a",{"$bigint":"1"}]]}');
  t.is(encodeValue(new Set([undefined]), 's'), '{"$set":[{"$undefined":true}]}');
  t.is(encodeValue([-0, Number.NaN], 's'), '[{"$number":"-0"},{"$number":"NaN"}]');
  t.is(encodeValue({ $date: 1 }, 's'), '{"$$date":1}');
});

test('a key __proto__ stays a key', (t) => {
  const value = again(JSON.parse('{"__proto__":{"admin":true}}'));
  t.true(Object.hasOwn(Object(value), '__proto__'));
  t.is(Reflect.get(Object(value), 'admin'), undefined);
});

test('a shared reference comes back as two copies', (t) => {
  const shared = { n: 1 };
  t.deepEqual(again([shared, shared]), [{ n: 1 }, { n: 1 }]);
});

test('an object without a prototype (QUERY is one) is kept by its keys', (t) => {
  const query = Object.assign(Object.create(null), { a: '1' });
  t.deepEqual(again(query), { a: '1' });
});

class Cart {
  items = [];
}

const cyclic: { self?: object } = {};
cyclic.self = cyclic;
let deep: unknown[] = [];
for (let depth = 0; depth < 600; depth++) deep = [deep];

const refused: [unknown, string, string][] = [
  [() => 1, 's.x', 'a function'],
  [Symbol('x'), 's.x', 'a symbol'],
  [{ cart: [1, new Cart()] }, 's.x.cart[1]', 'an instance of Cart'],
  [{ 'a b': new Cart() }, 's.x["a b"]', 'an instance of Cart'],
  [new Map([['k', new Cart()]]), 'the value of s.x, entry 0', 'an instance of Cart'],
  [new Map([[new Cart(), 1]]), 'the key of s.x, entry 0', 'an instance of Cart'],
  [new Set([/x/]), 's.x, member 0', 'an instance of RegExp'],
  [cyclic, 's.x.self', '(a cycle)'],
  [{ [Symbol('s')]: 1 }, 's.x', 'symbol as key'],
  [new Error('secret'), 's.x', 'an instance of Error'],
  [Buffer.from('x'), 's.x', 'an instance of Buffer'],
  [new (class List extends Array {})(), 's.x', 'an instance of List'],
  [new (class Index extends Map {})(), 's.x', 'an instance of Index'],
  [deep, 's.x[0]', 'nested more than'],
];
for (const [value, path, type] of refused) {
  test(`session-value-unstorable: ${type} at ${path}`, (t) => {
    const problem = t.throws(() => encodeValue(value, 's.x'), { instanceOf: Problem });
    t.is(problem?.code, 'session-value-unstorable');
    t.true(problem?.message.startsWith(path), problem?.message);
    t.true(problem?.message.includes(type), problem?.message);
    t.false(problem?.message.includes('secret'));
  });
}

test('a record comes back as it was, and its text is readable', (t) => {
  const record = emptyRecord(1000);
  record.data.name = 'Jean';
  Object.assign(record.data, JSON.parse('{"__proto__":[5]}'));
  record.flash.note = 'saved';
  record.timeouts.name = 5000;
  record.remember = true;
  record.cookie = { timeout: 5 };
  record.cookie_sent = 7;
  const text = recordText(record);
  t.deepEqual(recordOf(text), record);
  t.regex(text, /^\{"karrigell":1,"created":"1970-01-01T00:00:01.000Z",.*"name":"Jean"/);
});

const WHOLE = recordText(Object.assign(emptyRecord(0), { remember: true }));
const damaged: Record<string, string> = {
  empty: '',
  cut: WHOLE.slice(0, -10),
  'not JSON': 'hello',
  'of a newer format': WHOLE.replace('"karrigell":1', '"karrigell":2'),
  'without data': '{"karrigell":1,"created":"1970-01-01T00:00:00.000Z"}',
  'without a date': WHOLE.replace(/"created":"[^"]*"/, '"created":"x"'),
  'with an unknown tag': WHOLE.replace('"data":{}', '"data":{"a":{"$regexp":"x"}}'),
  'with a wrong number': WHOLE.replace('"data":{}', '"data":{"a":{"$number":"5"}}'),
  'with a wrong date': WHOLE.replace('"data":{}', '"data":{"a":{"$date":"x"}}'),
  'with a wrong map': WHOLE.replace('"data":{}', '"data":{"a":{"$map":[1]}}'),
  'with a wrong set': WHOLE.replace('"data":{}', '"data":{"a":{"$set":{}}}'),
  'with a wrong bigint': WHOLE.replace('"data":{}', '"data":{"a":{"$bigint":"x"}}'),
  'with a wrong cookie': WHOLE.replace('"data"', '"cookie":{"path":5},"data"'),
  'nested too deep': WHOLE.replace('"data":{}', `"data":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
};
for (const [what, text] of Object.entries(damaged)) {
  test(`a record that is ${what} is none`, (t) => {
    t.not(text, WHOLE);
    t.is(recordOf(text), undefined);
  });
}
