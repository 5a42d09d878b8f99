// One run of the state machine over one piece of static HTML: where it is, and what it found. The states
// (states/*.ts) move it on; transition.ts starts it.

import type { CodeWith } from '../diagnostics/codes.ts';
import { draftOf, enterMarkup } from './context.ts';
import type { ContextFacts, Draft, State } from './context-facts.ts';

/** Something in static HTML that a page must not have. */
export interface Trouble {
  readonly offset: number;
  readonly code: CodeWith<'place'>;
}

/** A character that is printed besides the static HTML, before the offset. */
export interface Insertion {
  readonly offset: number;
  readonly text: string;
}

/** Moves over `text`; a state takes what it can and leaves the next one in `facts`. */
export class Scan {
  /** The static HTML, with the undecided characters of the text before it in front. */
  readonly text: string;
  at = 0;
  readonly facts: Draft;
  problem: Trouble | undefined;
  readonly insertions: Insertion[] = [];
  /** Where the unquoted value that is being read began; undefined when that was in an earlier text. */
  valueStart: number | undefined;
  readonly #carried: number;

  constructor(context: ContextFacts, text: string) {
    const carried = isPrefix(context) ? context.pending : '';
    this.text = carried + text;
    this.facts = draftOf(context);
    if (carried !== '') this.facts.pending = '';
    this.#carried = carried.length;
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  /** Goes to `at` in another state. */
  go(at: number, state: State): void {
    this.at = at;
    this.facts.state = state;
  }

  /** Goes to `at`, where markup outside of tags and content begins. */
  enter(at: number, state: State): void {
    this.at = at;
    enterMarkup(this.facts, state);
  }

  /** The rest begins something that cannot be told yet. */
  hold(): void {
    this.facts.pending = this.text.slice(this.at);
    this.at = this.text.length;
  }

  /** Takes down the first problem. */
  report(code: CodeWith<'place'>, at: number = this.at): void {
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
