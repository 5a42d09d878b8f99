// Finds the session that the cookies of a request name, and classifies its id (docs/sessions.md, *Which session an id opens*).

import type { SessionNeed } from '../../runtime/page-types.ts';
import { sessionCookies } from '../cookies/cookie-values.ts';
import { dropExpired, emptyRecord, type SessionRecord } from '../format/session-record.ts';
import { acquireForPage, pin, releaseUnchanged, type SessionLock, unpin } from '../lock/session-lock.ts';
import { andThen, orRecover } from '../maybe-promise.ts';
import type { SessionContext } from '../session-context.ts';
import type { EntryState, MaybePromise } from '../session-store.ts';
import { freshMs, isJustRetired, isPastMaxAge } from './lifetime.ts';
import { isFresh, issuedAt, sessionKey } from './session-id.ts';
import type { Identity, SessionState } from './session-state.ts';

/** In the order in which they count, where a request carries several ids. */
const IDENTITIES: readonly Identity[] = ['live', 'fresh', 'retired', 'unknown'];

/** Loads the session, under its lock if the page may write. */
export function loadSession(state: SessionState, need: SessionNeed): MaybePromise<void> {
  const { context, request } = state;
  state.requestCookies ??= sessionCookies(request.cookie, context.config.session.cookie.name);
  const { count, ids } = state.requestCookies;
  const [id] = ids;
  if (id === undefined) {
    state.identity = count === 0 ? 'none' : 'unknown';
    return undefined;
  }
  if (ids.length === 1) return loadUnder(state, need, id);
  return andThen(chooseId(state, ids), (chosen) => loadUnder(state, need, chosen));
}

/** The id that counts among several. The other live ones are noted, because a logout ends them too. */
function chooseId(state: SessionState, ids: readonly string[]): MaybePromise<string> {
  const reads = ids.map((id) => state.context.store.read(sessionKey(id)));
  return andThen(allOf(reads), (entries) => {
    const identities = ids.map((id, index) => identityOf(state, id, entries[index] ?? { state: 'absent' }));
    const ranks = identities.map((identity) => IDENTITIES.indexOf(identity));
    const chosen = ids[ranks.indexOf(Math.min(...ranks))] ?? '';
    state.otherLiveIds = ids.filter((id, index) => identities[index] === 'live' && id !== chosen);
    return chosen;
  });
}

function allOf<T>(values: readonly MaybePromise<T>[]): MaybePromise<readonly T[]> {
  const isAvailable = (value: MaybePromise<T>): value is T => !(value instanceof Promise);
  return values.every(isAvailable) ? values : Promise.all(values);
}

function loadUnder(state: SessionState, need: SessionNeed, id: string): MaybePromise<void> {
  state.setId(id);
  if (need === 'read')
    return andThen(state.context.store.read(state.key), (entry) => setEntry(state, id, entry));
  const lock = acquireForPage(state, state.key, mayCreateUnder(state.context, id));
  return lock instanceof Promise ? setLockPinned(state, id, lock) : setLock(state, id, lock);
}

/** A store outside the process saves a trip for an id that is not fresh. In memory the answer costs more than it saves: a MAC. */
function mayCreateUnder(context: SessionContext, id: string): boolean {
  return !context.store.serialized || isFreshHere(context, id);
}

/** While the request waits for the lock, its session is not evicted. */
function setLockPinned(state: SessionState, id: string, lock: Promise<SessionLock>): MaybePromise<void> {
  pin(state, true);
  return orRecover(
    () => lock.then((acquired) => setLock(state, id, acquired)),
    (error) => {
      unpin(state);
      throw error;
    },
  );
}

function setLock(state: SessionState, id: string, lock: SessionLock): MaybePromise<void> {
  state.lock = lock;
  setEntry(state, id, lock.entry);
  return state.hasKnownId ? undefined : releaseUnchanged(state);
}

function setEntry(state: SessionState, id: string, entry: EntryState<SessionRecord>): void {
  const now = state.context.now();
  state.identity = identityOf(state, id, entry);
  if (state.identity === 'live' && entry.state === 'live') {
    dropExpired(entry.content, now);
    state.record = entry.content;
    state.deadline = entry.deadline;
    state.stored = true;
    pin(state, true);
    return;
  }
  state.stored = false;
  state.record = emptyRecord(now);
  if (state.identity === 'fresh') state.record.cookie_sent = issuedAt(id);
  if (state.identity === 'unknown') state.setId(undefined);
}

/** The identity of an id, by what the store has under it. */
function identityOf(
  state: SessionState,
  id: string,
  entry: EntryState<SessionRecord>,
): Exclude<Identity, 'none'> {
  const { context } = state;
  switch (entry.state) {
    case 'live':
      return isPastMaxAge(context.now(), entry.content, context.config.session) ? 'unknown' : 'live';
    case 'retired':
      return isRetiredFor(state, entry.since) ? 'retired' : 'unknown';
    case 'removed':
      return 'unknown';
    case 'absent':
      return context.clientStore?.refuses(sessionKey(id)) !== true && isFreshHere(context, id)
        ? 'fresh'
        : 'unknown';
  }
}

function isFreshHere({ store, now, config }: SessionContext, id: string): boolean {
  return isFresh(id, now(), store.secret, freshMs(config.session));
}

/** A request that arrived before the tombstone was put counts as one from before, however long it took until now. */
function isRetiredFor({ request, context }: SessionState, since: number | undefined): boolean {
  if (isJustRetired(context.now(), since)) return true;
  return since !== undefined && request.arrived !== undefined && request.arrived <= since;
}
