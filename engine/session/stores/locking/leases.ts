// The locks that this process holds: their leases are renewed each second, so that only those of dead processes end.

import { type Acquisition, type HeldLock, LEASE_MS, type StoreDriver } from './store-driver.ts';

const RENEW_MS = 1000;

/** The locks of one store. */
export class Leases {
  readonly #driver: StoreDriver;
  /** Since when each is held. */
  readonly #held = new Map<HeldLock, number>();
  /** What releases the locks whose release was not answered, and since when they wait for that. */
  readonly #unreleased = new Map<() => unknown, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(driver: StoreDriver) {
    this.#driver = driver;
  }

  add(held: HeldLock): void {
    if (this.#driver.renew === undefined) return;
    this.#held.set(held, performance.now());
    this.#timer ??= setInterval(() => void this.#renew(), RENEW_MS).unref();
  }

  delete(held: HeldLock): void {
    this.#held.delete(held);
  }

  /** The driver did not answer to a release: whether it happened is unknown. */
  noteUnreleased(held: HeldLock): void {
    this.#note(() => this.#driver.release(held, { kind: 'keep' }), performance.now());
  }

  /** Makes a request end that waits no longer, now or when the driver answers again. */
  abandon(acquisition: Acquisition): void {
    if (this.#driver.cancel !== undefined)
      void this.#release(() => this.#driver.cancel?.(acquisition), performance.now());
  }

  /** The driver answers again: no request has to wait until those leases end. */
  releaseAll(): void {
    const unreleased = [...this.#unreleased];
    this.#unreleased.clear();
    for (const [release, since] of unreleased) void this.#release(release, since);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #release(release: () => unknown, since: number): Promise<void> {
    if (since <= performance.now() - LEASE_MS) return;
    if (!(await isDone(release))) this.#note(release, since);
  }

  /** Those whose leases have ended by now are forgotten. */
  #note(release: () => unknown, since: number): void {
    const ended = performance.now() - LEASE_MS;
    for (const [oldest, at] of this.#unreleased) {
      if (at > ended) break;
      this.#unreleased.delete(oldest);
    }
    this.#unreleased.set(release, since);
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

/** A failure shows itself to the request that has the lock. */
async function isDone(work: () => unknown): Promise<boolean> {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
}
