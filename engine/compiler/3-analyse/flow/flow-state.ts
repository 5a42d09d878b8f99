// What the flow carries along: the context, and what it takes to explain it. A state is immutable.

import { type Context, contextOf, TEXT, textAfter } from '../../../escaping/context.ts';
import { join } from '../../../escaping/join-contexts.ts';
import type { TextSegment } from '../../1-scan/segments.ts';

/** The text that left element text: to say where something was opened. */
export interface Opening {
  readonly text: TextSegment;
  /** The context in which that text begins. */
  readonly from: Context;
  /** The opening before it, if that text begins outside of element text. */
  readonly earlier: Opening | undefined;
}

/** What holds at one point of a page that can be reached. */
export interface State {
  readonly context: Context;
  /** The place that the page's `at` variable holds when the page is here; undefined when it depends. */
  readonly at: Context | undefined;
  readonly opened: Opening | undefined;
}

/** undefined: nothing gets here. */
export type Reached = State | undefined;

/** Element text, without a `<` that may yet begin a tag. */
export function isElementText(context: Context): boolean {
  return context.state === 'text' && !context.pending.startsWith('<');
}

/**
 * A context as functions, marks and the run-time check compare it: element text is one place, whatever follows from the
 * characters just before it.
 */
export function placeOf(context: Context): Context {
  return isElementText(context) ? TEXT : context;
}

/** The context in which a function that is written here begins. */
export function entryOf(context: Context): Context {
  return isElementText(context) ? contextOf(textAfter(context)) : context;
}

/** Two ways that meet; `refuse` throws when their contexts do not. */
export function meet(a: Reached, b: Reached, refuse: (a: State, b: State) => never): Reached {
  if (a === undefined) return b;
  if (b === undefined) return a;
  const context = join(a.context, b.context) ?? refuse(a, b);
  return { context, at: a.at === b.at ? a.at : undefined, opened: a.opened ?? b.opened };
}

export function isSame(a: State, b: State): boolean {
  return a.context === b.context && a.at === b.at;
}
