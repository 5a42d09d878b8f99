// The names of fields that a page uses of the object of Form: `form.data.email`, `form.error('email')`.

import type { SurveyedNode } from '../3-analyse/survey.ts';
import { type Frame, frameOf } from './evaluate-expression.ts';
import type { OutlinedPage } from './outlined-source.ts';
import { callsOf, readNames, type WrittenName, writtenNames } from './page-reads.ts';

/** The members of the object that have a member for each field. */
const RECORDS: ReadonlySet<string> = new Set(['data', 'values', 'errors']);
/** The members that are called with the name of a field. */
const METHODS: ReadonlySet<string> = new Set(['attrs', 'error']);

/** The names in a page's own code, of all its forms. Objects that another page hands over are not followed. */
export function formNames(page: OutlinedPage, imported: Frame['imported']): WrittenName[] {
  const calls = new Set(callsOf('Form', page).map(({ start }) => start));
  if (calls.size === 0) return [];
  const frame = frameOf(page, imported);
  const { nodes } = page.survey;
  const forms = new Set(
    nodes.filter(({ node }) => node.type === 'CallExpression' && calls.has(node.start)).map(variableOf),
  );
  return nodes
    .filter(({ node }) => node.type === 'Identifier' && forms.has(page.declared.get(node.start)?.at))
    .flatMap((use) => namesOf(use, frame));
}

/** The offset of the variable that a call, or the await around it, initializes. */
function variableOf({ node, parent }: SurveyedNode): number | undefined {
  const [value, around] =
    parent?.node.type === 'AwaitExpression' ? [parent.node, parent.parent] : [node, parent];
  if (around?.node.type !== 'VariableDeclarator' || around.node.init !== value) return undefined;
  return around.node.id.type === 'Identifier' ? around.node.id.start : undefined;
}

function namesOf(use: SurveyedNode, frame: Frame): readonly WrittenName[] {
  const [member] = readNames(use, frame) ?? [];
  if (member === undefined || use.parent === undefined) return [];
  if (RECORDS.has(member.name)) return readNames(use.parent, frame) ?? [];
  const call = use.parent.parent?.node;
  if (!METHODS.has(member.name) || call?.type !== 'CallExpression' || call.callee !== use.parent.node)
    return [];
  const [name] = call.arguments;
  return (name && writtenNames(name, frame)) ?? [];
}
