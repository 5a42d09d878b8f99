// How a request releases the lock of its session, and which entry it protects from eviction meanwhile.

import { Problem } from '../../diagnostics/problem.ts';
import type { SessionRecord } from '../format/session-record.ts';
import { acquireLock, PageLockRequest, type SessionLock } from '../lock/session-lock.ts';
import { andThen } from '../maybe-promise.ts';
import { SessionEndedError } from '../session-errors.ts';
import type { Change, MaybePromise, Outcome } from '../session-store.ts';
import type { SessionState } from './session-state.ts';

/** Acquires the lock of a key for the page of the request. */
export function acquireForPage(
  { context, request }: SessionState,
  key: string,
  mayCreate = true,
): MaybePromise<SessionLock> {
  const lockRequest = new PageLockRequest(request, context.config.session.lock_timeout, mayCreate);
  return acquireLock(context, key, lockRequest);
}

/** Makes the change and releases the lock. Throws if the change was not made. */
export function releaseWith(
  state: SessionState,
  lock: SessionLock,
  change: Change<SessionRecord>,
): MaybePromise<void> {
  const { changed } = state;
  state.lock = undefined;
  if (change.kind !== 'keep') state.changed = false;
  return andThen(lock.release(change), (outcome) => acceptOutcome(state, change, outcome, changed));
}

function acceptOutcome(
  state: SessionState,
  change: Change<SessionRecord>,
  outcome: Outcome,
  changed: boolean,
): void {
  if (change.kind === 'keep') return;
  if (outcome !== 'done') {
    state.cookieDue = false;
    if (outcome === 'lost') throw new Problem('session-lock-lost');
    if (changed || state.context.store.serialized) throw new SessionEndedError();
  } else if (change.kind === 'move') {
    state.replaced = undefined;
    pin(state, false);
  }
}

/** Releases the lock, if the request holds it, without a change. */
export function releaseUnchanged(state: SessionState): MaybePromise<void> {
  return state.lock === undefined ? undefined : releaseWith(state, state.lock, { kind: 'keep' });
}

/** Releases the lock without a change, and throws the error. */
export function abandonLock(state: SessionState, error: unknown): MaybePromise<never> {
  return andThen(releaseUnchanged(state), () => {
    throw error;
  });
}

/**
 * Pins the entry of the session until the request ends, and unpins the one that was pinned under an earlier id.
 * @param hasReturned whether the cookie of the session came with this request
 */
export function pin(state: SessionState, hasReturned: boolean): void {
  const { store } = state.context;
  if (store.pin === undefined || state.pinnedKey === state.key) return;
  const before = state.pinnedKey;
  state.pinnedKey = store.pin(state.key, hasReturned) ? state.key : undefined;
  if (before !== undefined) store.unpin?.(before);
}

export function unpin(state: SessionState): void {
  const { pinnedKey } = state;
  if (pinnedKey === undefined) return;
  state.pinnedKey = undefined;
  state.context.store.unpin?.(pinnedKey);
}
