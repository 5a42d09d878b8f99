import test from 'ava';
import fc from 'fast-check';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { encodeAttribute } from '../../engine/session/format/codec/encode-values.ts';
import { parsedRecord, serializedRecord } from '../../engine/session/format/serialized-store.ts';
import { emptyRecord } from '../../engine/session/format/session-record.ts';
import { disallowed } from './disallowed.ts';
import { inFull, values } from './storable.ts';

/** The text of a value as attribute `x`. */
const encoded = (value: unknown) => encodeAttribute({ x: value }, 'x', 's.');

/** The whole text of a session with this attribute. */
function sessionText(value: unknown): string {
  const record = emptyRecord(0);
  record.data.x = value;
  return serializedRecord(record);
}

const again = (value: unknown) => parsedRecord(sessionText(value))?.data.x;

test('any nesting of storable values comes back as it was', (t) => {
  fc.assert(
    fc.property(values, (value) => inFull(again(value)) === inFull(value)),
    { numRuns: 500 },
  );
  t.pass();
});

test('a text that is read and written again is the same text', (t) => {
  fc.assert(
    fc.property(values, (value) => sessionText(again(value)) === sessionText(value)),
    { numRuns: 200 },
  );
  t.pass();
});

test('session-value-unstorable: a piece that cannot be kept is named by its path, however deep it is', (t) => {
  fc.assert(
    fc.property(disallowed, ({ value, path, type }) => {
      const problem = t.throws(() => sessionText(value), { instanceOf: Problem });
      t.is(problem?.code, 'session-value-unstorable');
      t.is(problem?.text, `${path} holds ${type}, which cannot be stored outside memory`);
    }),
    { numRuns: 500 },
  );
});

test('plain data is plain JSON; the rest has a readable tag', (t) => {
  t.is(encoded({ a: [1, 'x', null, true] }), '{"a":[1,"x",null,true]}');
  t.is(encoded(new Date(0)), '{"$date":"1970-01-01T00:00:00.000Z"}');
  t.is(encoded(new Map([['a', 1n]])), '{"$map":[["a",{"$bigint":"1"}]]}');
  t.is(encoded(new Set([undefined])), '{"$set":[{"$undefined":true}]}');
  t.is(encoded([-0, Number.NaN]), '[{"$number":"-0"},{"$number":"NaN"}]');
  t.is(encoded({ $date: 1 }), '{"$$date":1}');
  t.is(encoded(Object.assign([], { 2: 'x' })), '[{"$holes":2},"x"]');
  t.is(encoded(Object.assign([1], { length: 4 })), '[1,{"$holes":3}]');
  t.is(encoded(Object.assign(Object.create(null), { a: 1 })), '{"$no_prototype":{"a":1}}');
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

test('an object without a prototype (QUERY is one) comes back without one', (t) => {
  const query = Object.assign(Object.create(null), JSON.parse('{"__proto__":"1"}'), { a: '1' });
  const back = again(query);
  t.is(Object.getPrototypeOf(back), null);
  t.is(Reflect.get(Object(back), 'constructor'), undefined);
  t.is(inFull(back), inFull(query));
});

test('a frozen or sealed value comes back as one that can be changed', (t) => {
  t.deepEqual(again(Object.freeze([Object.seal({ a: 1 })])), [{ a: 1 }]);
  t.false(Object.isFrozen(again(Object.freeze([1]))));
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
  [{ [Symbol('s')]: 1 }, 's.x[Symbol(s)]', 'symbol as key'],
  [new Error('secret'), 's.x', 'an instance of Error'],
  [Buffer.from('x'), 's.x', 'an instance of Buffer'],
  [new (class List extends Array {})(), 's.x', 'an instance of List'],
  [new (class Index extends Map {})(), 's.x', 'an instance of Index'],
  [deep, 's.x[0]', 'nested more than'],
];
refused.push(
  [10n ** 10_000n, 's.x', 'a BigInt of more than 10000 digits'],
  [new Proxy({}, { ownKeys: () => ['b'] }), 's.x.b', 'its Proxy names and does not have'],
  [Proxy.revocable({}, {}), 's.x.revoke', 'a function'],
  [revoked(), 's.x', 'an object whose own code throws'],
  [{ map: new Proxy(new Map([[1, 1]]), {}) }, 's.x.map', 'an object whose own code throws'],
);

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

for (const [value, path, type] of refused) {
  test(`session-value-unstorable: ${type} at ${path}`, (t) => {
    const problem = t.throws(() => encoded(value), { instanceOf: Problem });
    t.is(problem?.code, 'session-value-unstorable');
    t.true(problem?.message.startsWith(path), problem?.message);
    t.true(problem?.message.includes(type), problem?.message);
    t.false(problem?.message.includes('secret'));
  });
}

const far = Object.assign([], { 4294967294: 1 });
let doubled: unknown[] = ['x'];
for (let power = 0; power < 60; power++) doubled = [doubled, doubled];
const text = 'x'.repeat(2 ** 23);

const tooBig: [what: string, value: unknown, path: string][] = [
  ['a far index', far, 's.x holds a list of length 4294967295,'],
  [
    'a far index deep inside',
    { cart: [new Map([[1, far]])] },
    'the value of s.x.cart[0], entry 0 holds a list of',
  ],
  ['an index of a million', Object.assign([], { 1000000: 1 }), 's.x holds a list of length 1000001,'],
  [
    'an empty list that says it is long',
    Object.assign([], { length: 2 ** 32 - 1 }),
    's.x holds a list of length',
  ],
  ['many sparse lists', Array.from({ length: 50 }, () => Object.assign([], { 9999: 1 })), 's.x[26] holds'],
  ['references that double sixty times', doubled, 's.x[0][0]'],
  ['a text of 8 million characters', text, 's.x holds a text of 8388608 characters,'],
  ['a text that grows when it is escaped', '\u0000'.repeat(2 ** 21), 's.x holds data,'],
  ['a name of 8 million characters', { a: { [text]: 1 } }, `s.x.a["${'x'.repeat(60)}…"] holds a text`],
  [
    'a Map of a million',
    new Map(Array.from({ length: 1e6 }, (_, i) => [i, i])),
    's.x holds a Map of 1000000',
  ],
  ['a Set of a million', new Set(Array.from({ length: 1e6 }, (_, i) => i)), 's.x holds a Set of 1000000'],
  ['a Proxy of endless length', new Proxy([], { get: () => 2 ** 53 }), 's.x holds a list of length'],
];
for (const [what, value, path] of tooBig) {
  test(`session-too-big: ${what} is refused before anything is built of it`, (t) => {
    const problem = t.throws(() => sessionText(value), { instanceOf: Problem });
    t.is(problem?.code, 'session-too-big');
    t.true(problem?.text.startsWith(path), problem?.text);
  });
}

test('session-too-big: attributes and flash values count together', (t) => {
  const half = 'x'.repeat(5_000_000);
  const record = emptyRecord(0);
  record.data.one = half;
  t.notThrows(() => serializedRecord(record));
  record.flash.two = half;
  const problem = t.throws(() => serializedRecord(record), { instanceOf: Problem });
  t.regex(problem?.text ?? '', /^s\.one holds a text of 5000000 characters/);
});

test('a record of the greatest size can be read again', (t) => {
  const most = { text: 8_388_000, list: 8_388_000 / 34, holes: 262_000 };
  t.true(again('x'.repeat(most.text)) === 'x'.repeat(most.text));
  const list = new Array(Math.floor(most.list)).fill(1);
  t.is(JSON.stringify(again(list)), JSON.stringify(list));
  t.is((again(Object.assign([], { length: most.holes })) as unknown[]).length, most.holes);
});

test('a record comes back as it was, and its text is readable', (t) => {
  const record = emptyRecord(1000);
  record.data.name = 'Jean';
  Object.assign(record.data, JSON.parse('{"__proto__":[5]}'));
  record.flash.note = 'saved';
  record.timeouts.name = 5000;
  record.remember = true;
  record.cookie = { timeout: 5 };
  record.cookie_sent = 7;
  const text = serializedRecord(record);
  t.deepEqual(parsedRecord(text), record);
  t.regex(text, /^\{"karrigell":1,"created":"1970-01-01T00:00:01.000Z",.*"name":"Jean"/);
});

const WHOLE = serializedRecord(Object.assign(emptyRecord(0), { remember: true }));
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
  'with a timeout that is no number': WHOLE.replace('"data"', '"timeouts":{"a":"x"},"data"'),
  'with a time of its cookie that is no number': WHOLE.replace('"data"', '"cookie_sent":"x","data"'),
  'nested too deep': WHOLE.replace('"data":{}', `"data":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
};
for (const [what, json] of Object.entries({
  'with more holes than a list can have': '[{"$holes":4294967296}]',
  'with holes and holes': `[${'{"$holes":100000},'.repeat(50)}1]`,
  'with half a hole': '[{"$holes":0.5}]',
  'with fewer than no holes': '[1,2,{"$holes":-1}]',
  'with holes outside a list': '{"$holes":1}',
  'with a BigInt of 10,001 digits': `{"$bigint":"${'1'.repeat(10_001)}"}`,
  'with a BigInt that is a number': '{"$bigint":5}',
  'with an entry of three': '{"$map":[[1,2,3]]}',
  'with a prototype that is none': '{"$no_prototype":null}',
  'with more values than are ever written': `[${'1,'.repeat(300_000)}1]`,
  'longer than is ever written': JSON.stringify('x'.repeat(9_000_000)),
  'nested in tags': `${'{"$set":['.repeat(10_000)}${']}'.repeat(10_000)}`,
}))
  damaged[what] = WHOLE.replace('"data":{}', `"data":{"a":${json}}`);

for (const [what, text] of Object.entries(damaged)) {
  test(`a text that is ${what} is no record`, (t) => {
    t.not(text, WHOLE);
    t.is(parsedRecord(text), undefined);
  });
}
