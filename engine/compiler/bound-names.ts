// The names that a declaration binds, also inside destructuring patterns.

import type { ClassDeclaration, FunctionDeclaration, Pattern, VariableDeclaration } from 'acorn';

/** The names in the order of the source. */
export function boundNames(
  declaration: FunctionDeclaration | ClassDeclaration | VariableDeclaration,
): string[] {
  if (declaration.type !== 'VariableDeclaration') return declaration.id ? [declaration.id.name] : [];
  return declaration.declarations.flatMap(({ id }) => namesIn(id));
}

function namesIn(pattern: Pattern | null): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesIn);
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    default:
      return [];
  }
}
