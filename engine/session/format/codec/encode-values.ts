// Values to readable text: JSON, with tags for values that JSON lacks ({"$date": …}). Nothing is lost: keys that begin with "$"
// get a second one, and a property that cannot be written is an error. decode-values.ts is the inverse.

import { Problem } from '../../../diagnostics/problem.ts';
import { AttributeWriter, shortened } from './attribute-writer.ts';
import { MAX_DEPTH, MAX_DIGITS, SessionBudget, VALUE_SIZE } from './session-budget.ts';

const ABOVE_INTEGERS = 10n ** BigInt(MAX_DIGITS);

/** The text of all attributes of an object. `prefix` stands before their names in messages: `s.`. */
export function encodeAttributes(attributes: object, prefix: string, budget: SessionBudget): string {
  const members = Reflect.ownKeys(attributes).map((key) => {
    const text = encodeAttribute(attributes, key, prefix, budget);
    return `${JSON.stringify(key)}:${text}`;
  });
  return `{${members.join(',')}}`;
}

/**
 * The text of one attribute.
 * @throws Problem with the path of a value that cannot be stored
 */
export function encodeAttribute(
  attributes: object,
  key: string | symbol,
  prefix: string,
  budget = new SessionBudget(),
): string {
  return new AttributeEncoder(prefix + String(key), budget).textOf(attributes, key);
}

class AttributeEncoder extends AttributeWriter {
  readonly #parents: object[] = [];

  textOf(attributes: object, key: string | symbol): string {
    try {
      // The name is part of the text, with a colon and a comma.
      this.take(JSON.stringify(String(key)).length + 2, 'an attribute');
      this.#value(this.ownValue(attributes, key));
      return this.text;
    } catch (error) {
      if (error instanceof Problem) throw error;
      throw this.unstorable('an object whose own code throws', error);
    }
  }

  #value(value: unknown): void {
    this.take(VALUE_SIZE, 'data');
    if (typeof value === 'string') this.#string(value);
    else if (typeof value === 'number') this.write(numberText(value));
    else if (typeof value === 'bigint') this.#bigint(value);
    else if (typeof value === 'boolean' || value === null) this.write(String(value));
    else if (value === undefined) this.write('{"$undefined":true}');
    else if (typeof value === 'object') this.#object(value);
    else throw this.unstorable(`a ${typeof value}`);
  }

  #string(value: string): void {
    this.assertFits(value.length, `a text of ${value.length} characters`);
    this.write(JSON.stringify(value));
  }

  #bigint(value: bigint): void {
    if (value >= ABOVE_INTEGERS || value <= -ABOVE_INTEGERS)
      throw this.unstorable(`a BigInt of more than ${MAX_DIGITS} digits`);
    this.write(`{"$bigint":"${value}"}`);
  }

  #object(value: object): void {
    if (this.#parents.includes(value))
      throw this.unstorable('a reference to something that contains it (a cycle)');
    if (this.#parents.length >= MAX_DEPTH) throw this.unstorable(`data nested more than ${MAX_DEPTH} deep`);
    this.#parents.push(value);
    this.#structure(value);
    this.#parents.pop();
  }

  #structure(value: object): void {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) this.#members(value);
    else if (prototype === null) this.#withoutPrototype(value);
    else if (prototype === Array.prototype && Array.isArray(value)) this.#list(value);
    else if (prototype === Date.prototype && value instanceof Date) this.#date(value);
    else if (prototype === Map.prototype && value instanceof Map) this.#map(value);
    else if (prototype === Set.prototype && value instanceof Set) this.#set(value);
    else throw this.unstorable(className(value));
  }

  #members(value: object): void {
    let before = '{';
    for (const key of Reflect.ownKeys(value)) {
      this.steps.push(key);
      const member = this.ownValue(value, key);
      this.write(before);
      this.#string(escapedName(key));
      this.write(':');
      this.#value(member);
      this.steps.pop();
      before = ',';
    }
    this.write(before === '{' ? '{}' : '}');
  }

  /** An object without prototype, such as QUERY. It must not inherit names when it is read again. */
  #withoutPrototype(value: object): void {
    this.write('{"$no_prototype":');
    this.#members(value);
    this.write('}');
  }

  /** Goes over the keys, because an array may have millions of holes. */
  #list(list: readonly unknown[]): void {
    const { length } = list;
    this.assertFits(length * VALUE_SIZE, `a list of length ${length}`);
    let next = 0;
    this.write('[');
    for (const key of Reflect.ownKeys(list)) {
      if (key === 'length') continue;
      const index = arrayIndex(key);
      this.steps.push(index ?? key);
      if (index === undefined || index < next || index >= length)
        throw this.unstorable('a property that is no item of its list');
      const item = this.ownValue(list, key);
      this.#holes(next, index);
      if (index > 0) this.write(',');
      this.#value(item);
      this.steps.pop();
      next = index + 1;
    }
    this.#holes(next, length);
    this.write(']');
  }

  #holes(from: number, to: number): void {
    if (from === to) return;
    this.take((to - from) * VALUE_SIZE, 'a list with holes');
    this.write(`${from > 0 ? ',' : ''}{"$holes":${to - from}}`);
  }

  #date(date: Date): void {
    this.assertNoOwnProperty(date, 'a property of its own on a Date');
    this.write(`{"$date":${Number.isNaN(date.getTime()) ? 'null' : `"${date.toISOString()}"`}}`);
  }

  #map(map: ReadonlyMap<unknown, unknown>): void {
    this.assertNoOwnProperty(map, 'a property that is no entry of its Map');
    this.assertFits(map.size * VALUE_SIZE, `a Map of ${map.size} entries`);
    let entry = 0;
    this.write('{"$map":[');
    for (const [key, value] of map) {
      this.write(entry > 0 ? ',[' : '[');
      this.steps.push({ entry, part: 'key' });
      this.#value(key);
      this.steps[this.steps.length - 1] = { entry, part: 'value' };
      this.write(',');
      this.#value(value);
      this.steps.pop();
      this.write(']');
      entry++;
    }
    this.write(']}');
  }

  #set(set: ReadonlySet<unknown>): void {
    this.assertNoOwnProperty(set, 'a property that is no member of its Set');
    this.assertFits(set.size * VALUE_SIZE, `a Set of ${set.size} members`);
    let member = 0;
    this.write('{"$set":[');
    for (const value of set) {
      if (member > 0) this.write(',');
      this.steps.push({ member });
      this.#value(value);
      this.steps.pop();
      member++;
    }
    this.write(']}');
  }
}

/** The name of a property in the text: a name that begins as a tag gets a second "$". */
function escapedName(key: string | symbol): string {
  const name = String(key);
  return name.startsWith('$') ? `$${name}` : name;
}

/** undefined: the key is no index. */
function arrayIndex(key: string | symbol): number | undefined {
  const index = Number(String(key));
  return index >= 0 && Number.isInteger(index) && String(index) === key ? index : undefined;
}

function numberText(value: number): string {
  if (Number.isFinite(value) && !Object.is(value, -0)) return String(value);
  return `{"$number":"${Object.is(value, -0) ? '-0' : value}"}`;
}

function className(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== ''
    ? `an instance of ${shortened(name)}`
    : 'an instance of a class';
}
