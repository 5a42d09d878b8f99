// The operators and functions of JavaScript on values of which only alternatives are known.

import {
  concatenated,
  eitherOf,
  HOLE,
  type KnownValue,
  listOf,
  objectOf,
  type Possible,
  primitive,
  type SourceOffset,
  textsOf,
} from './possible-value.ts';

/** The value of a literal. */
export function literalValue(value: unknown, at: SourceOffset): Possible {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return primitive(value, at);
  return undefined;
}

/** The value of parsed JSON. */
export function valueOfJson(value: unknown): Possible {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return primitive(value);
  if (Array.isArray(value)) return listOf(value.map(valueOfJson));
  if (typeof value !== 'object') return undefined;
  const members = new Map(Object.entries(value).map(([name, each]) => [name, valueOfJson(each)] as const));
  return objectOf(members);
}

/** The value that is one of several texts. */
export function textsAsValue(texts: readonly string[]): Possible {
  return texts.map((value) => ({ kind: 'primitive', value }) as const);
}

/** The value of an operator with two operands. */
export function operatedValue(operator: string, left: Possible, right: Possible): Possible {
  if (operator === '+') return sumOf(left, right);
  const results = new Set<number | boolean | undefined>();
  for (const a of left ?? [undefined])
    for (const b of right ?? [undefined]) results.add(operatedOn(operator, a, b));
  const [only] = results;
  return results.size === 1 && only !== undefined ? primitive(only) : undefined;
}

function operatedOn(
  operator: string,
  left: KnownValue | undefined,
  right: KnownValue | undefined,
): boolean | number | undefined {
  if (left?.kind !== 'primitive' || right?.kind !== 'primitive') return undefined;
  const [a, b] = [left.value, right.value];
  if ([a, b].some((each) => typeof each === 'string' && each.includes(HOLE))) return undefined;
  if (operator === '===') return a === b;
  if (operator === '!==') return a !== b;
  return typeof a === 'number' && typeof b === 'number' ? NUMBERS[operator]?.(a, b) : undefined;
}

const NUMBERS: Readonly<Record<string, (a: number, b: number) => number | boolean>> = {
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '%': (a, b) => a % b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** The value of `+`. */
function sumOf(left: Possible, right: Possible): Possible {
  const numbers = [left, right].map((side) => (side?.length === 1 ? side[0] : undefined));
  const [a, b] = numbers.map((each) => (each?.kind === 'primitive' ? each.value : undefined));
  if (typeof a === 'number' && typeof b === 'number') return primitive(a + b);
  if (left === undefined && right === undefined) return undefined;
  return textsAsValue(concatenated([textsOf(left), textsOf(right)]));
}

/** The value of `&&`, `||` and `??`. */
export function logicalValue(operator: string, left: Possible, right: () => Possible): Possible {
  const takesRight = (value: KnownValue): boolean => {
    if (operator === '??') return value.kind === 'primitive' && (value.value ?? undefined) === undefined;
    return isTruthy(value) === (operator === '&&');
  };
  if (left === undefined) return undefined;
  const staying = left.filter((value) => !takesRight(value));
  return staying.length === left.length ? left : eitherOf([staying, right()]);
}

function isTruthy(value: KnownValue): boolean {
  return value.kind !== 'primitive' || Boolean(value.value);
}

/** Whether a value is true or false in all cases; undefined where that depends. */
export function truthOf(value: Possible): boolean | undefined {
  if (value === undefined || value.length === 0) return undefined;
  const first = value[0] !== undefined && isTruthy(value[0]);
  // A text with a hole may be empty.
  if (value.some((each) => each.kind === 'primitive' && String(each.value).includes(HOLE))) return undefined;
  return value.every((each) => isTruthy(each) === first) ? first : undefined;
}

/** The value of `!`. */
export function negated(value: Possible): Possible {
  const truth = truthOf(value);
  return truth === undefined ? undefined : primitive(!truth);
}

/** The value of `encodeURIComponent`. */
export function encodedTexts(value: Possible): Possible {
  return textsAsValue(textsOf(value).map((text) => (text.includes(HOLE) ? HOLE : encodedText(text))));
}

/** A half of a surrogate pair cannot be encoded. */
function encodedText(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return HOLE;
  }
}

/** The value of `Object.keys`, `Object.values` and `Object.entries`. */
export function partsOf(name: 'keys' | 'values' | 'entries', object: Possible): Possible {
  const [only] = object ?? [];
  if (object?.length !== 1 || only?.kind !== 'object' || only.isOpen) return undefined;
  const parts = [...only.members].map(([key, value]): Possible => {
    if (name === 'keys') return primitive(key);
    return name === 'values' ? value : listOf([primitive(key), value]);
  });
  return listOf(parts);
}
