// The way to a lock: first the queue of this process, then the store.

import type { SessionRecord } from '../format/record.ts';
import { isUnavailable } from '../outages.ts';
import type { Change, Found, LockRequest, MaybePromise, Outcome, SessionStore, StoreLock } from '../store.ts';
import type { LockQueues, QueueSlot } from './queues.ts';

/** A store, and the queues in front of it. */
interface QueuedStore {
  readonly store: SessionStore<SessionRecord>;
  readonly queues: LockQueues;
}

/** A lock that was acquired: in the queue and in the store. */
export class HeldLock {
  readonly #slot: QueueSlot;
  readonly #lock: StoreLock<SessionRecord>;

  constructor(place: QueueSlot, lock: StoreLock<SessionRecord>) {
    this.#slot = place;
    this.#lock = lock;
  }

  get found(): Found<SessionRecord> {
    return this.#lock.found;
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
export function acquireLock(site: QueuedStore, key: string, request: LockRequest): MaybePromise<HeldLock> {
  const place = site.queues.acquire(key, request);
  if (!(place instanceof Promise)) return acquireInStore(site, key, request, place);
  const began = performance.now();
  return place.then((granted) => {
    const waited = (performance.now() - began) / 1000;
    const { page, patience, signal, begins = true } = request;
    return acquireInStore(site, key, { page, patience, signal, waited, begins }, granted);
  });
}

function acquireInStore(
  site: QueuedStore,
  key: string,
  request: LockRequest,
  place: QueueSlot,
): MaybePromise<HeldLock> {
  try {
    const lock = site.store.acquire(key, request);
    if (!(lock instanceof Promise)) return new HeldLock(place, lock);
    return lock.then((taken) => new HeldLock(place, taken)).catch((error: unknown) => failed(place, error));
  } catch (error) {
    return failed(place, error);
  }
}

function failed(place: QueueSlot, error: unknown): never {
  if (isUnavailable(error)) place.fail(error);
  else place.release();
  throw error;
}
