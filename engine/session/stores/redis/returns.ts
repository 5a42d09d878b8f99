// Turns that nobody will use: of a request that was refused before it heard of its turn, or whose end was not heard of.
// The next in the queue gets them; from a server that is away, as soon as it is there again, so that no lease has to end.

import type { RedisConnection } from './connection.ts';
import type { RedisKeys, TurnOwner } from './keys.ts';
import { LEASE_MS, SCRIPTS } from './scripts.ts';
import type { RedisServers } from './servers.ts';

/** Gives turns back, in the background. */
export class Returns {
  readonly #servers: RedisServers;
  readonly #keys: RedisKeys;
  /** What was not given back yet, and since when; the oldest first. */
  readonly #owed = new Map<TurnOwner, number>();

  constructor(servers: RedisServers, keys: RedisKeys) {
    this.#servers = servers;
    this.#keys = keys;
  }

  /**
   * The turn goes on to the next, now or later; nobody waits for that. With the script's text: whether a server that does not
   * answer knows the script is heard too late to send it then.
   */
  give(owner: TurnOwner): void {
    const since = performance.now();
    const { key, token, page } = owner;
    this.#servers.runWhole(SCRIPTS.leave, this.#keys.turn(key), [token, page]).catch(() => {
      this.#forgetEnded();
      this.#owed.set(owner, since);
    });
  }

  /** To be called on each new connection, before anybody else uses it. */
  async settle(connection: RedisConnection): Promise<void> {
    this.#forgetEnded();
    const owed = [...this.#owed.keys()].filter(
      ({ key }) => this.#servers.of(this.#keys.data(key)) === connection,
    );
    const settling = owed.map((owner) => {
      this.#owed.delete(owner);
      const { key, token, page } = owner;
      return connection.sendNow(connection.whole(SCRIPTS.leave, this.#keys.turn(key), [token, page]));
    });
    await Promise.allSettled(settling);
  }

  /** Those whose leases have ended by themselves. */
  #forgetEnded(): void {
    const before = performance.now() - LEASE_MS;
    for (const [owner, since] of this.#owed) {
      if (since > before) return;
      this.#owed.delete(owner);
    }
  }
}
