// What the parts of the flow share: how they call each other, and where in the page they are.

import type { AnyNode, Node } from 'acorn';
import type { Context } from '../../../escaping/context.ts';
import type { Guard, Notes } from './flow-notes.ts';
import type { FlowProblems } from './flow-problems.ts';
import { placeOf, type Reached, type State } from './flow-state.ts';
import type { Emits } from './output-nodes.ts';

/** A statement that `break` or `continue` may lead to. */
export interface Target {
  readonly labels: readonly string[];
  readonly kind: 'loop' | 'switch' | 'block';
  readonly breaks: State[];
  readonly continues: State[];
  /** The place where a `for … of` takes its next step. */
  readonly step: Context | undefined;
}

/** A `finally` that prints or jumps: every way into it must be where its try began. */
export interface Finish {
  readonly entry: Context;
  /** How many targets there were when its try began: a jump to one of them runs it. */
  readonly depth: number;
}

/** The function or page whose code this is, and what lies around the code. */
export interface Frame {
  /** `quiet`: a function that does not print itself. */
  readonly kind: 'page' | 'function' | 'quiet';
  readonly entry: Context;
  readonly exits: State[];
  readonly guards: readonly Guard[];
  readonly targets: readonly Target[];
  readonly finishes: readonly Finish[];
  /** The labels of the statement that comes next. */
  readonly labels: readonly string[];
  /** Code that runs at a time of its own: what prints there is bound to its place. */
  readonly isBound: boolean;
}

/** The parts of the flow, by what they are asked for. */
export interface Walk {
  readonly emits: Emits;
  readonly notes: Notes;
  readonly problems: FlowProblems;
  /** The states with which loops were entered so far: a second look begins there. */
  readonly loops: Map<Node, State>;
  statement(node: AnyNode, state: Reached, frame: Frame): Reached;
  statements(nodes: readonly AnyNode[], state: Reached, frame: Frame): Reached;
  /** The context, `context` or a wider one, in which all that this code prints begins and ends. */
  expression(node: AnyNode, context: Context, frame: Frame): Context;
}

/** The state in which code runs that does not change the context: widened until what it prints begins and ends there. */
export function code(
  walk: Walk,
  nodes: readonly (AnyNode | null | undefined)[],
  state: State,
  frame: Frame,
): State {
  let { context } = state;
  for (;;) {
    let needed = context;
    for (const node of nodes)
      if (node && walk.emits.loud.has(node)) needed = walk.expression(node, needed, frame);
    if (needed === context) return context === state.context ? state : { ...state, context };
    context = needed;
  }
}

/** Takes down that code runs at `node`; behind it, the page's `at` holds its place. */
export function running(walk: Walk, node: Node, state: State, frame: Frame): State {
  const place = placeOf(state.context);
  for (const guard of frame.guards) guard.outside ||= guard.entry !== place;
  walk.notes.points.set(node, { place, sets: state.at !== place, guards: frame.guards });
  return state.at === place ? state : { context: state.context, at: place, opened: state.opened };
}

/** The same for code that runs at the end of a block. */
export function runningAtEnd(walk: Walk, node: Node, state: Reached, frame: Frame): Reached {
  if (state === undefined) return undefined;
  const place = placeOf(state.context);
  for (const guard of frame.guards) guard.outside ||= guard.entry !== place;
  walk.notes.ends.set(node, { place, sets: state.at !== place, guards: frame.guards });
  return { ...state, at: place };
}
