// The session that a page's own code needs, from its uses of page names: none, one to read, or one under its lock
// (docs/sessions.md). Options that are computed count as the stronger need, because a page cannot wait for a lock in the middle
// of a call.

import type { AnyNode, CallExpression, Property, SpreadElement } from 'acorn';
import type { SessionNeed } from '../../runtime/page-types.ts';
import { PAGE_NAME_TABLE, PAGE_NAMES, type PageName } from '../page-name-table.ts';
import { type FreeNames, usesOf } from './free-names.ts';
import type { Survey } from './survey.ts';

/** The strongest need of all uses. */
export function sessionNeed(free: FreeNames, survey: Survey): SessionNeed {
  const needs = PAGE_NAMES.flatMap((name) =>
    usesOf(name, free).map(({ start }) => needOf(name, survey.calls.get(start))),
  );
  if (needs.includes('write')) return 'write';
  return needs.includes('read') ? 'read' : 'none';
}

/** @param call the call of the name; undefined for a use that is no call */
function needOf(name: PageName, call: CallExpression | undefined): SessionNeed {
  switch (PAGE_NAME_TABLE[name].session) {
    case 'write':
      return 'write';
    case 'unless-read-only':
      return isReadOnly(call) ? 'read' : 'write';
    case 'with-session-options':
      return call === undefined || call.arguments.some(mayHaveSessionOption) ? 'write' : 'none';
    default:
      return 'none';
  }
}

/** Whether a call passes an object literal with `read_only: true`. */
function isReadOnly(call: CallExpression | undefined): boolean {
  const options = call?.arguments[0];
  return options?.type === 'ObjectExpression' && options.properties.some(setsReadOnly);
}

function setsReadOnly(property: Property | SpreadElement): boolean {
  if (property.type !== 'Property' || propertyName(property) !== 'read_only') return false;
  return property.value.type === 'Literal' && property.value.value === true;
}

/** Options of redirect() that write to the session. */
const SESSION_OPTIONS: ReadonlySet<unknown> = new Set(['flash']);

/** Expressions whose value is never an object with options. */
const PRIMITIVES: ReadonlySet<string> = new Set([
  'Literal',
  'TemplateLiteral',
  'BinaryExpression',
  'UnaryExpression',
]);

/** Whether the argument of a call may be an object with one of these options. The first argument is a URL in any case. */
function mayHaveSessionOption(argument: CallExpression['arguments'][number], index: number): boolean {
  return argument.type === 'SpreadElement' || (index > 0 && mayHoldOption(argument));
}

function mayHoldOption(node: AnyNode): boolean {
  if (PRIMITIVES.has(node.type)) return false;
  if (node.type === 'ConditionalExpression')
    return mayHoldOption(node.consequent) || mayHoldOption(node.alternate);
  if (node.type === 'LogicalExpression') return mayHoldOption(node.left) || mayHoldOption(node.right);
  if (node.type !== 'ObjectExpression') return !(node.type === 'Identifier' && node.name === 'undefined');
  return node.properties.some(
    (property) =>
      property.type !== 'Property' ||
      (property.computed && property.key.type !== 'Literal') ||
      SESSION_OPTIONS.has(propertyName(property)),
  );
}

/** The name of a property; undefined if it is computed. */
function propertyName({ computed, key }: Property): unknown {
  if (key.type === 'Literal') return key.value;
  return !computed && key.type === 'Identifier' ? key.name : undefined;
}
