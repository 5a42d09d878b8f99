// The locks that this process holds: their leases are renewed each second, so that only those of dead processes end.

import { type Driver, type Held, LEASE_MS } from './driver.ts';

const RENEW_MS = 1000;

/** The locks of one store. */
export class Leases {
  readonly #driver: Driver;
  /** Since when each is held. */
  readonly #held = new Map<Held, number>();
  /** Locks whose release was not answered, and when it was asked for. */
  readonly #unreleased = new Map<Held, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  add(held: Held): void {
    if (this.#driver.renew === undefined) return;
    this.#held.set(held, performance.now());
    this.#timer ??= setInterval(() => void this.#renew(), RENEW_MS).unref();
  }

  delete(held: Held): void {
    this.#held.delete(held);
  }

  /** The driver did not answer to a release: whether it happened is unknown. */
  noteUnreleased(held: Held): void {
    this.#unreleased.set(held, performance.now());
  }

  /** The driver answers again: no request has to wait until those leases end. */
  releaseAll(): void {
    const since = performance.now() - LEASE_MS;
    for (const [held, at] of this.#unreleased) {
      if (at > since) void call(() => this.#driver.release(held, { kind: 'keep' }));
    }
    this.#unreleased.clear();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #renew(): Promise<void> {
    const before = performance.now() - RENEW_MS / 2;
    const due = [...this.#held].filter(([, since]) => since <= before).map(([held]) => held);
    if (due.length > 0) await call(() => this.#driver.renew?.(due));
    if (this.#held.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** A failure shows itself to the request that has the lock. */
async function call(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch {}
}
