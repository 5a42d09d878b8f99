// What s.close() does in the store when its request has done with the session: the entry ends and its id is retired. So do
// those of other cookies that came with it, or the next request would find its visitor logged in again.

import { lockRequestOf, perform } from '../lock/lock-end.ts';
import { acquireLock } from '../lock/session-lock.ts';
import type { MaybePromise } from '../session-store.ts';
import { retiredUntil } from './lifetime.ts';
import { issuedAt, sessionKey } from './session-id.ts';
import type { SessionState } from './session-state.ts';

/** Ends a closed session, and the others that its visitor has. */
export function commitClosed(state: SessionState): MaybePromise<void> {
  if (state.othersLive.length === 0) return endOwn(state);
  return endAll(state);
}

/** One after another, each under a lock of its own: no request holds one and waits for another. */
async function endAll(state: SessionState): Promise<void> {
  const { site } = state;
  await endOwn(state);
  for (const id of state.othersLive) {
    const held = await acquireLock(site, sessionKey(id), lockRequestOf(state, false));
    const isLive = held.found.state === 'live';
    await held.release(
      isLive ? { kind: 'retire', until: retiredUntil(site.now(), issuedAt(id)) } : { kind: 'keep' },
    );
  }
}

function endOwn(state: SessionState): MaybePromise<void> {
  const id = state.replaced?.id ?? state.id;
  const stored = state.replaced?.stored ?? state.stored;
  const presented = state.identity === 'live' || state.identity === 'fresh';
  if (!stored && !presented) return undefined;
  const change = { kind: 'retire', until: retiredUntil(state.site.now(), issuedAt(id)) } as const;
  state.stored = false;
  state.identity = 'none';
  if (state.held !== undefined) return perform(state, state.held, change);
  const held = acquireLock(state.site, state.replaced?.key ?? state.key, lockRequestOf(state));
  if (held instanceof Promise) return held.then((lock) => perform(state, lock, change));
  return perform(state, held, change);
}
