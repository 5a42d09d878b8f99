// The write of a session when its request ends: decides which change the store makes. An entry that is no longer live is never
// written back, and a request that lost its lock writes nothing.

import { settleCookie } from '../cookies/response-cookies.ts';
import { ownCopy, type SessionRecord } from '../format/session-record.ts';
import {
  abandonLock,
  acquireForPage,
  pin,
  releaseUnchanged,
  releaseWith,
  type SessionLock,
} from '../lock/session-lock.ts';
import { andThen, forEachInOrder, orRecover } from '../maybe-promise.ts';
import { SessionEndedError } from '../session-errors.ts';
import type { Change, MaybePromise } from '../session-store.ts';
import { deadlineAfter, deadlineDue, retiredUntil } from './lifetime.ts';
import { issuedAt, sessionKey } from './session-id.ts';
import { adoptNewest, applyChanges, hasChanged, warnOfConflicts } from './session-merge.ts';
import type { SessionState } from './session-state.ts';

/** Writes what the page changed, or moves the deadline, and releases the lock. */
export function commit(state: SessionState): MaybePromise<void> {
  if (state.closed) return commitClosed(state);
  if (!state.writable) return commitReadOnly(state);
  if (state.identity === 'retired') return undefined;
  try {
    settleCookie(state);
  } catch (error) {
    return abandonLock(state, error);
  }
  if (state.lock !== undefined)
    return state.stored ? commitLive(state, state.lock) : commitFresh(state, state.lock);
  return state.stored || state.identity === 'fresh' ? commitUnlocked(state) : create(state);
}

/**
 * After close(): a tombstone for the session, and for those of the other cookies, or the next request would find its visitor logged
 * in. One lock after the other, because requests that hold one and wait for another could wait for each other.
 */
function commitClosed(state: SessionState): MaybePromise<void> {
  return andThen(retireOwn(state), () => forEachInOrder(state.otherLiveIds, (id) => retireOther(state, id)));
}

function retireOwn(state: SessionState): MaybePromise<void> {
  const { id, key, stored } = state.replaced ?? state;
  if (!stored && !state.hasKnownId) return undefined;
  const change = { kind: 'retire', until: retiredUntil(state.context.now(), issuedAt(id)) } as const;
  state.stored = false;
  state.identity = 'none';
  return andThen(state.lock ?? acquireForPage(state, key), (lock) => releaseWith(state, lock, change));
}

function retireOther(state: SessionState, id: string): MaybePromise<void> {
  return andThen(acquireForPage(state, sessionKey(id), false), (lock) => {
    const until = retiredUntil(state.context.now(), issuedAt(id));
    const isLive = lock.entry.state === 'live';
    return andThen(lock.release(isLive ? { kind: 'retire', until } : { kind: 'keep' }), () => undefined);
  });
}

/** A page that opened its session with read_only moves the deadline alone. */
function commitReadOnly(state: SessionState): MaybePromise<void> {
  const { lock, stored, touches } = state;
  if (lock === undefined) return touch(state);
  if (!stored || !touches) return releaseUnchanged(state);
  const deadline = dueDeadline(state, state.record);
  return releaseWith(
    state,
    lock,
    deadline === state.deadline ? { kind: 'keep' } : { kind: 'touch', deadline },
  );
}

/** The entry under whose lock the page ran. */
function commitLive(state: SessionState, lock: SessionLock): MaybePromise<void> {
  return releaseWith(state, lock, liveChange(state, state.record));
}

function liveChange(state: SessionState, content: SessionRecord): Change<SessionRecord> {
  const { replaced } = state;
  const deadline = dueDeadline(state, content);
  state.deadline = deadline;
  if (replaced === undefined) return { kind: 'write', content, deadline };
  const until = retiredUntil(state.context.now(), issuedAt(replaced.id));
  // In memory, pages that loaded the session under the old id hold this object: the new entry gets another one.
  const own = ownCopy(content);
  if (state.record === content) state.record = own;
  return { kind: 'move', to: state.key, content: own, deadline, until };
}

/** The deadline of the entry after this request. */
export function dueDeadline(state: SessionState, record: SessionRecord): number {
  const { context, deadline, touches } = state;
  return touches ? deadlineDue(context.now(), deadline, record, context.config.session) : deadline;
}

/** The first write under an id that no other request knows. Without a write there is no entry. */
function create(state: SessionState): MaybePromise<void> {
  if (!state.changed) return undefined;
  const { context, record } = state;
  const deadline = deadlineAfter(context.now(), record, context.config.session);
  const created = context.store.create(state.key, record, deadline);
  noteStored(state, deadline);
  state.changed = false;
  return created;
}

/** The first write under a fresh id; its tombstone, if regenerate() has replaced the id. */
function commitFresh(state: SessionState, lock: SessionLock): MaybePromise<void> {
  const { context, replaced, record } = state;
  const now = context.now();
  if (replaced !== undefined) return createInstead(state, lock, retiredUntil(now, issuedAt(replaced.id)));
  if (!state.changed) return releaseUnchanged(state);
  const deadline = deadlineAfter(now, record, context.config.session);
  const released = releaseWith(state, lock, { kind: 'create', content: record, deadline });
  noteStored(state, deadline);
  return released;
}

function createInstead(state: SessionState, lock: SessionLock, until: number): MaybePromise<void> {
  const createNew = () => {
    const created = create(state);
    // The cookie of the replaced id has come back.
    if (state.stored) pin(state, true);
    return created;
  };
  const created = orRecover(createNew, (error) => abandonLock(state, error));
  return andThen(created, () => releaseWith(state, lock, { kind: 'retire', until }));
}

function noteStored(state: SessionState, deadline: number): void {
  state.stored = true;
  state.deadline = deadline;
}

/** After save() or flush(): merges the later changes of the page into the newest entry, under a new lock. */
function commitUnlocked(state: SessionState): MaybePromise<void> {
  const { context, replaced, stored, base } = state;
  const { serialized } = context.store;
  const isUnchanged = serialized ? base !== undefined && !hasChanged(base, state.record) : stored;
  if (replaced === undefined && isUnchanged) return serialized ? touch(state) : touchLive(state);
  assertNotFailed(state);
  if (!stored && !state.changed) return undefined;
  return andThen(acquireForPage(state, replaced?.key ?? state.key), (lock) => commitMerged(state, lock));
}

/** Throws the error of an earlier save() or flush(): a later one must not hide it. */
export function assertNotFailed({ failure }: SessionState): void {
  if (failure !== undefined) throw failure.error;
}

function commitMerged(state: SessionState, lock: SessionLock): MaybePromise<void> {
  const { entry } = lock;
  state.lock = lock;
  if (entry.state === 'absent' && !state.stored) return commitFresh(state, lock);
  if (entry.state !== 'live') return abandonLock(state, new SessionEndedError());
  try {
    mergeInto(state, entry.content);
  } catch (error) {
    return abandonLock(state, error);
  }
  noteStored(state, entry.deadline);
  return releaseWith(state, lock, liveChange(state, entry.content));
}

function mergeInto(state: SessionState, newest: SessionRecord): void {
  if (newest !== state.record) {
    const { serialized } = state.context.store;
    warnOfConflicts(state, applyChanges(state.base ?? new Map(), state.record, newest, serialized));
    newest.cookie_sent = Math.max(newest.cookie_sent, state.record.cookie_sent);
  }
  adoptNewest(state, newest);
}

/** Moves the deadline without a lock, if that is due. */
function touch(state: SessionState): MaybePromise<void> {
  const { context, deadline: from, stored, touches } = state;
  if (!stored || !touches) return undefined;
  const deadline = dueDeadline(state, state.record);
  if (deadline === from) return undefined;
  state.deadline = deadline;
  return andThen(context.store.touch(state.key, deadline, from), () => undefined);
}

/** After save() in memory, where changes are already in the entry, if there still is one. */
function touchLive(state: SessionState): MaybePromise<void> {
  const touched = state.context.store.touch(state.key, dueDeadline(state, state.record), state.deadline);
  return andThen(touched, (isLive) => {
    if (isLive) return;
    state.cookieDue = false;
    if (state.changed) throw new SessionEndedError();
  });
}
