// How a page releases its session's lock: with a change that the store makes, unused, or because of an error.

import { Problem } from '../../diagnostics/problem.ts';
import type { SessionRecord } from '../format/session-record.ts';
import { pin } from '../request/pin.ts';
import type { SessionState } from '../request/session-state.ts';
import { SessionEndedError } from '../session-errors.ts';
import type { Change, LockRequest, MaybePromise, Outcome } from '../session-store.ts';
import type { SessionRequest } from '../session-types.ts';
import type { SessionLock } from './session-lock.ts';

/** The page's name has at most so many characters. */
const PAGE_LENGTH = 200;

/** Releases the lock with a change; what was not written is an error. */
export function perform(
  state: SessionState,
  held: SessionLock,
  change: Change<SessionRecord>,
): MaybePromise<void> {
  const { changed } = state;
  state.held = undefined;
  if (change.kind !== 'keep') state.changed = false;
  const outcome = held.release(change);
  if (outcome instanceof Promise) return outcome.then((result) => accept(state, change, result, changed));
  return accept(state, change, outcome, changed);
}

function accept(
  state: SessionState,
  change: Change<SessionRecord>,
  outcome: Outcome,
  changed: boolean,
): void {
  if (outcome === 'done') {
    if (change.kind !== 'move') return;
    state.replaced = undefined;
    pin(state, false);
    return;
  }
  if (change.kind === 'keep') return;
  state.announce = false;
  if (outcome === 'lost') throw new Problem('session-lock-lost');
  if (changed || state.site.store.serialized) throw new SessionEndedError();
}

/** Releases the lock without a change. */
export function release(state: SessionState): MaybePromise<void> {
  return state.held === undefined ? undefined : perform(state, state.held, { kind: 'keep' });
}

/** Releases the lock because of an error, and throws that. */
export function abandon(state: SessionState, error: unknown): MaybePromise<never> {
  const released = release(state);
  if (!(released instanceof Promise)) throw error;
  return released.then(() => {
    throw error;
  });
}

/** Who this request is, to those who wait for it. The signal is made only for one that must wait. */
class PageLockRequest implements LockRequest {
  readonly timeoutSeconds: number;
  readonly mayCreate: boolean;
  readonly #request: SessionRequest;

  constructor(request: SessionRequest, patience: number, begins: boolean) {
    this.#request = request;
    this.timeoutSeconds = patience;
    this.mayCreate = begins;
  }

  /** Stores write it down: what they have room for, and no half of a character, which would come back as another. */
  get page(): string {
    const { page } = this.#request;
    return page.length <= PAGE_LENGTH ? page : Buffer.from(page.slice(0, PAGE_LENGTH)).toString();
  }

  get signal(): AbortSignal | undefined {
    return this.#request.signal;
  }
}

/** What a page waits for its session's lock with; `begins`: whether a session may begin under the id. */
export function lockRequestOf({ request, site }: SessionState, begins = true): LockRequest {
  return new PageLockRequest(request, site.config.session.lock_timeout, begins);
}
