// The annotations that the flow analysis gives to the emitter. A loop or function may be analysed several times. Each
// analysis overwrites its notes, so that those of the fixpoint remain.

import type { Node } from 'acorn';
import type { Context } from '../../../escaping/context.ts';
import type { EscaperName } from '../../../escaping/escaper-for.ts';
import type { FieldTag } from '../../../forms/form-attributes.ts';
import type { OutputSegment, TextSegment } from '../../1-scan/segments.ts';

/**
 * A region of code that an exception leaves with the output as it was: a try block or the body of a function. If an
 * exception leaves the region while its code runs in another context than the entry context, the output since then is
 * removed.
 */
export class RollbackGuard {
  /** The context key at the beginning of the region. */
  readonly entry: Context;
  /** Whether some code of the region runs in another context. */
  leavesEntry = false;
  /** Whether the region awaits or yields. */
  suspends = false;
  /** The guards around this one in the same function. */
  readonly enclosing: readonly RollbackGuard[];

  constructor(entry: Context, enclosing: readonly RollbackGuard[]) {
    this.entry = entry;
    this.enclosing = enclosing;
  }
}

/** Code that runs in the context `key`. */
export interface CodeNote {
  readonly key: Context;
  /** Whether the tracked context may be another one before this code. */
  readonly setsTracked: boolean;
  readonly guards: readonly RollbackGuard[];
}

export interface TextNote {
  readonly context: Context;
  readonly after: Context;
  /** The text that is printed for the segment. */
  readonly printed: string;
  readonly guards: readonly RollbackGuard[];
}

/** `plain` prints a value as it is. */
export type PrintEscaper = EscaperName | 'plain';

export interface OutputNote {
  /** With a tag, the value is the attributes of a form field in that tag. */
  readonly escaper: PrintEscaper | { readonly tag: FieldTag };
  /** Static text that is printed before the value. */
  readonly before: string;
  readonly context: Context;
  readonly after: Context;
  readonly point: CodeNote;
}

/** A use of `print` by name. */
export interface PrintNote {
  readonly escaper: PrintEscaper;
  readonly before: string;
  /** The context key to which the use is bound if it is not called on the spot; else undefined. */
  readonly bound: Context | undefined;
  readonly context: Context;
  readonly after: Context;
  readonly guards: readonly RollbackGuard[];
}

/** A function that prints. */
export interface FunctionNote {
  /** The context key in which it may be called. */
  readonly entry: Context;
  readonly guard: RollbackGuard;
  /** Whether the tracked context may differ from the entry at its end, and so must be reset. */
  readonly resets: boolean;
}

/** A try statement. */
export interface TryNote {
  readonly block: RollbackGuard;
  /** The guard of the handler; undefined unless a `finally` behind it affects the output. */
  readonly handler: RollbackGuard | undefined;
  /** Whether the `finally` block prints or jumps. */
  readonly finallyAffectsOutput: boolean;
}

/** All annotations of a page. Unreachable code has none. */
export class FlowNotes {
  readonly texts = new Map<TextSegment, TextNote>();
  readonly outputs = new Map<OutputSegment, OutputNote>();
  /** Uses of `print` by the offset of the identifier. */
  readonly prints = new Map<number, PrintNote>();
  /** The offsets of Include where it is named without being called. */
  readonly deferredIncludes = new Set<number>();
  readonly functions = new Map<Node, FunctionNote>();
  readonly tries = new Map<Node, TryNote>();
  /** Code at the beginning of statements, tests and updates of loops. */
  readonly codeBefore = new Map<Node, CodeNote>();
  /** Code at the end of a block: the next step of a loop, a `finally`. */
  readonly codeAtEnd = new Map<Node, CodeNote>();
  /** Jumps that lead to code in another context, with the key of that context. */
  readonly jumpsBack = new Map<Node, Context>();
  /** `await`, `yield` and `for await` in functions that print, with the context key in which they resume. */
  readonly resumes = new Map<Node, Context>();
  /** The contexts in which names of functions that print stand, by offset. */
  readonly functionUses = new Map<number, Context>();
}
