// Sessions in memcached, which may forget any of them at any time, and forgets all when it restarts. It forgets what is past
// its deadline by itself; the deadline that counts stands beside the data, to the millisecond (entry.ts).

import type { Claim, Found, SessionStore, StoredEntry, StoreTurn } from '../../store.ts';
import type { MemcachedChanges } from './changes.ts';
import type { MemcachedEntries } from './entries.ts';
import type { MemcachedScan } from './scan.ts';
import type { MemcachedSecret } from './secret.ts';
import type { MemcachedServers } from './servers.ts';
import type { MemcachedTurns } from './turns.ts';

/** The turn of a key where nothing is and nothing begins: there is nobody to wait for. */
const NO_TURN: StoreTurn<string> = {
  found: { state: 'absent' },
  commit: (change) => (change.kind === 'keep' ? 'done' : 'gone'),
};

/** What a memcached store is made of. */
export interface MemcachedStoreParts {
  readonly servers: MemcachedServers;
  readonly entries: MemcachedEntries;
  readonly turns: MemcachedTurns;
  readonly changes: MemcachedChanges;
  readonly scan: MemcachedScan;
  readonly secret: MemcachedSecret;
}

/** Keeps texts in one or more servers. */
export class MemcachedStore implements SessionStore<string> {
  readonly lock = 'store';
  readonly keeps = 'text';
  readonly shared = true;
  readonly sweepSteps = 1;
  readonly #parts: MemcachedStoreParts;

  constructor(parts: MemcachedStoreParts) {
    this.#parts = parts;
  }

  get secret(): Uint8Array {
    return this.#parts.secret.value;
  }

  async take(key: string, claim: Claim): Promise<StoreTurn<string>> {
    const { turns, changes, servers } = this.#parts;
    const looked = claim.begins === false || servers.look();
    const [turn] = await Promise.all([turns.take(key, claim), looked]);
    const { found } = turn.entry;
    if (found.state === 'absent' && claim.begins === false) {
      changes.commit(turn, { kind: 'keep' }).catch(() => {});
      return NO_TURN;
    }
    return { found, commit: (change) => changes.commit(turn, change) };
  }

  async read(key: string): Promise<Found<string>> {
    return (await this.#parts.entries.read(key)).found;
  }

  async touch(key: string, deadline: number): Promise<boolean> {
    const { entries } = this.#parts;
    const entry = await entries.read(key);
    if (entry.found.state !== 'live') return false;
    // Who wrote meanwhile has moved the deadline too.
    return (await entries.prolong(key, entry, deadline)) !== 'gone';
  }

  create(key: string, content: string, deadline: number): Promise<void> {
    return this.#parts.entries.create(key, content, deadline);
  }

  list(beginning = ''): AsyncIterable<StoredEntry<string>> {
    return this.#parts.scan.entries(beginning);
  }

  sweep(): Promise<number> {
    return this.#parts.scan.sweep();
  }

  async close(): Promise<void> {
    this.#parts.turns.close();
    await this.#parts.servers.close();
  }
}
