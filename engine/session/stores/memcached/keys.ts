// The names that sessions have in memcached. A name has at most 250 bytes and no blanks, which the key (a SHA-256) and the
// checked prefix make sure of.

const DATA = ':s';

/** The names below one prefix. */
export class MemcachedKeys {
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  data(key: string): string {
    return this.prefix + key + DATA;
  }

  /** A deadline that was moved after the data were written. */
  deadline(key: string): string {
    return `${this.prefix}${key}:d`;
  }

  lock(key: string): string {
    return `${this.prefix}${key}:l`;
  }

  /** Where the data of a session is put that cannot be read. */
  damaged(key: string): string {
    return `${this.prefix}${key}:damaged`;
  }

  get secret(): string {
    return `${this.prefix}secret`;
  }

  /** The session whose data has this name; undefined for other names. */
  keyOf(name: string): string | undefined {
    if (!name.startsWith(this.prefix) || !name.endsWith(DATA)) return undefined;
    return name.slice(this.prefix.length, -DATA.length);
  }
}
