// The names of entries, locks and queues in Redis. All names of one key carry the same hash tag, also the key of its entry in
// quarantine: so a cluster keeps them on one server, and one script may use them all.

const QUARANTINED = '.damaged';
const ENTRY = ':s';

/** The names below one prefix. */
export class RedisNames {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The hash tag of a key: the part of its names that decides on the server of a cluster. */
  tagOf(key: string): string {
    return key.endsWith(QUARANTINED) ? key.slice(0, -QUARANTINED.length) : key;
  }

  entry(key: string): string {
    return this.#stem(key) + ENTRY;
  }

  /** The names of the entry, the lock and the queue of a key, as the scripts take them. */
  forLock(key: string): readonly [entry: string, lock: string, queue: string] {
    const stem = this.#stem(key);
    return [stem + ENTRY, `${stem}:l`, `${stem}:w`];
  }

  /**
   * The beginning of channel names; the name of a process follows. A cluster carries each message to all its servers. With channels
   * of its own for each server, a message is heard once, and in order with the answers of that server.
   */
  channels(server = ''): string {
    return `${this.#prefix}process:${server === '' ? '' : `${server}:`}`;
  }

  /** A glob for the entries whose keys begin so. The key of a session has 64 characters. */
  pattern(beginning: string): string {
    return `${escapedGlob(this.#prefix)}{${escapedGlob(beginning.slice(0, 64))}*${ENTRY}`;
  }

  /** The key of the entry with this name. */
  keyOf(name: string): string {
    return name.slice(this.#prefix.length + 1, -ENTRY.length).replace('}', '');
  }

  #stem(key: string): string {
    const tag = this.tagOf(key);
    return `${this.#prefix}{${tag}}${key.slice(tag.length)}`;
  }
}

function escapedGlob(text: string): string {
  return text.replace(/[\\*?[\]^]/g, '\\$&');
}
