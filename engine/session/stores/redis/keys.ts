// The names that sessions have in Redis. What belongs to one session carries one hash tag, so that a cluster keeps it on
// one server.

/** Whose turn it is: a request of this process. */
export interface TurnOwner {
  readonly key: string;
  readonly token: string;
  readonly page: string;
}

/** The names below one prefix. */
export class RedisKeys {
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  data(key: string): string {
    return `${this.prefix}{${key}}:s`;
  }

  lock(key: string): string {
    return `${this.prefix}{${key}}:l`;
  }

  /** Where the data of a session is put that cannot be read. */
  damaged(key: string): string {
    return `${this.prefix}{${key}}:damaged`;
  }

  /** Data, lock and queue: what a script about turns works with. */
  turn(key: string): string[] {
    return [this.data(key), this.lock(key), `${this.prefix}{${key}}:w`];
  }

  /**
   * The channel of a process is this and its name. A cluster carries messages to all its servers: channels of their own keep
   * what one of them says in order with its answers, and from being heard twice.
   */
  channels(server = ''): string {
    return `${this.prefix}process:${server === '' ? '' : `${server}:`}`;
  }

  get secret(): string {
    return `${this.prefix}secret`;
  }

  /** A glob for the data of the sessions whose keys begin so. */
  pattern(beginning: string): string {
    return `${literally(this.prefix)}{${literally(beginning)}*}:s`;
  }

  /** The session whose data has this name. */
  keyOf(name: string): string {
    return name.slice(this.prefix.length + 1, -'}:s'.length);
  }
}

/** A text in a glob that stands for itself. */
function literally(text: string): string {
  return text.replace(/[\\*?[\]^]/g, '\\$&');
}
