// The variables of a page that hold an object of Form: `const form = await Form(schema)`.

import type { CallExpression } from 'acorn';
import type { SurveyedNode } from '../3-analyse/survey.ts';
import type { OutlinedPage } from './outlined-source.ts';

/** The uses of the variables that calls of Form initialize. Objects that another page hands over are not followed. */
export function usesOfForms(calls: readonly CallExpression[], page: OutlinedPage): SurveyedNode[] {
  if (calls.length === 0) return [];
  const starts = new Set(calls.map(({ start }) => start));
  const { nodes } = page.survey;
  const variables = new Set<number>();
  for (const placed of nodes) {
    if (placed.node.type !== 'CallExpression' || !starts.has(placed.node.start)) continue;
    const variable = variableOf(placed);
    if (variable !== undefined) variables.add(variable);
  }
  return nodes.filter(({ node }) => {
    const declared = node.type === 'Identifier' ? page.declared.get(node.start) : undefined;
    return declared !== undefined && variables.has(declared.at);
  });
}

/** The offset of the variable that a call, or the await around it, initializes. */
function variableOf({ node, parent }: SurveyedNode): number | undefined {
  const [value, around] =
    parent?.node.type === 'AwaitExpression' ? [parent.node, parent.parent] : [node, parent];
  if (around?.node.type !== 'VariableDeclarator' || around.node.init !== value) return undefined;
  return around.node.id.type === 'Identifier' ? around.node.id.start : undefined;
}
