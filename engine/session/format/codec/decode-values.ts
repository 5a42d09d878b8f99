// JSON to values: the inverse of encode-values.ts. Other programs may write to the disk or the server from which a text comes, so
// the text is counted against the budget, and every deviation from the format is an error.

import { MAX_DEPTH, MAX_DIGITS, SessionBudget, VALUE_SIZE } from './session-budget.ts';

type JsonObject = Readonly<Record<string, unknown>>;
type Build = (json: unknown, decoder: ValueDecoder) => unknown;

// linear: digits between two anchors
const INTEGER = new RegExp(`^-?\\d{1,${MAX_DIGITS}}$`);

/** The value of a tag. */
const TAGS: ReadonlyMap<string, Build> = new Map<string, Build>([
  ['$undefined', () => undefined],
  ['$number', numberNamed],
  ['$bigint', integer],
  ['$date', (json) => (json === null ? new Date(Number.NaN) : validDate(json))],
  ['$map', (json, decoder) => new Map(listOf(json).map((pair) => decoder.pair(pair)))],
  ['$set', (json, decoder) => new Set(listOf(json).map((item) => decoder.value(item)))],
  ['$no_prototype', (json, decoder) => decoder.members(json, Object.create(null))],
]);

/** Decodes the values of one text. Its methods throw if the text is not as encode-values.ts writes it. */
export class ValueDecoder {
  readonly #budget = new SessionBudget();
  #depth = 0;

  /** The JSON of a text. */
  parse(text: string): unknown {
    this.#take(text.length);
    return JSON.parse(text);
  }

  /** The value of a JSON value. */
  value(json: unknown): unknown {
    this.#take(VALUE_SIZE);
    if (typeof json !== 'object' || json === null) return json;
    if (this.#depth >= MAX_DEPTH) throw new SyntaxError('nested too deep');
    this.#depth++;
    const value = Array.isArray(json) ? this.#list(json) : this.#object(json as JsonObject);
    this.#depth--;
    return value;
  }

  /** An entry of a Map. */
  pair(json: unknown): [unknown, unknown] {
    const { length, 0: key, 1: value } = listOf(json);
    if (length !== 2) throw new SyntaxError('a pair was expected');
    return [this.value(key), this.value(value)];
  }

  /** Puts the members of an object into another one. */
  members(json: unknown, target: object): object {
    if (typeof json !== 'object' || json === null) throw new SyntaxError('an object was expected');
    for (const [name, member] of Object.entries(json))
      define(target, name.startsWith('$$') ? name.slice(1) : name, this.value(member));
    return target;
  }

  #object(json: JsonObject): unknown {
    const tag = onlyKey(json);
    if (tag === undefined || !/^\$[^$]/.test(tag)) return this.members(json, {});
    const build = TAGS.get(tag);
    if (build === undefined) throw new SyntaxError(`unknown tag ${tag}`);
    return build(json[tag], this);
  }

  #list(json: readonly unknown[]): unknown[] {
    const list: unknown[] = [];
    for (const item of json) {
      const holes = holesIn(item);
      if (holes === undefined) {
        list.push(this.value(item));
      } else {
        this.#take(holes * VALUE_SIZE);
        list.length += holes;
      }
    }
    return list;
  }

  #take(characters: number): void {
    if (!this.#budget.take(characters)) throw new RangeError('more than one session may have');
  }
}

/** The number of holes that an item of an array stands for; undefined: the item is a value. */
function holesIn(item: unknown): number | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  if (onlyKey(item) !== '$holes') return undefined;
  const holes: unknown = Reflect.get(item, '$holes');
  if (typeof holes !== 'number' || !Number.isSafeInteger(holes) || holes < 1)
    throw new SyntaxError('a number of holes was expected');
  return holes;
}

function onlyKey(json: object): string | undefined {
  const keys = Object.keys(json);
  return keys.length === 1 ? keys[0] : undefined;
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

function numberNamed(name: unknown): number {
  if (name === 'NaN' || name === 'Infinity' || name === '-Infinity' || name === '-0') return Number(name);
  throw new SyntaxError('a number was expected');
}

function integer(json: unknown): bigint {
  if (typeof json !== 'string' || !INTEGER.test(json)) throw new SyntaxError('an integer was expected');
  return BigInt(json);
}

/** Sets an own property, also one that is named `__proto__`. */
function define(target: object, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    Reflect.set(target, key, value);
  }
}
