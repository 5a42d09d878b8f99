// Values with one piece that no text can hold, at any depth, and how the error names the place and the piece.

import fc from 'fast-check';

/** A value, and the message about it as attribute `x`. */
export interface Disallowed {
  readonly value: unknown;
  readonly path: string;
  readonly type: string;
}

/** The piece, the text behind its path in the message, and its type. */
type Piece = readonly [make: () => unknown, step: string, type: string];

class Cart {
  items = [];
}
class List extends Array {}
class Index extends Map {}
class Day extends Date {}
class Marks extends Set {}

const plus = <T extends object>(value: T, name: string | symbol, property: PropertyDescriptor): T =>
  Object.defineProperty(value, name, { enumerable: true, configurable: true, ...property });

const ACCESSOR = 'an accessor (get or set) instead of a value';
const HIDDEN = { value: 1, enumerable: false };
const getter = { get: () => 1 };

const PIECES: readonly Piece[] = [
  [() => () => 1, '', 'a function'],
  [() => Symbol('x'), '', 'a symbol'],
  [() => new Cart(), '', 'an instance of Cart'],
  [() => new List(), '', 'an instance of List'],
  [() => new Index(), '', 'an instance of Index'],
  [() => new Day(0), '', 'an instance of Day'],
  [() => new Marks(), '', 'an instance of Marks'],
  [() => /x/, '', 'an instance of RegExp'],
  [() => new Error('secret'), '', 'an instance of Error'],
  [() => new Number(5), '', 'an instance of Number'],
  [() => new Uint8Array(2), '', 'an instance of Uint8Array'],
  [() => new WeakMap(), '', 'an instance of WeakMap'],
  [() => new URL('http://a.example/'), '', 'an instance of URL'],
  [() => Object.create({ inherited: 1 }), '', 'an instance of Object'],
  [() => plus([1], 'apple', { value: 2 }), '.apple', 'a property that is no item of its list'],
  [() => plus([1], '-1', { value: 2 }), '["-1"]', 'a property that is no item of its list'],
  [() => plus([1], '4294967295', { value: 2 }), '[4294967295]', 'a property that is no item of its list'],
  [() => plus([1], Symbol('s'), { value: 2 }), '[Symbol(s)]', 'a property that is no item of its list'],
  [() => /(?<a>.)/.exec('b'), '.index', 'a property that is no item of its list'],
  [() => plus([1, 2], '1', getter), '[1]', ACCESSOR],
  [() => plus([1, 2], '0', HIDDEN), '[0]', 'a property that is not enumerable'],
  [() => plus({ b: 1 }, 'a', getter), '.a', ACCESSOR],
  [() => plus({}, 'a', { set: () => undefined }), '.a', ACCESSOR],
  [() => plus({}, 'a', HIDDEN), '.a', 'a property that is not enumerable'],
  [() => plus(Object.create(null), 'a', HIDDEN), '.a', 'a property that is not enumerable'],
  [() => ({ [Symbol('s')]: 1 }), '[Symbol(s)]', 'a property with a symbol as key'],
  [() => plus({}, Symbol('s'), HIDDEN), '[Symbol(s)]', 'a property with a symbol as key'],
  [() => plus(new Date(0), 'zone', { value: 1 }), '.zone', 'a property of its own on a Date'],
  [() => plus(new Date(0), 'zone', HIDDEN), '.zone', 'a property of its own on a Date'],
  [() => plus(new Map(), 'a', { value: 1 }), '.a', 'a property that is no entry of its Map'],
  [() => plus(new Set(), Symbol('s'), HIDDEN), '[Symbol(s)]', 'a property that is no member of its Set'],
];

/** Puts a value into another one, beside an ordinary value; and the path of the inner one from that of the outer one. */
type Wrap = readonly [around: (inner: unknown) => unknown, path: (outer: string) => string];

const WRAPS: readonly Wrap[] = [
  [(inner) => [inner], (outer) => `${outer}[0]`],
  [(inner) => Object.assign([], { 7: inner }), (outer) => `${outer}[7]`],
  [(inner) => ({ fine: 1, cart: inner }), (outer) => `${outer}.cart`],
  [(inner) => ({ 'a b': inner }), (outer) => `${outer}["a b"]`],
  [(inner) => ({ $date: inner }), (outer) => `${outer}.$date`],
  [
    (inner) => JSON.parse('{"__proto__":1}', (key, value) => (key === '' ? value : inner)),
    (outer) => `${outer}.__proto__`,
  ],
  [(inner) => Object.assign(Object.create(null), { q: inner }), (outer) => `${outer}.q`],
  [(inner) => new Map([['k', 1 as unknown]]).set('l', inner), (outer) => `the value of ${outer}, entry 1`],
  [(inner) => new Map([[inner, 1]]), (outer) => `the key of ${outer}, entry 0`],
  [(inner) => new Set([null, inner]), (outer) => `${outer}, member 1`],
];

/** One such piece with up to six layers around it. */
export const disallowed: fc.Arbitrary<Disallowed> = fc
  .tuple(fc.constantFrom(...PIECES), fc.array(fc.constantFrom(...WRAPS), { maxLength: 6 }))
  .map(([[make, step, type], wraps]) => ({
    value: wraps.reduceRight((inner, [around]) => around(inner), make()),
    path: wraps.reduce((outer, [, path]) => path(outer), 's.x') + step,
    type,
  }));
