// The value of a constant that a module exports, as far as its source spells it out.

import type { AnyNode } from 'acorn';
import { bindPattern } from './bind-pattern.ts';
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
  for (const { id, init } of declarations) {
    if (id.type === 'Identifier' && id.name === name && init) {
      const bound = bindPattern(id, evaluate(init, frame), (node) => evaluate(node, frame));
      return bound[0]?.[1];
    }
  }
  return undefined;
}
