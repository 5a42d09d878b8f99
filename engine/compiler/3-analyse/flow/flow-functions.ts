// Balanced functions: a function that prints begins and ends in one context, that of the place where it is written,
// and may be called only there. So calling it never changes where the page is.

import type { AnyNode } from 'acorn';
import { type Context, describeContext } from '../../../escaping/context.ts';
import { join } from '../../../escaping/join-contexts.ts';
import { Guard } from './flow-notes.ts';
import { entryOf, placeOf, type Reached, type State } from './flow-state.ts';
import type { Frame, Walk } from './interpreter.ts';
import { isFunction } from './output-nodes.ts';

/** Analyses the body of a function that prints; gives the context that it needs, `context` or a wider one. */
export function markupFunction(walk: Walk, node: AnyNode, context: Context, frame: Frame): Context {
  let entry = entryOf(context);
  for (;;) {
    const guard = new Guard(placeOf(entry), []);
    const own: Frame = {
      kind: 'function',
      entry,
      exits: [],
      guards: [guard],
      targets: [],
      finishes: [],
      labels: [],
      isBound: false,
    };
    parameters(walk, node, entry, { ...frame, kind: 'quiet', isBound: true });
    const end = bodyEnd(walk, node, { context: entry, at: placeOf(entry), opened: undefined }, own);
    const needed = [...own.exits, end].reduce((sum, exit) => widened(walk, node, sum, exit), entry);
    const resets = end !== undefined && end.at !== placeOf(entry);
    walk.notes.functions.set(node, { entry: placeOf(entry), guard, resets });
    if (needed === entry) return entry === entryOf(context) ? context : entry;
    entry = needed;
  }
}

function parameters(walk: Walk, node: AnyNode, context: Context, frame: Frame): void {
  if (!isFunction(node)) return;
  for (const parameter of node.params)
    if (walk.emits.loud.has(parameter)) walk.expression(parameter, context, frame);
}

function bodyEnd(walk: Walk, node: AnyNode, start: State, own: Frame): Reached {
  if (node.type === 'StaticBlock') return walk.statements(node.body, start, own);
  if (!isFunction(node)) return start;
  if (node.body.type === 'BlockStatement') return walk.statements(node.body.body, start, own);
  return { ...start, context: walk.expression(node.body, start.context, own) };
}

function widened(walk: Walk, node: AnyNode, entry: Context, exit: Reached): Context {
  if (exit === undefined) return entry;
  const context = join(entry, exit.context);
  if (context !== undefined) return context;
  const params = { one: describeContext(entry), other: walk.problems.described(exit) };
  throw walk.problems.problem('function-differs', node.start, params);
}

/** Names of functions that print may be mentioned only where these may be called. */
export function checkMentions(walk: Walk): void {
  for (const [offset, context] of walk.notes.mentions) {
    const bound = walk.emits.mentions.get(offset);
    const note = bound && walk.notes.functions.get(bound.node);
    if (bound === undefined || note === undefined || note.entry === placeOf(context)) continue;
    const { line, column } = walk.problems.at(bound.node.start);
    throw walk.problems.problem('function-elsewhere', offset, {
      name: bound.name,
      written: describeContext(note.entry),
      here: describeContext(context),
      line,
      column,
    });
  }
}
