// Going through the sessions of all servers in small steps: for listings, and for a sweep. A server removes what is over
// by itself, so there is nothing to sweep unless the site goes by another clock.

import type { StoredEntry } from '../../store.ts';
import { drop, gets } from './commands.ts';
import type { MemcachedConnection } from './connection.ts';
import { namesIn } from './dump.ts';
import { type Entry, entryOf, isOver } from './entry.ts';
import type { MemcachedKeys } from './keys.ts';
import type { MemcachedServers } from './servers.ts';

/** How many entries are read at a time: each may be large. */
const READ_AT_ONCE = 20;

/** What is gone through. */
export interface Scanned {
  readonly servers: MemcachedServers;
  readonly keys: MemcachedKeys;
  readonly now: () => number;
  /** Whether the site's clock is not that of the machine. */
  readonly ownClock: boolean;
}

/** Something that is kept, and where. */
interface Kept {
  readonly key: string;
  readonly entry: Entry;
  readonly connection: MemcachedConnection;
}

/** Lists and sweeps the servers of one store. */
export class MemcachedScan {
  readonly #scanned: Scanned;

  constructor(scanned: Scanned) {
    this.#scanned = scanned;
  }

  /** The live entries whose keys begin so. */
  async *entries(beginning: string): AsyncGenerator<StoredEntry<string>> {
    for await (const { key, entry } of this.#kept(beginning)) {
      if (entry.found.state !== 'live') continue;
      const { content, deadline } = entry.found;
      yield { key, content, deadline, size: Buffer.byteLength(content) };
    }
  }

  async sweep(): Promise<number> {
    const { keys, now, ownClock } = this.#scanned;
    let removed = 0;
    if (!ownClock) return removed;
    for await (const { key, entry, connection } of this.#kept('')) {
      if (entry.unique === undefined || !isOver(entry.deadline, now())) continue;
      const [reply] = await connection.send([drop(keys.data(key), entry.unique)]);
      if (reply?.word === 'STORED') removed++;
    }
    return removed;
  }

  async *#kept(beginning: string): AsyncGenerator<Kept> {
    const { servers, keys } = this.#scanned;
    const start = keys.prefix + beginning;
    for (const connection of servers.all) {
      const named = await namesIn(connection.server, (name) =>
        name.startsWith(start) ? keys.keyOf(name) : undefined,
      );
      for (let first = 0; first < named.length; first += READ_AT_ONCE) {
        yield* await this.#read(connection, named.slice(first, first + READ_AT_ONCE));
      }
    }
  }

  async #read(connection: MemcachedConnection, some: readonly string[]): Promise<readonly Kept[]> {
    const { keys, now } = this.#scanned;
    const names = some.flatMap((key) => [keys.data(key), keys.deadline(key)]);
    const [reply] = await connection.send([gets(...names)], true);
    return some.map((key) => {
      const [data, moved] = [keys.data(key), keys.deadline(key)].map((name) => reply?.values.get(name));
      return { key, entry: entryOf(data, moved, now()), connection };
    });
  }
}
