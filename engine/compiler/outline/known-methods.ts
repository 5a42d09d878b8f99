// Calls of built-in functions whose result follows from their operands.

import type { AnyNode, CallExpression } from 'acorn';

/** A call that the evaluation knows. */
export interface KnownMethod {
  readonly name: 'map' | 'same' | 'keys' | 'values' | 'entries' | 'String' | 'encodeURIComponent';
  /** The object of a method of lists. */
  readonly object: AnyNode | undefined;
}

/** Methods that give items of the list and no others. */
const SAME_ITEMS: ReadonlySet<string> = new Set([
  'filter',
  'slice',
  'toSorted',
  'toReversed',
  'sort',
  'reverse',
]);

/** The call of a known method or function; undefined for any other call. */
export function knownMethod({ callee }: CallExpression): KnownMethod | undefined {
  if (callee.type === 'Identifier') return functionNamed(callee.name);
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
    return undefined;
  const { object } = callee;
  const { name } = callee.property;
  if (object.type === 'Identifier' && object.name === 'Object')
    return name === 'keys' || name === 'values' || name === 'entries'
      ? { name, object: undefined }
      : undefined;
  if (name === 'map') return { name, object };
  return SAME_ITEMS.has(name) ? { name: 'same', object } : undefined;
}

function functionNamed(name: string): KnownMethod | undefined {
  return name === 'String' || name === 'encodeURIComponent' ? { name, object: undefined } : undefined;
}
