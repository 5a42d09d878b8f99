// The secret that the ids of the sessions in one store are signed with: whoever comes first makes it, all others take it.
// A server that has forgotten it has forgotten the sessions too, so it gets a new one: an id from before must not pass for
// one that was issued a moment ago and not written yet.

import { randomBytes } from 'node:crypto';
import { Problem } from '../../../diagnostics/problem.ts';
import { drop, gets, replace } from './commands.ts';
import type { MemcachedConnection } from './connection.ts';

const BYTES = 32;

/** A server without uniques gives this one for all. */
const NO_UNIQUE = '0';

/** The secret, known as soon as there was a connection. */
export class MemcachedSecret {
  readonly #name: string;
  #value: Uint8Array | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  get value(): Uint8Array {
    if (this.#value !== undefined) return this.#value;
    throw new Problem('session-store-away', { holes: { reason: 'it has not been reached yet' } });
  }

  /** To be called on each new connection before anybody else uses it, and now and then. */
  async agree(connection: MemcachedConnection): Promise<void> {
    const own = randomBytes(BYTES).toString('base64url');
    const [, reply] = await connection.sendNow([replace(this.#name, undefined, own, 0), gets(this.#name)]);
    const { text = '', unique = NO_UNIQUE } = { ...reply?.values.get(this.#name) };
    if (text !== '' && unique === NO_UNIQUE)
      throw new Problem('session-server-refused', { holes: { reason: 'it was started without CAS (-C)' } });
    const agreed = Buffer.from(text, 'base64url');
    if (agreed.length === BYTES) {
      this.#value = agreed;
      return;
    }
    await connection.sendNow([drop(this.#name, unique)]);
    return this.agree(connection);
  }
}
