// The lock of a session: acquired at the head of the queue in this process, then in the store; and released with the change that the
// store makes. Meanwhile the memory store does not evict the session.

import { Problem } from '../../diagnostics/problem.ts';
import type { SessionRecord } from '../format/session-record.ts';
import { andThen, orRecover } from '../maybe-promise.ts';
import type { SessionState } from '../request/session-state.ts';
import { isUnavailable, SessionEndedError } from '../session-errors.ts';
import type {
  Change,
  LockRequest,
  MaybePromise,
  Outcome,
  SessionStore,
  StoreLock,
} from '../session-store.ts';
import type { SessionRequest } from '../session-types.ts';
import type { LockQueues, QueueSlot } from './lock-queues.ts';

/** A store, and the queues in front of it. */
interface QueuedStore<Content> {
  readonly store: Pick<SessionStore<Content>, 'acquire'>;
  readonly queues: LockQueues;
}

/** A lock that was acquired in the queue and in the store. */
export type SessionLock = StoreLock<SessionRecord>;

/** Acquires the lock of a key. No promise if the lock is free and the store answers at once. */
export function acquireLock<Content>(
  { queues, store }: QueuedStore<Content>,
  key: string,
  request: LockRequest,
): MaybePromise<StoreLock<Content>> {
  const slot = queues.acquire(key, request);
  if (!(slot instanceof Promise)) return acquireInStore(store, key, request, slot);
  const began = performance.now();
  return slot.then((granted) => {
    const { page, timeoutSeconds, signal, mayCreate = true } = request;
    const waitedSeconds = (performance.now() - began) / 1000;
    return acquireInStore(store, key, { page, timeoutSeconds, signal, waitedSeconds, mayCreate }, granted);
  });
}

function acquireInStore<Content>(
  store: QueuedStore<Content>['store'],
  key: string,
  request: LockRequest,
  slot: QueueSlot,
): MaybePromise<StoreLock<Content>> {
  return orRecover(
    () => andThen(store.acquire(key, request), (lock) => lockInQueue(slot, lock)),
    (error) => leaveQueue(slot, error),
  );
}

function lockInQueue<Content>(slot: QueueSlot, lock: StoreLock<Content>): StoreLock<Content> {
  const release = (change: Change<Content>): MaybePromise<Outcome> => {
    const released = orRecover(
      () => lock.release(change),
      (error) => leaveQueue(slot, error),
    );
    return andThen(released, (outcome) => {
      slot.release();
      return outcome;
    });
  };
  return { entry: lock.entry, release };
}

function leaveQueue(slot: QueueSlot, error: unknown): never {
  if (isUnavailable(error)) slot.fail(error);
  else slot.release();
  throw error;
}

/** Longer names of pages are cut. */
const PAGE_LENGTH = 200;

/** The lock request of a page. The signal is read only by a request that waits, because http/ makes it on demand. */
class PageLockRequest implements LockRequest {
  readonly timeoutSeconds: number;
  readonly mayCreate: boolean;
  readonly #request: SessionRequest;

  constructor(request: SessionRequest, timeoutSeconds: number, mayCreate: boolean) {
    this.#request = request;
    this.timeoutSeconds = timeoutSeconds;
    this.mayCreate = mayCreate;
  }

  /** The encoder replaces half of a surrogate pair, which a store could not give back as it was. */
  get page(): string {
    const { page } = this.#request;
    return page.length <= PAGE_LENGTH ? page : Buffer.from(page.slice(0, PAGE_LENGTH)).toString();
  }

  get signal(): AbortSignal | undefined {
    return this.#request.signal;
  }
}

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
