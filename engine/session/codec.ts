// Values to readable text and back: JSON, with a tag for what JSON lacks ({"$date": …}). Lossless: own keys that begin
// with "$" get another one. Which entry a text belongs to, and what to do about a damaged one, is not decided here.

import { Problem } from '../diagnostics/problem.ts';

/** Deeper nesting is refused: reading it back could overflow the stack. */
const MAX_DEPTH = 500;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The text of a value; `path` names it in the Problem about what cannot be kept. */
export function encodeValue(value: unknown, path: string): string {
  return JSON.stringify(toJson(value, path, []));
}

/** What `JSON.stringify` can write without loss. */
export function toJson(value: unknown, path: string, parents: object[]): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { $number: numberName(value) };
    case 'undefined':
      return { $undefined: true };
    case 'bigint':
      return { $bigint: String(value) };
    case 'object':
      return value === null ? null : objectToJson(value, path, parents);
    default:
      throw unstorable(path, `a ${typeof value}`);
  }
}

/** The value of what toJson() gave; throws on a tag that this version does not know. */
export function fromJson(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(fromJson);
  const keys = Object.keys(json);
  const [first] = keys;
  if (keys.length === 1 && first !== undefined && /^\$[^$]/.test(first)) {
    return untagged(first, Reflect.get(json, first));
  }
  const result = {};
  for (const key of keys) {
    define(result, key.startsWith('$$') ? key.slice(1) : key, fromJson(Reflect.get(json, key)));
  }
  return result;
}

function objectToJson(value: object, path: string, parents: object[]): Json {
  if (parents.includes(value)) throw unstorable(path, 'a reference to something that contains it (a cycle)');
  if (parents.length >= MAX_DEPTH) throw unstorable(path, `data nested more than ${MAX_DEPTH} deep`);
  parents.push(value);
  const json = structureToJson(value, path, parents);
  parents.pop();
  return json;
}

function structureToJson(value: object, path: string, parents: object[]): Json {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Array.prototype && Array.isArray(value)) {
    return Array.from(value, (item, index) => toJson(item, `${path}[${index}]`, parents));
  }
  if (prototype === Date.prototype && value instanceof Date) {
    return { $date: Number.isNaN(value.getTime()) ? null : value.toISOString() };
  }
  if (prototype === Map.prototype && value instanceof Map) {
    return { $map: Array.from(value, (pair, index) => pairToJson(pair, `${path}, entry ${index}`, parents)) };
  }
  if (prototype === Set.prototype && value instanceof Set) {
    return { $set: Array.from(value, (item, index) => toJson(item, `${path}, member ${index}`, parents)) };
  }
  if (prototype === null || prototype === Object.prototype) return plainToJson(value, path, parents);
  throw unstorable(path, className(value));
}

function pairToJson([key, value]: [unknown, unknown], path: string, parents: object[]): Json {
  return [toJson(key, `the key of ${path}`, parents), toJson(value, `the value of ${path}`, parents)];
}

function plainToJson(value: object, path: string, parents: object[]): Json {
  if (Object.getOwnPropertySymbols(value).length > 0)
    throw unstorable(path, 'an object with a symbol as key');
  const json: { [key: string]: Json } = Object.create(null);
  for (const key of Object.keys(value)) {
    json[key.startsWith('$') ? `$${key}` : key] = toJson(
      Reflect.get(value, key),
      memberPath(path, key),
      parents,
    );
  }
  return json;
}

function untagged(tag: string, json: unknown): unknown {
  switch (tag) {
    case '$undefined':
      return undefined;
    case '$number':
      return numberNamed(json);
    case '$bigint':
      return BigInt(String(json));
    case '$date':
      return json === null ? new Date(Number.NaN) : validDate(json);
    case '$map':
      return new Map(listOf(json).map(pairFromJson));
    case '$set':
      return new Set(listOf(json).map(fromJson));
    default:
      throw new SyntaxError(`unknown tag ${tag}`);
  }
}

function pairFromJson(json: unknown): [unknown, unknown] {
  const [key, value] = listOf(json);
  return [fromJson(key), fromJson(value)];
}

function listOf(json: unknown): unknown[] {
  if (!Array.isArray(json)) throw new SyntaxError('a list was expected');
  return json;
}

function validDate(json: unknown): Date {
  const date = new Date(String(json));
  if (Number.isNaN(date.getTime())) throw new SyntaxError('a date was expected');
  return date;
}

function numberName(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function numberNamed(name: unknown): number {
  if (name === 'NaN' || name === 'Infinity' || name === '-Infinity' || name === '-0') return Number(name);
  throw new SyntaxError('a number was expected');
}

/** Sets a property whatever its name; `__proto__` must become an own one. */
function define(target: object, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    Reflect.set(target, key, value);
  }
}

function memberPath(path: string, key: string): string {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(key)
    ? `${path}.${key}`
    : `${path}[${JSON.stringify(key)}]`;
}

function className(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an instance of a class';
}

function unstorable(path: string, type: string): Problem {
  return new Problem('session-value-unstorable', { holes: { path, type } });
}
