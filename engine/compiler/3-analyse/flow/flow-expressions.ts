// Code inside a statement: its context does not change, so the order in which it runs does not matter. What prints in
// it (functions, `print`) begins and ends in that one context.

import type { AnyNode, CallExpression, Identifier } from 'acorn';
import { type Context, describeContext } from '../../../escaping/context.ts';
import { childrenOf } from '../survey.ts';
import { markupFunction } from './flow-functions.ts';
import { printInside, template } from './flow-prints.ts';
import { isElementText, placeOf } from './flow-state.ts';
import type { Frame, Walk } from './interpreter.ts';
import { isFunction } from './output-nodes.ts';

/** The context that `node` needs: at least `context`. */
export function expression(walk: Walk, node: AnyNode, context: Context, frame: Frame): Context {
  if (walk.emits.emitting.has(node)) return markupFunction(walk, node, context, frame);
  switch (node.type) {
    case 'CallExpression':
      return call(walk, node, context, frame);
    case 'Identifier':
      return name(walk, node, false, context, frame);
    case 'TaggedTemplateExpression':
      if (walk.emits.names.get(node.tag.start) === 'html') template(walk, node);
      return parts(walk, node, context, frame);
    case 'AwaitExpression':
    case 'YieldExpression':
      suspension(walk, node, context, frame);
      return parts(walk, node, context, frame);
    case 'PropertyDefinition':
      return parts(walk, node, context, { ...frame, kind: 'quiet', isBound: true });
    case 'UnaryExpression':
      return node.operator === 'typeof' ? context : parts(walk, node, context, frame);
    default:
      return parts(
        walk,
        node,
        context,
        isFunction(node) ? { ...frame, kind: 'quiet', isBound: true } : frame,
      );
  }
}

function parts(walk: Walk, node: AnyNode, context: Context, frame: Frame): Context {
  let needed = context;
  for (const child of childrenOf(node))
    if (walk.emits.loud.has(child)) needed = walk.expression(child, needed, frame);
  return needed;
}

function call(walk: Walk, node: CallExpression, context: Context, frame: Frame): Context {
  const { callee } = node;
  let needed = context;
  for (const child of childrenOf(node))
    if (child !== callee && walk.emits.loud.has(child)) needed = walk.expression(child, needed, frame);
  if (!walk.emits.loud.has(callee)) return needed;
  return callee.type === 'Identifier'
    ? name(walk, callee, true, needed, frame)
    : walk.expression(callee, needed, frame);
}

function name(walk: Walk, node: Identifier, isCalled: boolean, context: Context, frame: Frame): Context {
  if (walk.emits.mentions.has(node.start)) walk.notes.mentions.set(node.start, context);
  const known = walk.emits.names.get(node.start);
  if (known === 'print') return printInside(walk, node.start, isCalled, context, frame);
  if (known === 'flush') flushed(walk, node, context, frame);
  if (known === 'Include' || known === 'Section') {
    if (!isElementText(context))
      throw walk.problems.problem('include-inside', node.start, {
        name: known,
        place: describeContext(context),
      });
    if (known === 'Include' && (!isCalled || frame.isBound)) walk.notes.boundNames.add(node.start);
  }
  return context;
}

/** What was sent cannot be cut off again: neither by the rest of its tag, nor by an exception in a try around it. */
function flushed(walk: Walk, node: Identifier, context: Context, frame: Frame): void {
  const places = [context, ...frame.guards.map((guard) => guard.entry)];
  const inside = places.find((place) => !isElementText(place));
  if (inside === undefined) return;
  throw walk.problems.problem('flush-inside', node.start, { place: describeContext(inside) });
}

/** A function that prints goes to sleep and wakes up where it began: what runs meanwhile finds the page as it was. */
export function suspension(walk: Walk, node: AnyNode, context: Context, frame: Frame): void {
  if (frame.kind !== 'function') return;
  const place = placeOf(context);
  const entry = placeOf(frame.entry);
  if (place !== entry || frame.guards.some((guard) => guard.entry !== entry)) {
    const keyword = node.type === 'YieldExpression' ? 'yield' : 'await';
    const params = { keyword, place: describeContext(context), entry: describeContext(frame.entry) };
    throw walk.problems.problem('await-inside', node.start, params);
  }
  for (const guard of frame.guards) guard.suspends = true;
  walk.notes.resumes.set(node, entry);
}
