// The servers among which sessions are spread. Each session has its place on one of them, and keeps it when another one is
// away: those whose server is away wait for it (503) rather than begin anew elsewhere and be found double afterwards. One of
// them has the site's secret; a process that starts while just that one is away waits for it with all its sessions.

import { hash } from 'node:crypto';
import type { MemcachedConnection } from './connection.ts';
import type { MemcachedKeys } from './keys.ts';
import type { MemcachedSecret } from './secret.ts';

/** All servers of a store. */
export class MemcachedServers {
  readonly all: readonly MemcachedConnection[];

  readonly #secret: MemcachedSecret;
  readonly #keys: MemcachedKeys;

  constructor(connections: readonly MemcachedConnection[], secret: MemcachedSecret, keys: MemcachedKeys) {
    this.all = connections;
    this.#secret = secret;
    this.#keys = keys;
  }

  /** The server of a key, whatever the order in which they were named: the one whose hash with it is the greatest. */
  of(key: string): MemcachedConnection {
    return this.all.reduce((best, other) => (weight(other, key) > weight(best, key) ? other : best));
  }

  /** Connects to all of them; those that are away are waited for in the background. */
  async open(): Promise<void> {
    for (const connection of this.all) {
      const isAgreedOn = connection === this.of(this.#keys.secret);
      connection.open(() => (isAgreedOn ? this.#secret.agree(connection) : connection.ping()));
    }
    await Promise.all(this.all.map((connection) => connection.start()));
  }

  /**
   * Along with a turn under which a session may begin: its id is fresh only by the secret that is there by now. Those whose
   * sessions are elsewhere do not wait for a server that is away.
   */
  async look(): Promise<void> {
    const connection = this.of(this.#keys.secret);
    if (connection.isUsable) await this.#secret.agree(connection).catch(() => {});
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((connection) => connection.close()));
  }
}

function weight({ server }: MemcachedConnection, key: string): string {
  return hash('sha256', `${server} ${key}`);
}
