// Values in scripts are read back unchanged, and a value without a literal is an error that names its path.

import { runInNewContext } from 'node:vm';
import test from 'ava';
import fc from 'fast-check';
import { escapeJson, escapeJsonString } from '../../engine/escaping/json-escapers.ts';
import { escapeJsString, escapeJsValue } from '../../engine/escaping/script-escapers.ts';
import { randomRuns } from '../random-runs.ts';
import { HOSTILE } from './hostile.ts';

function evaluated(code: string): unknown {
  return runInNewContext(`(${code})`);
}

const text = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' })))
  .map((pieces) => pieces.join(''));

test('a string is the same in a script, in quotes of any kind', (t) => {
  fc.assert(
    fc.property(text, (value) => {
      t.is(evaluated(escapeJsValue(value)), value);
      for (const quote of ['"', "'", '`']) t.is(evaluated(`${quote}${escapeJsString(value)}${quote}`), value);
      t.is(JSON.parse(escapeJson(value)), value);
      t.is(JSON.parse(`"${escapeJsonString(value)}"`), value);
    }),
    { seed: 1, numRuns: randomRuns(300) },
  );
});

test('numbers, arrays and objects are the same in a script', (t) => {
  const json = fc.jsonValue({ stringUnit: 'binary' });
  fc.assert(
    fc.property(json, (value) => {
      t.deepEqual(JSON.parse(escapeJson(value)), JSON.parse(JSON.stringify(value)));
      t.is(JSON.stringify(evaluated(escapeJsValue(value))), JSON.stringify(value));
    }),
    { seed: 1, numRuns: randomRuns(300) },
  );
});

test('a key __proto__ is a key and no prototype', (t) => {
  const value: unknown = evaluated(escapeJsValue(JSON.parse('{"__proto__":{"polluted":1}}')));
  t.deepEqual(Object.keys(value ?? {}), ['__proto__']);
});

class Money {
  readonly amount = 1;
}

const circle: { inner: unknown[] } = { inner: [] };
circle.inner.push(circle);

const UNWRITABLE: readonly (readonly [value: unknown, path: string, kind: string])[] = [
  [{ a: [1, () => 1] }, 'the value.a[1]', 'a function'],
  [{ 'b c': new Map() }, 'the value["b c"]', 'an object of class Map'],
  [[new Money()], 'the value[0]', 'an object of class Money'],
  [Symbol('x'), 'the value', 'a symbol'],
  [circle, 'the value.inner[0]', 'an object that contains itself'],
];

for (const [value, path, kind] of UNWRITABLE) {
  test(`${path} is ${kind}: script-value`, (t) => {
    const error = t.throws(() => escapeJsValue(value), { code: 'script-value' });
    t.is(error.message, `${path} is ${kind}, which has no literal in JavaScript`);
  });
}

test('a bigint has no JSON, a promise no value', (t) => {
  t.throws(() => escapeJson([1n]), { code: 'script-value' });
  t.throws(() => escapeJsValue(Promise.resolve(1)), { code: 'output-promise' });
});

test('a value that appears twice without a circle is written twice', (t) => {
  const shared = { a: 1 };
  t.is(escapeJson([shared, shared]), '[{"a":1},{"a":1}]');
});
