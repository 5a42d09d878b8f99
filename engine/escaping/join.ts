// Where two branches meet: the context that holds on both, if there is one.

import { changed } from './context.ts';
import type { Context, State } from './context-facts.ts';

/** The context after two branches that end in `a` and `b`; undefined when nothing is right for both. */
export function join(a: Context, b: Context): Context | undefined {
  if (a === b) return a;
  return joinInTag(a, b);
}

const IN_TAG: ReadonlySet<State> = new Set([
  'tag name',
  'tag',
  'between attributes',
  'attribute name',
  'after attribute name',
]);

function joinInTag(a: Context, b: Context): Context | undefined {
  if (!IN_TAG.has(a.state) || !IN_TAG.has(b.state) || a.element !== b.element) return undefined;
  return changed(a, { state: 'between attributes', attribute: '', pending: '' });
}
