// The value of a constant that a module exports, as far as its source spells it out.

import type { AnyNode } from 'acorn';
import { evaluate, type Frame, frameOf } from './evaluate-expression.ts';
import { exportedName, type OutlinedSource } from './outlined-source.ts';
import type { Possible } from './possible-value.ts';

/** The value of an export; undefined where it may be anything. */
export function exportedValue(module: OutlinedSource, name: string, imported: Frame['imported']): Possible {
  const frame = frameOf(module, imported);
  for (const node of module.tree.body) {
    const found = valueIn(node, name, frame);
    if (found !== undefined) return found;
  }
  return undefined;
}

function valueIn(node: AnyNode, name: string, frame: Frame): Possible {
  if (node.type === 'ExportDefaultDeclaration')
    return name === 'default' ? evaluate(node.declaration, frame) : undefined;
  if (node.type !== 'ExportNamedDeclaration') return undefined;
  if (node.declaration?.type === 'VariableDeclaration') return declaredValue(node.declaration, name, frame);
  const specifier = node.specifiers.find(({ exported }) => exportedName(exported) === name);
  if (specifier === undefined) return undefined;
  if (node.source)
    return frame.imported(String(node.source.value), exportedName(specifier.local), frame.source.file);
  return specifier.local.type === 'Identifier' ? evaluate(specifier.local, frame) : undefined;
}

function declaredValue(
  { kind, declarations }: Extract<AnyNode, { type: 'VariableDeclaration' }>,
  name: string,
  frame: Frame,
): Possible {
  if (kind !== 'const') return undefined;
  const declared = declarations.find(({ id }) => id.type === 'Identifier' && id.name === name);
  const value = declared && evaluate(declared.id, frame);
  // An object that is exported without members is there to get some, perhaps from another page.
  return value?.some((each) => each.kind === 'object' && each.members.size === 0) ? undefined : value;
}
