// Transfer functions for expressions. An expression does not change the context, so the order of evaluation does not
// matter: its printing parts (functions, `print`) must begin and end in one context.

import type { AnyNode, CallExpression, Identifier } from 'acorn';
import { type Context, describeContext } from '../../../escaping/context.ts';
import { childNodes } from '../../2-parse/syntax-nodes.ts';
import { printingFunction } from './flow-functions.ts';
import { checkTemplate, printExpression } from './flow-prints.ts';
import { contextKey, isElementText } from './flow-state.ts';
import type { FlowFrame, Interpreter } from './interpreter.ts';
import { isFunction } from './output-nodes.ts';

/** The context in which all printing parts of `node` begin and end: `context` or a wider one. */
export function interpretExpression(
  interpreter: Interpreter,
  node: AnyNode,
  context: Context,
  frame: FlowFrame,
): Context {
  if (interpreter.nodes.printingFunctions.has(node))
    return printingFunction(interpreter, node, context, frame);
  switch (node.type) {
    case 'CallExpression':
      return callExpression(interpreter, node, context, frame);
    case 'Identifier':
      return identifier(interpreter, node, false, context, frame);
    case 'TaggedTemplateExpression':
      if (interpreter.nodes.names.get(node.tag.start) === 'html') checkTemplate(interpreter, node);
      return children(interpreter, node, context, frame);
    case 'AwaitExpression':
    case 'YieldExpression':
      suspension(interpreter, node, context, frame);
      return children(interpreter, node, context, frame);
    case 'PropertyDefinition':
      return children(interpreter, node, context, { ...frame, kind: 'nonPrinting', isDeferred: true });
    case 'UnaryExpression':
      return node.operator === 'typeof' ? context : children(interpreter, node, context, frame);
    default:
      return children(
        interpreter,
        node,
        context,
        isFunction(node) ? { ...frame, kind: 'nonPrinting', isDeferred: true } : frame,
      );
  }
}

function children(interpreter: Interpreter, node: AnyNode, context: Context, frame: FlowFrame): Context {
  let needed = context;
  for (const child of childNodes(node))
    if (interpreter.nodes.affectsOutput.has(child)) needed = interpreter.expression(child, needed, frame);
  return needed;
}

function callExpression(
  interpreter: Interpreter,
  node: CallExpression,
  context: Context,
  frame: FlowFrame,
): Context {
  const { callee } = node;
  let needed = context;
  for (const child of childNodes(node))
    if (child !== callee && interpreter.nodes.affectsOutput.has(child))
      needed = interpreter.expression(child, needed, frame);
  if (!interpreter.nodes.affectsOutput.has(callee)) return needed;
  return callee.type === 'Identifier'
    ? identifier(interpreter, callee, true, needed, frame)
    : interpreter.expression(callee, needed, frame);
}

function identifier(
  interpreter: Interpreter,
  node: Identifier,
  isCalled: boolean,
  context: Context,
  frame: FlowFrame,
): Context {
  if (interpreter.nodes.functionUses.has(node.start)) interpreter.notes.functionUses.set(node.start, context);
  const known = interpreter.nodes.names.get(node.start);
  if (known === 'print') return printExpression(interpreter, node.start, isCalled, context, frame);
  if (known === 'flush') checkFlush(interpreter, node, context, frame);
  if (known === 'Include' || known === 'Section') {
    if (!isElementText(context))
      throw interpreter.problems.problem('include-inside', node.start, {
        name: known,
        place: describeContext(context),
      });
    if (known === 'Include' && (!isCalled || frame.isDeferred))
      interpreter.notes.deferredIncludes.add(node.start);
  }
  return context;
}

/**
 * Refuses a flush inside a tag or inside a `try` that began in one: sent output can be neither completed nor rolled
 * back.
 */
function checkFlush(interpreter: Interpreter, node: Identifier, context: Context, frame: FlowFrame): void {
  const contexts = [context, ...frame.guards.map((guard) => guard.entry)];
  const inside = contexts.find((each) => !isElementText(each));
  if (inside === undefined) return;
  throw interpreter.problems.problem('flush-inside', node.start, { place: describeContext(inside) });
}

/**
 * Notes an `await` or `yield` of a function that prints. It must suspend in its entry context, because the caller
 * runs on in that context.
 */
export function suspension(
  interpreter: Interpreter,
  node: AnyNode,
  context: Context,
  frame: FlowFrame,
): void {
  if (frame.kind !== 'function') return;
  const key = contextKey(context);
  const entry = contextKey(frame.entry);
  if (key !== entry || frame.guards.some((guard) => guard.entry !== entry)) {
    const keyword = node.type === 'YieldExpression' ? 'yield' : 'await';
    const params = { keyword, place: describeContext(context), entry: describeContext(frame.entry) };
    throw interpreter.problems.problem('await-inside', node.start, params);
  }
  for (const guard of frame.guards) guard.suspends = true;
  interpreter.notes.resumes.set(node, entry);
}
