// What happens to a session when its request has done with it, or calls save(): the change that the store is asked for.
// An entry that is not live any more is never written back; a lock that was lost writes nothing.

import { assertSendable } from '../cookies/client-cookies.ts';
import { settleCookie } from '../cookies/response-cookies.ts';
import { ownCopy, type SessionRecord } from '../format/session-record.ts';
import { abandon, lockRequestOf, perform, release } from '../lock/lock-end.ts';
import { acquireLock, type SessionLock } from '../lock/session-lock.ts';
import { inItsPlace } from '../page/change-places.ts';
import { inOrder } from '../page/ordered-calls.ts';
import { SessionEndedError } from '../session-errors.ts';
import type { Change, MaybePromise } from '../session-store.ts';
import { commitClosed } from './commit-closed.ts';
import { deadlineAfter, deadlineDue, retiredUntil } from './lifetime.ts';
import { pin } from './pin.ts';
import { issuedAt } from './session-id.ts';
import { adoptNewest, applyChanges, baseOf, hasChanged, warnOfConflicts } from './session-merge.ts';
import type { SessionState } from './session-state.ts';

/** Writes what is to be written and releases the lock. Nothing to wait for: no promise. */
export function commit(state: SessionState): MaybePromise<void> {
  if (state.closed) return commitClosed(state);
  if (!state.writable) return state.held === undefined ? prolong(state) : prolongHeld(state, state.held);
  if (state.identity === 'retired') return undefined;
  try {
    settleCookie(state);
  } catch (error) {
    return abandon(state, error);
  }
  if (state.held === undefined)
    return state.stored || state.identity === 'fresh' ? commitLater(state) : begin(state);
  return state.stored ? commitLive(state, state.held) : beginFresh(state, state.held);
}

/** s.save(): writes now; and releases the lock. A save that failed is not made good by another. */
export function save(state: SessionState): Promise<void> {
  state.assertNotInterrupted();
  return inOrder(state, () => {
    assertNoneFailed(state);
    const written = inItsPlace(state.places, () => commitEarly(state));
    if (state.site.clientStore === undefined) return written;
    return Promise.resolve(written).then(() => assertSendable(state));
  });
}

/** Writes and releases the lock before the page has ended: what it changes later is merged when it ends. */
export function commitEarly(state: SessionState): MaybePromise<void> {
  const failed = (error: unknown): never => {
    state.failure ??= { error };
    throw error;
  };
  try {
    const done = commitNow(state);
    return done instanceof Promise ? done.catch(failed) : done;
  } catch (error) {
    // Others are the page's own, which can be put right: nothing was written yet.
    if (error instanceof SessionEndedError) return failed(error);
    throw error;
  }
}

function assertNoneFailed({ failure }: SessionState): void {
  if (failure !== undefined) throw failure.error;
}

function commitNow(state: SessionState): MaybePromise<void> {
  if (state.closed || state.identity === 'retired') return commit(state);
  if (state.writable) settleCookie(state);
  const base = baseOf(state.record, state.site.store.serialized === false);
  const done = commit(state);
  state.base ??= base;
  if (done instanceof Promise) return done.then(() => keepPinned(state));
  return keepPinned(state);
}

/** The page goes on with what has begun. */
function keepPinned(state: SessionState): void {
  if (state.stored) pin(state, false);
}

/** An entry that this request has the lock of. */
function commitLive(state: SessionState, held: SessionLock): MaybePromise<void> {
  return perform(state, held, liveChange(state, state.record));
}

function liveChange(state: SessionState, content: SessionRecord): Change<SessionRecord> {
  const { site, replaced, prolongs } = state;
  const { session } = site.config;
  const now = site.now();
  const deadline = prolongs ? deadlineDue(now, state.deadline, content, session) : state.deadline;
  state.deadline = deadline;
  if (replaced === undefined) return { kind: 'write', content, deadline };
  const until = retiredUntil(now, issuedAt(replaced.id));
  // In memory, pages that had loaded the old session hold this very object; it must not be the new one.
  const own = ownCopy(content);
  if (state.record === content) state.record = own;
  return { kind: 'move', to: state.key, content: own, deadline, until };
}

/** The first write under an id that nobody else knows; without one there is no entry. */
function begin(state: SessionState): MaybePromise<void> {
  if (!state.changed) return undefined;
  const { site, record } = state;
  const deadline = deadlineAfter(site.now(), record, site.config.session);
  const created = site.store.create(state.key, record, deadline);
  noteStored(state, deadline);
  state.changed = false;
  return created;
}

/** The first write under a fresh id, whose lock we have; or its end, when regenerate() gave another id. */
function beginFresh(state: SessionState, held: SessionLock): MaybePromise<void> {
  const { site, replaced, record } = state;
  const now = site.now();
  if (replaced !== undefined) return beginInstead(state, held, retiredUntil(now, issuedAt(replaced.id)));
  if (!state.changed) return release(state);
  const deadline = deadlineAfter(now, record, site.config.session);
  const done = perform(state, held, { kind: 'create', content: record, deadline });
  noteStored(state, deadline);
  return done;
}

function beginInstead(state: SessionState, held: SessionLock, until: number): MaybePromise<void> {
  const end = () => perform(state, held, { kind: 'retire', until });
  let begun: MaybePromise<void>;
  try {
    begun = begin(state);
    // The cookie of the replaced id has come back.
    if (state.stored) pin(state, true);
  } catch (error) {
    return abandon(state, error);
  }
  return begun instanceof Promise ? begun.then(end, (error) => abandon(state, error)) : end();
}

function noteStored(state: SessionState, deadline: number): void {
  state.stored = true;
  state.deadline = deadline;
}

/** A page that could have written, but opened its session with read_only. */
function prolongHeld(state: SessionState, held: SessionLock): MaybePromise<void> {
  const { site, record, stored, prolongs } = state;
  if (!stored || !prolongs) return release(state);
  const deadline = deadlineDue(site.now(), state.deadline, record, site.config.session);
  return perform(state, held, deadline === state.deadline ? { kind: 'keep' } : { kind: 'touch', deadline });
}

/** Without the lock, after save(): what the page changed since then is put into the newest state. */
function commitLater(state: SessionState): MaybePromise<void> {
  const { site, replaced } = state;
  const live = site.store.serialized === false;
  const unchanged = live ? state.stored : state.base !== undefined && !hasChanged(state.base, state.record);
  if (replaced === undefined && unchanged) return live ? prolongLive(state) : prolong(state);
  assertNoneFailed(state);
  if (!state.stored && !state.changed) return undefined;
  const held = acquireLock(site, replaced?.key ?? state.key, lockRequestOf(state));
  return held instanceof Promise ? held.then((lock) => commitMerged(state, lock)) : commitMerged(state, held);
}

function commitMerged(state: SessionState, held: SessionLock): MaybePromise<void> {
  const { found } = held;
  state.held = held;
  if (found.state === 'absent' && !state.stored) return beginFresh(state, held);
  if (found.state !== 'live') return abandon(state, new SessionEndedError());
  try {
    mergeInto(state, found.content);
  } catch (error) {
    return abandon(state, error);
  }
  noteStored(state, found.deadline);
  return perform(state, held, liveChange(state, found.content));
}

function mergeInto(state: SessionState, newest: SessionRecord): void {
  if (newest !== state.record) {
    const live = state.site.store.serialized === false;
    warnOfConflicts(state, applyChanges(state.base ?? new Map(), state.record, newest, live));
    newest.cookie_sent = Math.max(newest.cookie_sent, state.record.cookie_sent);
  }
  adoptNewest(state, newest);
}

/** After save() in memory: changes are there already, if the entry is. */
function prolongLive(state: SessionState): MaybePromise<void> {
  const { site, record, prolongs } = state;
  const due = prolongs
    ? deadlineDue(site.now(), state.deadline, record, site.config.session)
    : state.deadline;
  const there = site.store.touch(state.key, due, state.deadline);
  if (there instanceof Promise) return there.then((live) => assertThere(state, live));
  return assertThere(state, there);
}

function assertThere(state: SessionState, there: boolean): void {
  if (there) return;
  state.announce = false;
  if (state.changed) throw new SessionEndedError();
}

/** Moves the deadline, if that is due, without a lock. */
function prolong(state: SessionState): MaybePromise<void> {
  const { site, record, stored, prolongs } = state;
  if (!stored || !prolongs) return undefined;
  const due = deadlineDue(site.now(), state.deadline, record, site.config.session);
  if (due === state.deadline) return undefined;
  const touched = site.store.touch(state.key, due, state.deadline);
  state.deadline = due;
  return touched instanceof Promise ? touched.then(() => undefined) : undefined;
}
