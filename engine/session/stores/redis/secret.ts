// The secret that the ids of one server's sessions are signed with: whoever comes first makes it, all others take it. A server
// that has forgotten it (FLUSHALL, a restart without its data) has forgotten the sessions too, so it gets a new one: an id from
// before must not pass for one that was issued a moment ago and not written yet. In a cluster one server has it; a process that
// starts while just that one is away waits for it with all its sessions.

import { randomBytes } from 'node:crypto';
import { Problem } from '../../../diagnostics/problem.ts';
import type { RedisConnection } from './connection.ts';
import type { RedisKeys } from './keys.ts';

const BYTES = 32;

/** The secret, known as soon as there was a connection. */
export class ServerSecret {
  #value: Uint8Array | undefined;
  /** Whether there was an answer when it was last looked at. */
  #isAnswered = true;

  get value(): Uint8Array {
    if (this.#value !== undefined) return this.#value;
    throw new Problem('session-store-away', { holes: { reason: 'it has not been reached yet' } });
  }

  /** Agrees again, if the server can be reached; when it hangs, not everybody waits to see that. */
  async look(connection: RedisConnection, keys: RedisKeys): Promise<void> {
    const settle = (isAnswered: boolean) => () => {
      this.#isAnswered = isAnswered;
    };
    const looking = this.#lookNow(connection, keys).then(settle(true), settle(false));
    if (this.#isAnswered) await looking;
  }

  /** To be called on each new connection before anybody else uses it, and now and then. */
  async agree(connection: RedisConnection, keys: RedisKeys): Promise<void> {
    const own = textOf(randomBytes(BYTES));
    const [, reply] = await Promise.all([
      connection.sendNow(['SET', keys.secret, own, 'NX']),
      connection.sendNow(['GET', keys.secret]),
    ]);
    const agreed = Buffer.from(String(reply), 'base64url');
    if (agreed.length === BYTES) {
      this.#value = agreed;
      return;
    }
    await connection.sendNow(['DEL', keys.secret]);
    return this.agree(connection, keys);
  }

  async #lookNow(connection: RedisConnection, keys: RedisKeys): Promise<void> {
    const there = await connection.sendNow(['GET', keys.secret]);
    if (there !== textOf(this.#value)) await this.agree(connection, keys);
  }
}

function textOf(secret: Uint8Array = Buffer.alloc(0)): string {
  return Buffer.from(secret).toString('base64url');
}
