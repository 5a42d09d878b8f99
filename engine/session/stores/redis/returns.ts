// Turns that nobody will use: of a request that was refused before it heard of its turn, or whose end was not heard of.
// The next in the queue gets them; from a server that is away, as soon as it is there again, so that no lease has to end.

import type { RedisConnection } from './connection.ts';
import type { RedisKeys, TurnOwner } from './keys.ts';
import { LEASE_MS, SCRIPTS, whole } from './scripts.ts';

/** Gives turns back, in the background. */
export class Returns {
  readonly #connection: RedisConnection;
  readonly #keys: RedisKeys;
  /** What was not given back yet, and since when; the oldest first. */
  readonly #owed = new Map<TurnOwner, number>();

  constructor(connection: RedisConnection, keys: RedisKeys) {
    this.#connection = connection;
    this.#keys = keys;
  }

  /** The turn goes on to the next, now or later; nobody waits for that. */
  give(owner: TurnOwner): void {
    const since = performance.now();
    this.#connection.send(this.#command(owner)).catch(() => {
      this.#forgetEnded();
      this.#owed.set(owner, since);
    });
  }

  /** To be called on each new connection, before anybody else uses it. */
  async settle(): Promise<void> {
    this.#forgetEnded();
    const owed = [...this.#owed.keys()];
    this.#owed.clear();
    await Promise.allSettled(owed.map((owner) => this.#connection.sendNow(this.#command(owner))));
  }

  /** Those whose leases have ended by themselves. */
  #forgetEnded(): void {
    const before = performance.now() - LEASE_MS;
    for (const [owner, since] of this.#owed) {
      if (since > before) return;
      this.#owed.delete(owner);
    }
  }

  /** With the script's text: whether a server that does not answer knows the script is heard too late to send it then. */
  #command(owner: TurnOwner): string[] {
    return whole(SCRIPTS.leave, this.#keys.turn(owner.key), this.#keys.ownerOf(owner));
  }
}
