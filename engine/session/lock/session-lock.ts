// The way to a lock: first the queue of this process, then the store.

import type { SessionRecord } from '../format/session-record.ts';
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
import type { LockQueues, QueueSlot } from './lock-queues.ts';

/** A store, and the queues in front of it. */
interface QueuedStore {
  readonly store: SessionStore<SessionRecord>;
  readonly queues: LockQueues;
}

/** A lock that was acquired: in the queue and in the store. */
export class SessionLock {
  readonly #slot: QueueSlot;
  readonly #lock: StoreLock<SessionRecord>;

  constructor(place: QueueSlot, lock: StoreLock<SessionRecord>) {
    this.#slot = place;
    this.#lock = lock;
  }

  get found(): EntryState<SessionRecord> {
    return this.#lock.entry;
  }

  /** Makes the change and releases the lock, whatever happens. */
  release(change: Change<SessionRecord>): MaybePromise<Outcome> {
    let outcome: MaybePromise<Outcome>;
    try {
      outcome = this.#lock.release(change);
    } catch (error) {
      return failed(this.#slot, error);
    }
    if (outcome instanceof Promise) return this.#ended(outcome);
    this.#slot.release();
    return outcome;
  }

  async #ended(outcome: Promise<Outcome>): Promise<Outcome> {
    const result = await outcome.catch((error: unknown) => failed(this.#slot, error));
    this.#slot.release();
    return result;
  }
}

/** Acquires the lock of a key; at once where nobody holds it and the store needs no time. */
export function acquireLock(site: QueuedStore, key: string, request: LockRequest): MaybePromise<SessionLock> {
  const place = site.queues.acquire(key, request);
  if (!(place instanceof Promise)) return acquireInStore(site, key, request, place);
  const began = performance.now();
  return place.then((granted) => {
    const waited = (performance.now() - began) / 1000;
    const { page, timeoutSeconds: patience, signal, mayCreate: begins = true } = request;
    return acquireInStore(
      site,
      key,
      { page, timeoutSeconds: patience, signal, waitedSeconds: waited, mayCreate: begins },
      granted,
    );
  });
}

function acquireInStore(
  site: QueuedStore,
  key: string,
  request: LockRequest,
  place: QueueSlot,
): MaybePromise<SessionLock> {
  try {
    const lock = site.store.acquire(key, request);
    if (!(lock instanceof Promise)) return new SessionLock(place, lock);
    return lock
      .then((taken) => new SessionLock(place, taken))
      .catch((error: unknown) => failed(place, error));
  } catch (error) {
    return failed(place, error);
  }
}

function failed(place: QueueSlot, error: unknown): never {
  if (isUnavailable(error)) place.fail(error);
  else place.release();
  throw error;
}
