// The names that the keys of the engine have in Redis. All names of one key carry one hash tag, and so does the key under which
// its entry is put into quarantine: a cluster keeps them on one server.

const QUARANTINED = '.damaged';
const ENTRY = ':s';

/** The names below one prefix. */
export class RedisNames {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The part of a name that decides where a cluster keeps it. */
  tagOf(key: string): string {
    return key.endsWith(QUARANTINED) ? key.slice(0, -QUARANTINED.length) : key;
  }

  entry(key: string): string {
    return this.#stem(key) + ENTRY;
  }

  lock(key: string): string {
    return `${this.#stem(key)}:l`;
  }

  queue(key: string): string {
    return `${this.#stem(key)}:w`;
  }

  /**
   * The channel of a process is this and its name. A cluster carries messages to all its servers: channels of their own keep
   * what one of them says in order with its answers, and from being heard twice.
   */
  channels(server = ''): string {
    return `${this.#prefix}process:${server === '' ? '' : `${server}:`}`;
  }

  /** A glob for the entries whose keys begin so; sessions have keys of 64 characters. */
  pattern(beginning: string): string {
    return `${literally(this.#prefix)}{${literally(beginning.slice(0, 64))}*${ENTRY}`;
  }

  /** The key whose entry has this name. */
  keyOf(name: string): string {
    return name.slice(this.#prefix.length + 1, -ENTRY.length).replace('}', '');
  }

  #stem(key: string): string {
    const tag = this.tagOf(key);
    return `${this.#prefix}{${tag}}${key.slice(tag.length)}`;
  }
}

/** A text in a glob that stands for itself. */
function literally(text: string): string {
  return text.replace(/[\\*?[\]^]/g, '\\$&');
}
