// The abstract interpreter that the transfer functions share, and the frame that each of them gets.

import type { AnyNode, Node } from 'acorn';
import type { Context } from '../../../escaping/context.ts';
import type { PageKind } from '../../page-kind.ts';
import type { FieldTags } from '../field-attributes.ts';
import type { FlowNotes, RollbackGuard } from './flow-notes.ts';
import type { FlowProblems } from './flow-problems.ts';
import { contextKey, type FlowState, type MaybeState } from './flow-state.ts';
import type { OutputNodes } from './output-nodes.ts';

/** A statement to which `break` or `continue` may lead. */
export interface JumpTarget {
  readonly labels: readonly string[];
  readonly kind: 'loop' | 'switch' | 'block';
  readonly breaks: FlowState[];
  readonly continues: FlowState[];
  /** The context key in which a loop takes its next step; undefined for other statements. */
  readonly nextStep: Context | undefined;
}

/** A `finally` block that prints or jumps. Every way into it must be in the context in which its `try` began. */
export interface FinallyEntry {
  readonly entry: Context;
  /** The number of jump targets around the `try`. A jump to one of them runs the `finally` block. */
  readonly depth: number;
}

/** The function or page that contains the current code, and the statements around that code. */
export interface FlowFrame {
  /** `nonPrinting`: a function that does not print itself. */
  readonly kind: 'page' | 'function' | 'nonPrinting';
  readonly entry: Context;
  readonly exits: FlowState[];
  readonly guards: readonly RollbackGuard[];
  readonly jumpTargets: readonly JumpTarget[];
  readonly finallyBlocks: readonly FinallyEntry[];
  /** The labels of the statement that comes next. */
  readonly labels: readonly string[];
  /**
   * Whether the code runs later than the statement that contains it. Its uses of `print` are bound to the context in
   * which they are written.
   */
  readonly isDeferred: boolean;
}

/** The state of one analysis, and the transfer functions, which call each other through it. */
export interface Interpreter {
  /** In a text page every text and value is printed as it is, and the context is always that of the page's start. */
  readonly kind: PageKind;
  readonly nodes: OutputNodes;
  readonly notes: FlowNotes;
  readonly problems: FlowProblems;
  readonly fieldTags: FieldTags;
  /** The entry states of loops so far. A second analysis of a loop begins with them. */
  readonly loops: Map<Node, FlowState>;
  statement(node: AnyNode, state: MaybeState, frame: FlowFrame): MaybeState;
  statements(nodes: readonly AnyNode[], state: MaybeState, frame: FlowFrame): MaybeState;
  /** The context in which all printing parts of this code begin and end: `context` or a wider one. */
  expression(node: AnyNode, context: Context, frame: FlowFrame): Context;
}

/**
 * The fixpoint for code that does not change the context: the state is widened until all printing parts of the code
 * begin and end in its context.
 */
export function fixpointState(
  interpreter: Interpreter,
  nodes: readonly (AnyNode | null | undefined)[],
  state: FlowState,
  frame: FlowFrame,
): FlowState {
  let { context } = state;
  for (;;) {
    let needed = context;
    for (const node of nodes)
      if (node && interpreter.nodes.affectsOutput.has(node))
        needed = interpreter.expression(node, needed, frame);
    if (needed === context) return context === state.context ? state : { ...state, context };
    context = needed;
  }
}

/** Notes that code runs at `node`. Behind it, the tracked context is the current one. */
export function noteCode(
  interpreter: Interpreter,
  node: Node,
  state: FlowState,
  frame: FlowFrame,
): FlowState {
  const key = contextKey(state.context);
  for (const guard of frame.guards) guard.leavesEntry ||= guard.entry !== key;
  interpreter.notes.codeBefore.set(node, { key, setsTracked: state.tracked !== key, guards: frame.guards });
  return state.tracked === key ? state : { context: state.context, tracked: key, opened: state.opened };
}

/** The same for code that runs at the end of a block. */
export function noteCodeAtEnd(
  interpreter: Interpreter,
  node: Node,
  state: MaybeState,
  frame: FlowFrame,
): MaybeState {
  if (state === undefined) return undefined;
  const key = contextKey(state.context);
  for (const guard of frame.guards) guard.leavesEntry ||= guard.entry !== key;
  interpreter.notes.codeAtEnd.set(node, { key, setsTracked: state.tracked !== key, guards: frame.guards });
  return { ...state, tracked: key };
}
