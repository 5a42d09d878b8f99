// The entries on their servers, as whoever has no turn may handle them: read, begun under a key that nobody knows, and
// prolonged.

import type { Outcome } from '../../store.ts';
import { type Command, getAndTouch, gets, remove, set } from './commands.ts';
import { type Entry, entryOf, exptime, liveText, movedText } from './entry.ts';
import type { MemcachedKeys } from './keys.ts';
import type { MemcachedServers } from './servers.ts';

/** What entries are on. */
export interface EntriesParts {
  readonly servers: MemcachedServers;
  readonly keys: MemcachedKeys;
  readonly now: () => number;
}

/** All entries of one store. */
export class MemcachedEntries {
  readonly #parts: EntriesParts;

  constructor(parts: EntriesParts) {
    this.#parts = parts;
  }

  async read(key: string): Promise<Entry> {
    const { servers, keys, now } = this.#parts;
    const [data, deadline] = [keys.data(key), keys.deadline(key)];
    const [reply] = await servers.of(key).send([gets(data, deadline)], true);
    return entryOf(reply?.values.get(data), reply?.values.get(deadline), now());
  }

  async create(key: string, content: string, deadline: number): Promise<void> {
    const { servers, keys, now } = this.#parts;
    const seconds = exptime(deadline, now());
    await servers.of(key).send([set(keys.data(key), liveText(content, deadline), seconds)], true);
  }

  async remove(key: string): Promise<void> {
    const { servers, keys } = this.#parts;
    await servers.of(key).send([remove(keys.data(key))], true);
  }

  /**
   * Moves the deadline of what was read, and does more in the same trip. The data stay; 'lost': they are others by now, and
   * keep the deadline that came with them.
   */
  async prolong(
    key: string,
    { unique }: Entry,
    deadline: number,
    more: readonly Command[] = [],
  ): Promise<Outcome> {
    const { servers, keys, now } = this.#parts;
    const seconds = exptime(deadline, now());
    const data = keys.data(key);
    const moved = set(keys.deadline(key), movedText(unique ?? '', deadline), seconds);
    const [, reply] = await servers.of(key).send([moved, getAndTouch(data, seconds), ...more]);
    const touched = reply?.values.get(data)?.unique;
    if (touched === undefined) return 'gone';
    if (touched === unique) return 'done';
    await this.#restoreExpiry(key);
    return 'lost';
  }

  /** The server is told again when to forget what stands there now. */
  async #restoreExpiry(key: string): Promise<void> {
    const { servers, keys, now } = this.#parts;
    const data = keys.data(key);
    for (;;) {
      const { unique, deadline } = await this.read(key);
      if (unique === undefined) return;
      const [reply] = await servers.of(key).send([getAndTouch(data, exptime(deadline, now()))]);
      const touched = reply?.values.get(data)?.unique;
      if (touched === undefined || touched === unique) return;
    }
  }
}
