// The position and the findings of one run of the state machine over a piece of static HTML. transition.ts starts the
// run, and the states (states/*.ts) advance it.

import type { CodeWith } from '../diagnostics/codes.ts';
import { draftOf, enterMarkup } from './context.ts';
import type { ContextDraft, ContextFacts, TokenizerState } from './context-facts.ts';

/** An error in static HTML. */
export interface ScanProblem {
  readonly offset: number;
  readonly code: CodeWith<'place'>;
}

/** Text that is printed in addition to the static HTML, before the offset. */
export interface Insertion {
  readonly offset: number;
  readonly text: string;
}

/** Scans `text`. Each state consumes what belongs to it and sets the next state in `facts`. */
export class HtmlScan {
  /** The static HTML, preceded by the undecided characters of the text before it. */
  readonly text: string;
  at = 0;
  readonly facts: ContextDraft;
  problem: ScanProblem | undefined;
  readonly insertions: Insertion[] = [];
  /** The beginning of the current unquoted value; undefined if an earlier text contains it. */
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

  /** Moves to `at` in another state. */
  moveTo(at: number, state: TokenizerState): void {
    this.at = at;
    this.facts.state = state;
  }

  /** Moves to `at`, where markup outside of tags and content begins. */
  enterMarkup(at: number, state: TokenizerState): void {
    this.at = at;
    enterMarkup(this.facts, state);
  }

  /** Keeps the rest of the text as pending, because it may begin a construct that the next text decides. */
  keepPending(): void {
    this.facts.pending = this.text.slice(this.at);
    this.at = this.text.length;
  }

  /** Records a problem. Only the first one is kept. */
  report(code: CodeWith<'place'>, at: number = this.at): void {
    this.problem ??= { code, offset: this.offset(at) };
  }

  insert(text: string, at: number): void {
    this.insertions.push({ text, offset: this.offset(at) });
  }

  /** The offset in the static HTML without the characters in front of it. */
  offset(at: number): number {
    return Math.max(0, at - this.#carried);
  }
}

/**
 * Whether the pending characters must be read again together with the next text. Other pending characters are marks
 * for one state.
 */
function isPrefix({ state, pending }: ContextFacts): boolean {
  return (state === 'data' && /^[<&]/.test(pending)) || (state === 'attribute value' && pending === '&');
}
