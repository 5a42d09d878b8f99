// Acquires the lock of a session: first the head of the queue in this process, then the lock of the store.

import type { SessionRecord } from '../format/session-record.ts';
import { andThen, orRecover } from '../maybe-promise.ts';
import { isUnavailable } from '../session-errors.ts';
import type {
  Change,
  EntryState,
  LockRequest,
  MaybePromise,
  Outcome,
  SessionStore,
  StoreLock,
} from '../session-store.ts';
import type { SessionRequest } from '../session-types.ts';
import type { LockQueues, QueueSlot } from './lock-queues.ts';

/** A store, and the queues in front of it. */
interface QueuedStore {
  readonly store: Pick<SessionStore<SessionRecord>, 'acquire'>;
  readonly queues: LockQueues;
}

/** A lock that was acquired in the queue and in the store. */
export class SessionLock {
  readonly #slot: QueueSlot;
  readonly #lock: StoreLock<SessionRecord>;

  constructor(slot: QueueSlot, lock: StoreLock<SessionRecord>) {
    this.#slot = slot;
    this.#lock = lock;
  }

  get entry(): EntryState<SessionRecord> {
    return this.#lock.entry;
  }

  /** Makes the change. The lock is released even if that fails. */
  release(change: Change<SessionRecord>): MaybePromise<Outcome> {
    const released = orRecover(
      () => this.#lock.release(change),
      (error) => leaveQueue(this.#slot, error),
    );
    return andThen(released, (outcome) => {
      this.#slot.release();
      return outcome;
    });
  }
}

/** Acquires the lock of a key. No promise if the lock is free and the store answers at once. */
export function acquireLock(
  { queues, store }: QueuedStore,
  key: string,
  request: LockRequest,
): MaybePromise<SessionLock> {
  const slot = queues.acquire(key, request);
  if (!(slot instanceof Promise)) return acquireInStore(store, key, request, slot);
  const began = performance.now();
  return slot.then((granted) => {
    const { page, timeoutSeconds, signal, mayCreate = true } = request;
    const waitedSeconds = (performance.now() - began) / 1000;
    return acquireInStore(store, key, { page, timeoutSeconds, signal, waitedSeconds, mayCreate }, granted);
  });
}

function acquireInStore(
  store: QueuedStore['store'],
  key: string,
  request: LockRequest,
  slot: QueueSlot,
): MaybePromise<SessionLock> {
  return orRecover(
    () => andThen(store.acquire(key, request), (lock) => new SessionLock(slot, lock)),
    (error) => leaveQueue(slot, error),
  );
}

function leaveQueue(slot: QueueSlot, error: unknown): never {
  if (isUnavailable(error)) slot.fail(error);
  else slot.release();
  throw error;
}

/** Longer names of pages are cut. */
const PAGE_LENGTH = 200;

/** The lock request of a page. The signal is read only by a request that waits, because http/ makes it on demand. */
export class PageLockRequest implements LockRequest {
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
