// The compiler checks the parameters of error codes. Each line behind `@ts-expect-error` must not compile: if it does, the
// build fails, because the expected error is missing.

import test from 'ava';
import type { Placeholder } from '../../engine/diagnostics/code-entry.ts';
import { CODES, type Code, type CodeWith, type PlaceholderOf } from '../../engine/diagnostics/codes.ts';
import { Problem, warning } from '../../engine/diagnostics/problem.ts';

const port = { host: 'localhost', port: 80 };
const dynamic: Readonly<Record<string, string>> = port === undefined ? {} : { key: 'x' };

test('a code without placeholders takes no parameters', (t) => {
  t.is(new Problem('text-in-class').text, CODES['text-in-class'].text);
  t.is(new Problem('text-in-class', { file: 'a.pih', line: 1 }).line, 1);
  // @ts-expect-error there is no placeholder `key`
  t.truthy(new Problem('text-in-class', { params: { key: 'x' } }));
  // @ts-expect-error there is no placeholder at all
  t.truthy(new Problem('text-in-class', { params: {} }));
});

test('a code with placeholders takes a parameter for each', (t) => {
  t.is(new Problem('port-in-use', { params: port }).text, 'port 80 of localhost is in use');
  // @ts-expect-error `params` is missing
  t.is(new Problem('port-in-use').text, 'port {port} of {host} is in use');
  // @ts-expect-error `params` is missing
  t.is(new Problem('port-in-use', { value: 80 }).text, 'port {port} of {host} is in use');
  // @ts-expect-error `host` is missing
  t.is(new Problem('port-in-use', { params: { port: 80 } }).text, 'port 80 of {host} is in use');
  // @ts-expect-error `hots` is no placeholder
  t.truthy(new Problem('port-in-use', { params: { ...port, hots: 'localhost' } }));
  // @ts-expect-error a parameter is a string or a number
  t.truthy(new Problem('port-in-use', { params: { port: 80, host: null } }));
  // @ts-expect-error the names of a dictionary are not known
  t.truthy(new Problem('config-repeated-key', { params: dynamic }));
});

test('a placeholder of the remedy needs its parameter, too', (t) => {
  t.is(new Problem('package-missing', { params: { name: 'pg' } }).remedy, 'Run: npm install pg');
  // @ts-expect-error `instead` stands in the remedy
  t.truthy(new Problem('not-erasable', { params: { what: 'enum' } }));
});

test('one of several codes takes the parameters of all of them', (t) => {
  const code: 'port-in-use' | 'cannot-listen' = port.port === 80 ? 'port-in-use' : 'cannot-listen';
  t.is(new Problem<'port-in-use' | 'cannot-listen'>(code, { params: { ...port, what: '' } }).code, code);
  const any = (one: Code) =>
    // @ts-expect-error nothing is known of the placeholders of any code
    new Problem(one);
  t.is(any('text-in-class').code, 'text-in-class');
});

test('warnings are checked as problems are', (t) => {
  t.is(warning('value-unused').code, 'value-unused');
  t.is(warning('param-missing', { params: { name: 'id' } }).code, 'param-missing');
  // @ts-expect-error `name` is missing
  t.is(warning('param-missing').code, 'param-missing');
  // @ts-expect-error there is no code of this name
  t.throws(() => warning('no-such-code'));
});

test('a set of codes is named by the placeholders that they may have', (t) => {
  const hasNone: CodeWith<never> = 'text-in-class';
  const hasPlace: CodeWith<'place'> = 'output-in-tag';
  // @ts-expect-error it has the placeholder `place`
  const wrong: CodeWith<never> = 'output-in-tag';
  t.deepEqual([hasNone, hasPlace, wrong], ['text-in-class', 'output-in-tag', 'output-in-tag']);
});

test('all texts are literals that the compiler reads', (t) => {
  type Mismatch = string extends Placeholder<'{a} { b } {"c": 1} `{d}` { e: {f} } {} {g'> ? true : false;
  const found: readonly Placeholder<'{a} { b } {"c": 1} `{d}` { e: {f} } {} {g'>[] = ['a', 'd', 'f'];
  const mismatch: Mismatch = false;
  // @ts-expect-error not a placeholder
  const other: Placeholder<'{a} { b }'> = 'b';
  t.deepEqual([...found, other, mismatch], ['a', 'd', 'f', 'b', false]);
  for (const { text, remedy } of Object.values(CODES)) {
    for (const [, inner = ''] of `${text} ${remedy}`.matchAll(/\{([^{}]*)\}/g)) {
      const isPlain = /[\s"'`,;:.…(<[\-$]/.test(inner);
      t.true(isPlain || /^\w+$/.test(inner), `{${inner}} is neither a placeholder nor ordinary text`);
    }
  }
});

test('every text is one literal', (t) => {
  // A text that is put together with + has the type string: its placeholders are not known.
  const isUnknown: string extends PlaceholderOf<Code> ? true : false = false;
  t.false(isUnknown);
});
