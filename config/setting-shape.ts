// What a value may look like: its JSON Schema, its words for an error and its TypeScript type in one value,
// so that they cannot drift apart. Which settings have which shape is declared in schema.ts.

/** A piece of JSON Schema (draft 7). */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** A shape, whatever its type. */
export interface AnyShape {
  readonly schema: JsonSchema;
  /** What is accepted, to stand after "expected". */
  readonly expected: string;
  /** The same for one entry of a list or object. */
  readonly expected_entry?: string;
  /** From how it is written in the file to how the engine wants it; left out when that is the same. */
  readonly loaded?: (written: unknown) => unknown;
}

/** A shape of values of type Value, written in the file as Input. */
export interface Shape<Value, Input = Value> extends AnyShape {
  /** Never set: keeps Shape<'a'> and Shape<string> apart. */
  readonly exact?: (value: Value) => Input;
}

/** In seconds: longer than any timeout makes sense, short enough to add to a date. */
const A_CENTURY = 3_155_760_000;

/** How a size may be written: bytes, or with a unit. */
export type SizeText = `${number}${'b' | 'kb' | 'mb' | 'gb'}`;

export const flag: Shape<boolean> = { schema: { type: 'boolean' }, expected: 'true or false' };

/** A text, not empty; `pattern` with the words for what it asks. */
export function text(pattern?: { readonly pattern: string; readonly expected: string }): Shape<string> {
  if (pattern === undefined) return { schema: { type: 'string', minLength: 1 }, expected: 'a text' };
  return { schema: { type: 'string', pattern: pattern.pattern }, expected: pattern.expected };
}

/** A whole number from `minimum` to `maximum`. */
export function whole(minimum: number, maximum: number): Shape<number> {
  return {
    schema: { type: 'integer', minimum, maximum },
    expected: `a whole number from ${minimum} to ${maximum}`,
  };
}

/** Seconds; fractions are allowed. */
export function seconds(minimum: number, maximum = A_CENTURY): Shape<number> {
  const range = maximum === A_CENTURY ? `, at least ${minimum}` : ` from ${minimum} to ${maximum}`;
  return { schema: { type: 'number', minimum, maximum }, expected: `a number of seconds${range}` };
}

/** Bytes: a number, or a text such as "256kb" or "1.5mb". */
export function size(): Shape<number, number | SizeText> {
  return {
    schema: {
      anyOf: [
        { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
        { type: 'string', pattern: SIZE.source },
      ],
    },
    expected: 'a number of bytes, or a text such as "256kb", "1mb" or "2gb"',
    loaded: bytes,
  };
}

/** One of these values. */
export function choice<const V extends readonly (string | boolean | null)[]>(...values: V): Shape<V[number]> {
  return { schema: { enum: values }, expected: alternatives(values.map((value) => JSON.stringify(value))) };
}

/** Either of two shapes. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  const entry = first.expected_entry ?? second.expected_entry;
  return {
    schema: { anyOf: [first.schema, second.schema] },
    expected: alternatives([first.expected, second.expected]),
    ...(entry === undefined ? {} : { expected_entry: entry }),
  };
}

/** A list of values of one shape. */
export function listOf<Value>(entry: Shape<Value>): Shape<readonly Value[]> {
  return {
    schema: { type: 'array', items: entry.schema },
    expected: `a list, each entry ${entry.expected}`,
    expected_entry: entry.expected,
  };
}

/** An object with any names that match `names`, its values of one shape. */
export function entriesOf<Value>(
  names: { readonly pattern: string; readonly expected: string },
  entry: Shape<Value>,
): Shape<Readonly<Record<string, Value>>> {
  return {
    schema: {
      type: 'object',
      propertyNames: { pattern: names.pattern },
      additionalProperties: entry.schema,
    },
    expected: `an object of ${names.expected} and their values, each ${entry.expected}`,
    expected_entry: entry.expected,
  };
}

const SIZE = /^(\d+(?:\.\d+)?) ?([kKmMgG]?[bB])$/;
const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

function bytes(written: unknown): unknown {
  if (typeof written !== 'string') return written;
  const [, amount, unit = ''] = SIZE.exec(written) ?? [];
  return Math.floor(Number(amount) * (UNITS[unit.toLowerCase()] ?? Number.NaN));
}

function alternatives(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} or ${last}`;
}
