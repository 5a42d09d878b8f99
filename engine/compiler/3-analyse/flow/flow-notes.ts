// What the flow writes down for the emitter. A node that is looked at again (loops, functions) overwrites its note, and
// the last look is the one with the final contexts.

import type { Node } from 'acorn';
import type { Context } from '../../../escaping/context.ts';
import type { EscaperName } from '../../../escaping/escaper-for.ts';
import type { OutputSegment, TextSegment } from '../../1-scan/segments.ts';

/**
 * A stretch of code that an exception leaves as it found it: a try block, the body of a function. Where code runs
 * outside of its entry context, what was printed since is cut off.
 */
export class Guard {
  /** The place (placeOf) where it begins. */
  readonly entry: Context;
  /** Some code in it runs elsewhere. */
  outside = false;
  /** It awaits or yields. */
  suspends = false;
  /** Those around it in the same function. */
  readonly around: readonly Guard[];

  constructor(entry: Context, around: readonly Guard[]) {
    this.entry = entry;
    this.around = around;
  }
}

/** Code that runs in a place. */
export interface CodePoint {
  readonly place: Context;
  /** Whether the page's `at` variable may hold another place before it. */
  readonly sets: boolean;
  readonly guards: readonly Guard[];
}

export interface TextNote {
  readonly context: Context;
  readonly after: Context;
  /** The text that is printed for it. */
  readonly printed: string;
  readonly guards: readonly Guard[];
}

export interface OutputNote {
  /** 'plain' prints the value as it is. */
  readonly escaper: EscaperName | 'plain';
  /** Printed before the value. */
  readonly before: string;
  readonly context: Context;
  readonly after: Context;
  readonly point: CodePoint;
}

/** `print` by name. */
export interface PrintNote {
  readonly escaper: EscaperName;
  readonly before: string;
  /** The place that it is bound to when it is not called right there. */
  readonly bound: Context | undefined;
  readonly context: Context;
  readonly after: Context;
  readonly guards: readonly Guard[];
}

/** A function that prints. */
export interface FunctionNote {
  /** The place where it may be called. */
  readonly entry: Context;
  readonly guard: Guard;
  /** Its end is reached with another place in `at`. */
  readonly resets: boolean;
}

/** A try statement. */
export interface TryNote {
  readonly block: Guard;
  /** The handler's own, when a `finally` behind it prints or jumps. */
  readonly handler: Guard | undefined;
  /** The `finally` prints or jumps. */
  readonly finishes: boolean;
}

/** The flow's result. Nothing is noted for what cannot be reached. */
export class Notes {
  readonly texts = new Map<TextSegment, TextNote>();
  readonly outputs = new Map<OutputSegment, OutputNote>();
  /** By the offset of the identifier. */
  readonly prints = new Map<number, PrintNote>();
  /** Include and Section that are named without being called, by offset. */
  readonly boundNames = new Set<number>();
  readonly functions = new Map<Node, FunctionNote>();
  readonly tries = new Map<Node, TryNote>();
  /** Statements, and the tests and updates of loops. */
  readonly points = new Map<Node, CodePoint>();
  /** Code that runs at the end of a block: a loop's next step, a `finally`. */
  readonly ends = new Map<Node, CodePoint>();
  /** Statements that jump back to a loop whose next step runs in this place. */
  readonly returns = new Map<Node, Context>();
  /** await, yield and `for await` in functions that print: the place where they resume. */
  readonly resumes = new Map<Node, Context>();
  /** The contexts in which names of functions that print are mentioned, by offset. */
  readonly mentions = new Map<number, Context>();
}
