// Functions that print are balanced: such a function begins and ends in one context, the context in which it is
// written, and may be called only there. So a call never changes the context.

import type { AnyNode } from 'acorn';
import { type Context, describeContext } from '../../../escaping/context.ts';
import { joinContexts } from '../../../escaping/join-contexts.ts';
import { RollbackGuard } from './flow-notes.ts';
import { contextKey, type FlowState, functionEntry, type MaybeState } from './flow-state.ts';
import type { FlowFrame, Interpreter } from './interpreter.ts';
import { isFunction } from './output-nodes.ts';

/**
 * Analyses the body of a function that prints, repeatedly, until its entry context covers all of its exit contexts.
 * Returns that fixpoint: `context` or a wider one.
 */
export function printingFunction(
  interpreter: Interpreter,
  node: AnyNode,
  context: Context,
  frame: FlowFrame,
): Context {
  let entry = functionEntry(context);
  for (;;) {
    const guard = new RollbackGuard(contextKey(entry), []);
    const own: FlowFrame = {
      kind: 'function',
      entry,
      exits: [],
      guards: [guard],
      jumpTargets: [],
      finallyBlocks: [],
      labels: [],
      isDeferred: false,
    };
    parameters(interpreter, node, entry, { ...frame, kind: 'nonPrinting', isDeferred: true });
    const end = bodyEnd(
      interpreter,
      node,
      { context: entry, tracked: contextKey(entry), opened: undefined },
      own,
    );
    const needed = [...own.exits, end].reduce(
      (sum, exit) => widenedEntry(interpreter, node, sum, exit),
      entry,
    );
    const resets = end !== undefined && end.tracked !== contextKey(entry);
    interpreter.notes.functions.set(node, { entry: contextKey(entry), guard, resets });
    if (needed === entry) return entry === functionEntry(context) ? context : entry;
    entry = needed;
  }
}

function parameters(interpreter: Interpreter, node: AnyNode, context: Context, frame: FlowFrame): void {
  if (!isFunction(node)) return;
  for (const parameter of node.params)
    if (interpreter.nodes.affectsOutput.has(parameter)) interpreter.expression(parameter, context, frame);
}

function bodyEnd(interpreter: Interpreter, node: AnyNode, start: FlowState, own: FlowFrame): MaybeState {
  if (node.type === 'StaticBlock') return interpreter.statements(node.body, start, own);
  if (!isFunction(node)) return start;
  if (node.body.type === 'BlockStatement') return interpreter.statements(node.body.body, start, own);
  return { ...start, context: interpreter.expression(node.body, start.context, own) };
}

function widenedEntry(interpreter: Interpreter, node: AnyNode, entry: Context, exit: MaybeState): Context {
  if (exit === undefined) return entry;
  const context = joinContexts(entry, exit.context);
  if (context !== undefined) return context;
  const params = { one: describeContext(entry), other: interpreter.problems.described(exit) };
  throw interpreter.problems.problem('function-differs', node.start, params);
}

/** A name of a function that prints may stand only in the entry context of the function. */
export function checkFunctionUses(interpreter: Interpreter): void {
  for (const [offset, context] of interpreter.notes.functionUses) {
    const bound = interpreter.nodes.functionUses.get(offset);
    const note = bound && interpreter.notes.functions.get(bound.node);
    if (bound === undefined || note === undefined || note.entry === contextKey(context)) continue;
    const { line, column } = interpreter.problems.at(bound.node.start);
    throw interpreter.problems.problem('function-elsewhere', offset, {
      name: bound.name,
      written: describeContext(note.entry),
      here: describeContext(context),
      line,
      column,
    });
  }
}
