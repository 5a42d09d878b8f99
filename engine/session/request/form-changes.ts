// The changes of kept forms that a request makes when it ends, in one write with the changes of its page.

import { changeForms, type FormChange } from './kept-forms.ts';
import type { SessionState } from './session-state.ts';

const NOTHING: readonly FormChange[] = [];

/** The changes that are still to be made. */
export class FormChanges {
  #changes = NOTHING;

  /** Whether a form is to be kept, and not only dropped. */
  get keeps(): boolean {
    return this.#changes.some(({ form }) => form !== undefined);
  }

  add(change: FormChange): void {
    this.#changes = [...this.#changes, change];
  }

  /**
   * The state that the changes are made in; undefined: there is none. Under a retired id no session may begin, and without an entry
   * there is nothing to drop.
   * @param startAnew begins a session after one that the page has closed
   */
  target(
    current: SessionState | undefined,
    startAnew: (closed: SessionState) => SessionState,
  ): SessionState | undefined {
    if (current === undefined || current.identity === 'retired') return undefined;
    if (current.closed) return this.keeps ? startAnew(current) : undefined;
    return this.keeps || current.stored ? current : undefined;
  }

  /** Makes the changes. A form that is kept prolongs the session. */
  makeIn(state: SessionState): void {
    if (this.keeps) state.touches = true;
    state.openForWriting();
    for (const change of this.#changes) changeForms(state, change);
    this.#changes = NOTHING;
  }
}
