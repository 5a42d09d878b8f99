// What a page's Session calls need: nothing, a look, or the session's turn (contract section 7, turns).

import type { CallExpression, Property, SpreadElement } from 'acorn';
import type { SessionNeed } from '../../runtime/page-types.ts';
import type { Use } from '../scopes.ts';
import type { Survey } from './survey.ts';

/** 'read' only when every use is a call that says `read_only: true` in so many words. */
export function sessionNeed(uses: readonly Use[], found: Survey): SessionNeed {
  if (uses.length === 0) return 'none';
  return uses.every((use) => isReadOnly(found.calls.get(use.start))) ? 'read' : 'write';
}

function isReadOnly(call: CallExpression | undefined): boolean {
  const options = call?.arguments[0];
  return options?.type === 'ObjectExpression' && options.properties.some(saysReadOnly);
}

function saysReadOnly(property: Property | SpreadElement): boolean {
  if (property.type !== 'Property') return false;
  return (
    keyOf(property) === 'read_only' && property.value.type === 'Literal' && property.value.value === true
  );
}

function keyOf(property: Property): unknown {
  if (property.computed) return undefined;
  if (property.key.type === 'Identifier') return property.key.name;
  return property.key.type === 'Literal' ? property.key.value : undefined;
}
