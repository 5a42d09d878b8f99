// The abstract state of the flow analysis: the context, the tracked context, and the opening that explains it in
// errors. A state is immutable.

import { type Context, contextOf, TEXT, textAfter } from '../../../escaping/context.ts';
import { joinContexts } from '../../../escaping/join-contexts.ts';
import type { TextSegment } from '../../1-scan/segments.ts';

/** The text that left element text, for errors that name the beginning of a tag. */
export interface Opening {
  readonly text: TextSegment;
  /** The context at the beginning of that text. */
  readonly from: Context;
  /** The opening before it, if that text begins outside of element text. */
  readonly earlier: Opening | undefined;
}

/** The state at one reachable point of a page. */
export interface FlowState {
  readonly context: Context;
  /**
   * The context key that the page's tracking variable holds at this point; undefined if it differs between the ways
   * to the point.
   */
  readonly tracked: Context | undefined;
  readonly opened: Opening | undefined;
}

/** undefined: the point is unreachable. */
export type MaybeState = FlowState | undefined;

/** Whether a context is element text without a `<` that may begin a tag. */
export function isElementText(context: Context): boolean {
  return context.state === 'data' && !context.pending.startsWith('<');
}

/**
 * The context as functions, guards and run-time checks compare it. All element text has one key, whatever the
 * characters before the point are.
 */
export function contextKey(context: Context): Context {
  return isElementText(context) ? TEXT : context;
}

/** The entry context of a function that is written in `context`. */
export function functionEntry(context: Context): Context {
  return isElementText(context) ? contextOf(textAfter(context)) : context;
}

/**
 * The state that covers two others.
 * @param refuse throws the Problem for contexts that have no join
 */
export function joinStates(
  a: MaybeState,
  b: MaybeState,
  refuse: (a: FlowState, b: FlowState) => never,
): MaybeState {
  if (a === undefined) return b;
  if (b === undefined) return a;
  const context = joinContexts(a.context, b.context) ?? refuse(a, b);
  return { context, tracked: a.tracked === b.tracked ? a.tracked : undefined, opened: a.opened ?? b.opened };
}

export function sameState(a: FlowState, b: FlowState): boolean {
  return a.context === b.context && a.tracked === b.tracked;
}
