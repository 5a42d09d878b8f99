// The locks that this process holds. Their leases are renewed each second, so that only the locks of dead processes expire. A lock
// whose release got no answer is released again when its server is available, so that no request waits for the end of the lease.

import { isUnavailable } from '../../session-errors.ts';
import type { MaybePromise, Outcome } from '../../session-store.ts';
import type { DriverCalls } from './driver-calls.ts';
import type { Proof } from './server-availability.ts';
import { type Acquisition, type HeldLock, LEASE_MS, type StoreDriver } from './store-driver.ts';

const RENEW_MS = 1000;

export class HeldLocks {
  readonly #driver: StoreDriver;
  readonly #calls: DriverCalls;
  /** When each lock was added, by performance.now(). */
  readonly #held = new Map<HeldLock, number>();
  /** Releases and cancellations without an answer, while the lease may last. */
  readonly #unanswered = new Set<() => MaybePromise<unknown>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(driver: StoreDriver, calls: DriverCalls) {
    this.#driver = driver;
    this.#calls = calls;
  }

  add(held: HeldLock): void {
    if (this.#driver.renew === undefined) return;
    this.#held.set(held, performance.now());
    this.#timer ??= setInterval(() => void this.#renew(), RENEW_MS).unref();
  }

  /** Releases a lock by a call of the driver. If that fails, the lock is released without the change. */
  async release(held: HeldLock, call: () => MaybePromise<Outcome>, proof: Proof): Promise<Outcome> {
    this.#held.delete(held);
    try {
      return await this.#calls.make('release', held.acquisition.key, call, proof);
    } catch (error) {
      if (isUnavailable(error)) this.#repeatLater(() => this.#driver.release(held, { kind: 'keep' }));
      else await this.giveBack(held);
      throw error;
    }
  }

  /** Releases a lock without a change. Its failure is ignored, because the lease expires. */
  async giveBack(held: HeldLock): Promise<void> {
    this.#held.delete(held);
    const release = () => this.#driver.release(held, { kind: 'keep' });
    await this.#calls.makeOnce('release', held.acquisition.key, release).catch(() => undefined);
  }

  /** Cancels an acquisition, now or when its server is available again. */
  cancel(acquisition: Acquisition): void {
    if (this.#driver.cancel === undefined) return;
    const cancel = () => this.#driver.cancel?.(acquisition);
    this.#repeatLater(cancel);
    void this.#repeat(cancel);
  }

  /** Repeats the calls without an answer. */
  repeatUnanswered(): void {
    for (const call of this.#unanswered) void this.#repeat(call);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** A call is forgotten after LEASE_MS, because the lease has expired by then. */
  #repeatLater(call: () => MaybePromise<unknown>): void {
    this.#unanswered.add(call);
    setTimeout(() => this.#unanswered.delete(call), LEASE_MS).unref();
  }

  async #repeat(call: () => MaybePromise<unknown>): Promise<void> {
    if (await isDone(call)) this.#unanswered.delete(call);
  }

  async #renew(): Promise<void> {
    const before = performance.now() - RENEW_MS / 2;
    const due = [...this.#held].filter(([, since]) => since <= before).map(([held]) => held);
    if (due.length > 0) await isDone(() => this.#driver.renew?.(due));
    if (this.#held.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** The failure of a renewal shows itself when the lock is released. */
async function isDone(call: () => MaybePromise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch {
    return false;
  }
}
