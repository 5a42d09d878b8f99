// Shapes of values: the JSON Schema, the words for an error and the TypeScript type in one object, so that they cannot
// differ. schema.ts assigns shapes to settings.

/** A piece of JSON Schema (draft 7). */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** A shape of values of any type. */
export interface AnyShape {
  readonly schema: JsonSchema;
  /** A description of the accepted values, to be used after "expected". */
  readonly expected: string;
  /** The same description for one entry of a list or object. */
  readonly expected_entry?: string;
  /** Converts the written form to the engine's form; absent if both are equal. */
  readonly loaded?: (written: unknown) => unknown;
}

/** A shape of values of type Value, written in the file as Input. */
export interface Shape<Value, Input = Value> extends AnyShape {
  /** Never set; it makes Shape<'a'> and Shape<string> different types. */
  readonly exact?: (value: Value) => Input;
}

/** The longest timeout in seconds; a date plus this time is still a valid date. */
const A_CENTURY = 3_155_760_000;

/** A size with its unit. */
export type SizeText = `${number}${'b' | 'kb' | 'mb' | 'gb'}`;

export const flag: Shape<boolean> = { schema: { type: 'boolean' }, expected: 'true or false' };

/** A text that is not empty, or that matches a pattern; `expected` describes the pattern. */
export function text(pattern?: { readonly pattern: string; readonly expected: string }): Shape<string> {
  if (pattern === undefined) return { schema: { type: 'string', minLength: 1 }, expected: 'a text' };
  return { schema: { type: 'string', pattern: pattern.pattern }, expected: pattern.expected };
}

export function whole(minimum: number, maximum: number): Shape<number> {
  return {
    schema: { type: 'integer', minimum, maximum },
    expected: `a whole number from ${minimum} to ${maximum}`,
  };
}

/** A number of seconds; fractions are allowed. */
export function seconds(minimum: number, maximum = A_CENTURY): Shape<number> {
  const range = maximum === A_CENTURY ? `, at least ${minimum}` : ` from ${minimum} to ${maximum}`;
  return { schema: { type: 'number', minimum, maximum }, expected: `a number of seconds${range}` };
}

/** A number of bytes, or a text such as "256kb" or "1.5mb". */
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
