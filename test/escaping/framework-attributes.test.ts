// Attributes that a framework runs as code: any value in them is one literal of that code.

import { runInNewContext } from 'node:vm';
import test from 'ava';
import fc from 'fast-check';
import { randomRuns } from '../random-runs.ts';
import { HOSTILE } from './hostile.ts';
import { hostileText } from './hostile-text.ts';
import { refusal, withValue } from './rendered.ts';
import { elements, parsed, scriptTokens } from './structure.ts';

const CODE: Readonly<Record<string, readonly string[]>> = {
  alpine: [
    ...[
      'x-data',
      'X-Data',
      'x-init',
      'x-init.once',
      'x-show',
      'x-show.important',
      'x-if',
      'x-text',
      'x-html',
    ],
    ...['x-model', 'x-model.number.debounce', 'x-modelable', 'x-effect', 'x-on:click', 'x-on:click.prevent'],
    ...[
      'x-bind',
      'x-bind:class',
      'x-bind:style',
      '@click',
      '@keyup.enter',
      ':class',
      ':href',
      '::style',
      'x-for',
    ],
    ...[
      'x-id',
      'x-intersect',
      'x-intersect:enter.once',
      'x-trap.noscroll',
      'x-mask:dynamic',
      'x-anchor',
      'x-sort:item',
    ],
  ],
  vue: [
    ...[
      'v-if',
      'v-else-if',
      'v-for',
      'v-model',
      'v-model.trim',
      'v-html',
      'v-text',
      'v-on:click',
      'v-bind:title',
    ],
    ...[
      'v-bind:[key]',
      'v-memo',
      'v-own-directive',
      '@click.once',
      ':key',
      '.value',
      '#default',
      '#item.name',
    ],
    ...['v-slot', 'v-slot:header', 'slot-scope', 'v-scope', 'v-effect'],
  ],
  htmx: [
    'hx-on',
    'hx-on:click',
    'hx-on::after-request',
    'hx-on--load',
    'data-hx-on:click',
    'hx-vars',
    'data-hx-vars',
  ],
  angular: [
    'ng-click',
    'ng-init',
    'NG-IF',
    'ng:bind',
    'ng_repeat',
    'data-ng-class',
    'x-ng-show',
    'data-ng:if',
  ],
  datastar: [
    ...[
      'data-on:click',
      'data-on:click__debounce.500ms',
      'data-on-click',
      'data-on-load',
      'data-on-interval',
    ],
    ...[
      'data-signals',
      'data-signals:foo',
      'data-signals__ifmissing',
      'data-computed:x',
      'data-text',
      'data-show',
    ],
    ...[
      'data-class',
      'data-class:active',
      'data-attr',
      'data-attr:title',
      'data-bind',
      'data-bind:name',
      'data-effect',
    ],
    ...['data-init', 'data-style:color'],
  ],
};

const PLAIN: Readonly<Record<string, readonly string[]>> = {
  alpine: [
    'x-ref',
    'x-transition',
    'x-transition:enter',
    'x-transition.opacity',
    'x-teleport',
    'x-cloak',
    'x-ignore',
  ],
  htmx: ['hx-get', 'hx-target', 'hx-swap', 'hx-confirm', 'hxon', 'data-hx-get'],
  others: [
    ...[
      'class',
      'id',
      'title',
      'value',
      'data-x',
      'aria-label',
      'x-data-id',
      'x',
      'v',
      'ng',
      'x-mask',
      'x-placement',
    ],
    ...['data-online', 'data-shown', 'data-text-color', 'data-class-name', 'data-attribute', 'data-binding'],
    ...['data-signal', 'data-style', 'data-effects', 'data-initial', 'xlink:title', 'a@b', 'a:b'],
  ],
};

const ELEMENTS = ['p', 'x-widget', 'template', 'svg'];

function named(table: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.values(table).flat();
}

/** The attribute as a framework reads it, with references decoded. */
function attributeOf(html: string, name: string): string | undefined {
  const all = elements(parsed(html, true)).flatMap(({ attrs }) => attrs);
  return all.find((attribute) => attribute.name === name.toLowerCase())?.value;
}

function evaluated(code: string | undefined): unknown {
  return runInNewContext(`(${code})`);
}

/** Code with the value in it, and the function that takes the value from its result. */
const EXPRESSIONS: readonly (readonly [code: string, member: string | undefined, token: string])[] = [
  ['V', undefined, '"x"'],
  ['{ n: V }', 'n', '"x"'],
  ["{ n: 'V' }", 'n', 'x'],
  ['{ n: `V` }', 'n', 'x'],
  ['[1, V][1]', undefined, '"x"'],
];

test('a value in an attribute that runs as code is one value of that code, the same as was printed', (t) => {
  const attribute = fc.record({
    name: fc.constantFrom(...named(CODE)),
    element: fc.constantFrom(...ELEMENTS),
    quote: fc.constantFrom('"', "'"),
    expression: fc.constantFrom(...EXPRESSIONS),
    value: fc.oneof(fc.constantFrom(...HOSTILE), hostileText),
  });
  fc.assert(
    fc.property(attribute, ({ name, element, quote, expression: [code, member, token], value }) => {
      if (code.includes(quote)) return;
      const html = withValue(`<${element} ${name}=${quote}${code}${quote} id="end"></${element}>`, value);
      const found = attributeOf(html, name) ?? '';
      const result = evaluated(found);
      t.is(member === undefined ? result : Reflect.get(Object(result), member), value);
      t.is(attributeOf(html, 'id'), 'end');
      t.is(scriptTokens(found), scriptTokens(code.replace('V', token)));
    }),
    { seed: 1, numRuns: randomRuns(2000) },
  );
});

test('a string from data has no character that a framework rewrites before it runs the code', (t) => {
  for (const name of named(CODE)) {
    for (const code of ['V', "f('V', [V])"]) {
      const found = attributeOf(withValue(`<p ${name}="${code}">`, '{{1}} @get(1) $x ${y} `'), name) ?? '';
      t.notRegex(found, /\{\{|\}\}|@|\$|`/, name);
    }
  }
});

test('a value in an attribute that is a name or a text for its framework is that text', (t) => {
  for (const name of named(PLAIN)) {
    for (const value of ['a b', '"><b>', "it's", '{ a: 1 }', 'js:x']) {
      const html = withValue(`<p ${name}="V">`, value);
      t.is(attributeOf(html, name), value, name);
    }
  }
});

test('hx-vals, hx-headers and hx-request hold JSON, or code behind js:', (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom('hx-vals', 'data-hx-vals', 'hx-headers', 'hx-request'),
      hostileText,
      (name, value) => {
        const read = (code: string) => attributeOf(withValue(`<p ${name}='${code}'>`, value), name) ?? '';
        t.deepEqual(JSON.parse(read(' {"a": V, "b": "V", "c": ["a V b"]}')), {
          a: value,
          b: value,
          c: [`a ${value} b`],
        });
        t.deepEqual(JSON.parse(`{${read('"a": V')}}`), { a: value });
        t.deepEqual({ ...Object(evaluated(read('js:{a: V, b: "V"}').slice(3))) }, { a: value, b: value });
        t.deepEqual({ ...Object(evaluated(read(' javascript: {a: V}').slice(12))) }, { a: value });
      },
    ),
    { seed: 1, numRuns: randomRuns(300) },
  );
  t.is(refusal('<p hx-vals="V">'), 'output-before-values');
});

test('an event of hx-trigger that a value names gets no condition', (t) => {
  fc.assert(
    fc.property(hostileText, (value) => {
      t.notRegex(
        attributeOf(withValue('<p hx-trigger="click, V from:V">', value), 'hx-trigger') ?? '',
        /[[\]]/,
      );
    }),
    { seed: 1, numRuns: randomRuns(300) },
  );
});
