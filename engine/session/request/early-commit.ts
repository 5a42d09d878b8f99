// The write of a session before its page has ended: s.save(), and flush() when the response begins. The lock is released, and later
// changes of the page are merged when it ends.

import { assertSendable } from '../cookies/client-cookies.ts';
import { settleCookie } from '../cookies/response-cookies.ts';
import { pin } from '../lock/session-lock.ts';
import { andThen, orRecover } from '../maybe-promise.ts';
import { withPlaces } from '../page/change-places.ts';
import { callInOrder } from '../page/ordered-calls.ts';
import { SessionEndedError } from '../session-errors.ts';
import type { MaybePromise } from '../session-store.ts';
import { assertNotFailed, commit } from './commit.ts';
import { baseOf } from './session-merge.ts';
import type { SessionState } from './session-state.ts';

/** s.save(). After a call that failed, the next one fails with the same error. */
export function save(state: SessionState): Promise<void> {
  state.assertNotInterrupted();
  return callInOrder(state, () => {
    assertNotFailed(state);
    const written = withPlaces(state.places, () => commitEarly(state));
    if (state.context.clientStore === undefined) return written;
    return Promise.resolve(written).then(() => assertSendable(state));
  });
}

/** Writes and releases the lock. */
export function commitEarly(state: SessionState): MaybePromise<void> {
  let hasStarted = false;
  const write = () => {
    const written = commitNow(state);
    hasStarted = true;
    return written;
  };
  return orRecover(write, (error) => {
    // Other errors before the write are the page's own: it can correct its values and save again.
    if (hasStarted || error instanceof SessionEndedError) state.failure ??= { error };
    throw error;
  });
}

function commitNow(state: SessionState): MaybePromise<void> {
  if (state.closed || state.identity === 'retired') return commit(state);
  if (state.writable) settleCookie(state);
  const base = baseOf(state.record, state.context.store.serialized);
  const written = commit(state);
  state.base ??= base;
  return andThen(written, () => {
    // The page continues with a session that may have been created just now.
    if (state.stored) pin(state, false);
  });
}
