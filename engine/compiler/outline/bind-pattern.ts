// Binds the names of a destructuring pattern to parts of a value.

import type { AnyNode } from 'acorn';
import { memberOf, type Possible } from './possible-value.ts';

type Bound = readonly [at: number, value: Possible];

/**
 * The values of the names in a pattern, by the offset of their declaration.
 * @param evaluate gives the value of a default
 */
export function bindPattern(
  pattern: AnyNode,
  value: Possible,
  evaluate: (node: AnyNode) => Possible,
): Bound[] {
  switch (pattern.type) {
    case 'Identifier':
      return [[pattern.start, value]];
    case 'AssignmentPattern':
      return bindPattern(
        pattern.left,
        withDefault(value, () => evaluate(pattern.right)),
        evaluate,
      );
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) => {
        if (property.type === 'RestElement') return bindPattern(property.argument, undefined, evaluate);
        const { key, computed } = property;
        const name = !computed && key.type === 'Identifier' ? key.name : literalText(key);
        return bindPattern(property.value, name === undefined ? undefined : memberOf(value, name), evaluate);
      });
    case 'ArrayPattern':
      return pattern.elements.flatMap((element, index) =>
        element === null ? [] : bindPattern(element, memberOf(value, String(index)), evaluate),
      );
    case 'RestElement':
      return bindPattern(pattern.argument, undefined, evaluate);
    default:
      return [];
  }
}

function withDefault(value: Possible, fallback: () => Possible): Possible {
  if (value === undefined) return undefined;
  const isMissing = (each: (typeof value)[number]) => each.kind === 'primitive' && each.value === undefined;
  if (!value.some(isMissing)) return value;
  const other = fallback();
  return other && [...value.filter((each) => !isMissing(each)), ...other];
}

function literalText(key: AnyNode): string | undefined {
  return key.type === 'Literal' ? String(key.value) : undefined;
}
