// One run of the state machine over one piece of static HTML: where it is, and what it found. The states
// (states/*.ts) move it on; transition.ts starts it.

import type { Code } from '../diagnostics/codes.ts';
import { changed } from './context.ts';
import type { ContextFacts } from './context-facts.ts';

/** Something in static HTML that a page must not have. */
export interface Trouble {
  readonly offset: number;
  readonly code: Code;
}

/** A character that is printed besides the static HTML, before the offset. */
export interface Insertion {
  readonly offset: number;
  readonly text: string;
}

/** Moves over `text`; a state takes what it can and leaves the next one in `context`. */
export class Scan {
  /** The static HTML, with the undecided characters of the text before it in front. */
  readonly text: string;
  at = 0;
  context: ContextFacts;
  problem: Trouble | undefined;
  readonly insertions: Insertion[] = [];
  /** Where the unquoted value that is being read began; undefined when that was in an earlier text. */
  valueStart: number | undefined;
  readonly #carried: number;

  constructor(context: ContextFacts, text: string) {
    const carried = isPrefix(context) ? context.pending : '';
    this.text = carried + text;
    this.context = carried === '' ? context : changed(context, { pending: '' });
    this.#carried = carried.length;
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  /** Goes to `at` in a changed context. */
  go(at: number, changes: Partial<ContextFacts>): void {
    this.at = at;
    this.context = changed(this.context, changes);
  }

  /** Goes to `at` in another context. */
  enter(at: number, context: ContextFacts): void {
    this.at = at;
    this.context = context;
  }

  /** The rest begins something that cannot be told yet. */
  hold(): void {
    this.go(this.text.length, { pending: this.text.slice(this.at) });
  }

  /** Takes down the first problem. */
  report(code: Code, at: number = this.at): void {
    this.problem ??= { code, offset: this.offset(at) };
  }

  insert(text: string, at: number): void {
    this.insertions.push({ text, offset: this.offset(at) });
  }

  /** The offset in the static HTML that was given. */
  offset(at: number): number {
    return Math.max(0, at - this.#carried);
  }
}

/** What is read again together with the text behind it. Other pending characters are marks for one state. */
function isPrefix({ state, pending }: ContextFacts): boolean {
  return (state === 'text' && /^[<&]/.test(pending)) || (state === 'value' && pending === '&');
}
