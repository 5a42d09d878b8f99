// The id that a request carries, and what it turns out to be: the rows of the identity table (contract section 7). Over the
// memory store nothing here is a promise unless somebody else holds the session.

import type { SessionNeed } from '../../runtime/page-types.ts';
import { presentedCookies } from '../cookies/cookie-values.ts';
import { dropExpired, emptyRecord, type SessionRecord } from '../format/session-record.ts';
import { lockRequestOf, release } from '../lock/lock-end.ts';
import { acquireLock, type SessionLock } from '../lock/session-lock.ts';
import type { EntryState, MaybePromise } from '../session-store.ts';
import { identityOf, isIssuedLately } from './identity.ts';
import { pin, unpin } from './pin.ts';
import { issuedAt, sessionKey } from './session-id.ts';
import type { SessionState } from './session-state.ts';
import { chosenAmong } from './several-ids.ts';

/** Finds what stands under the id that the request carries; with its lock, if the page may write. */
export function loadPresented(state: SessionState, need: SessionNeed): MaybePromise<void> {
  const { site, request } = state;
  state.presented ??= presentedCookies(request.cookie, site.config.session.cookie.name);
  const { count, ids } = state.presented;
  const [id] = ids;
  if (id === undefined) {
    state.identity = count === 0 ? 'none' : 'unknown';
    return undefined;
  }
  if (ids.length === 1) return load(state, need, id);
  const chosen = chosenAmong(state, ids);
  return chosen instanceof Promise ? chosen.then((one) => load(state, need, one)) : load(state, need, chosen);
}

function load(state: SessionState, need: SessionNeed, id: string): MaybePromise<void> {
  const { site } = state;
  const key = sessionKey(id);
  state.present(id, key);
  if (need === 'read') return look(state, id, key);
  const held = acquireLock(site, key, lockRequestOf(state, mayBegin(state, id)));
  if (held instanceof Promise) return holdLater(state, id, held);
  return useLock(state, id, held);
}

/** While it waits for the lock its session is not evicted either. */
function holdLater(state: SessionState, id: string, taking: Promise<SessionLock>): Promise<void> {
  pin(state, true);
  return taking.then(
    (lock) => useLock(state, id, lock),
    (error) => {
      unpin(state);
      throw error;
    },
  );
}

/** Stores of text save a trip for an id that is not fresh; memory needs no answer, which costs a MAC. */
function mayBegin({ site }: SessionState, id: string): boolean {
  return site.store.serialized === false || isIssuedLately(site, id);
}

function look(state: SessionState, id: string, key: string): MaybePromise<void> {
  const found = state.site.store.read(key);
  if (found instanceof Promise) return found.then((entry) => recognise(state, id, entry));
  return recognise(state, id, found);
}

function useLock(state: SessionState, id: string, held: SessionLock): MaybePromise<void> {
  state.held = held;
  recognise(state, id, held.found);
  if (state.identity === 'live' || state.identity === 'fresh') return undefined;
  return release(state);
}

function recognise(state: SessionState, id: string, found: EntryState<SessionRecord>): void {
  const now = state.site.now();
  state.identity = identityOf(state, id, found);
  if (state.identity === 'live' && found.state === 'live') {
    dropExpired(found.content, now);
    state.record = found.content;
    state.deadline = found.deadline;
    state.stored = true;
    pin(state, true);
    return;
  }
  state.stored = false;
  state.record = emptyRecord(now);
  if (state.identity === 'fresh') state.record.cookie_sent = issuedAt(id);
  if (state.identity === 'unknown') state.present(undefined, undefined);
}
