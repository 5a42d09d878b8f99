// A store written for express-session as a store of entries. Such stores can neither lock nor compare, so locks are those of
// one process. An entry is an object with a cookie, which tells the store how long to keep it, and with one string: the key,
// the deadline and the text. touch() of such stores is not used, because get() of most of them does not give the deadline
// that it has moved.

import type { SessionsEnvironment } from '../../session-types.ts';
import { saysUnavailable } from '../foreign-code.ts';
import type { PlainEntryStore, StoreEntry } from '../own/entry-store.ts';
import type { ExpressCallback, ExpressStore } from './express-package.ts';

/** Stores count in seconds, and some round down: an entry is kept a little longer than it lives. */
const MARGIN_MS = 2000;

/** The lifetime of an entry without a deadline, for stores that give every entry one. */
const NEVER_MS = 10 * 365 * 86_400_000;

/** The key and the deadline before the text of an entry. */
const HEAD = /^(\S+) (\d+(?:\.\d+)?) /;

/** An entry with its key; '' where the store has something else under it, which is damaged. */
interface KeyedEntry {
  readonly key: string;
  readonly entry: StoreEntry;
}

/** Keeps entries in such a store. */
export class ExpressEntryStore implements PlainEntryStore {
  readonly lock = 'process';
  readonly #name: string;
  readonly #make: () => ExpressStore;
  readonly #environment: SessionsEnvironment;
  #store: ExpressStore;
  #hasAnswered = false;

  /**
   * @param name the store's name in the configuration
   * @param make makes the store. If a store fails before its first answer, it is made again, because some stores remember
   * their first failure, and two processes that create one table at the same time disturb each other
   */
  constructor(name: string, make: () => ExpressStore, environment: SessionsEnvironment) {
    this.#name = name;
    this.#make = make;
    this.#environment = environment;
    this.#store = this.#listenTo(make());
  }

  async load(key: string): Promise<StoreEntry | undefined> {
    try {
      return entryIn(await this.#call((store, done) => store.get(key, done)))?.entry;
    } catch (error) {
      // As in express-session, a file that is absent is no failure. A file that the store cannot parse is damaged.
      if (isFileAbsent(error)) return undefined;
      if (error instanceof SyntaxError) return { text: '', deadline: 0 };
      throw error;
    }
  }

  async save(key: string, entry: StoreEntry): Promise<void> {
    const session = this.#sessionFor(key, entry);
    await this.#call((store, done) => store.set(key, session, done));
  }

  async delete(key: string): Promise<void> {
    try {
      await this.#call((store, done) => store.destroy(key, done));
    } catch (error) {
      if (!isFileAbsent(error)) throw error;
    }
  }

  get list(): (() => AsyncGenerator<readonly [string, StoreEntry]>) | undefined {
    return this.#store.all === undefined ? undefined : () => this.#all();
  }

  /** Such stores remove expired entries themselves. */
  sweep(): number {
    return 0;
  }

  async close(): Promise<void> {
    await closeStore(this.#store);
  }

  async *#all(): AsyncGenerator<readonly [string, StoreEntry]> {
    const all = await this.#call((store, done) => store.all?.(done));
    for (const session of Object.values(all ?? {})) {
      const { key, entry } = entryIn(session) ?? {};
      if (key && entry !== undefined) yield [key, entry];
    }
  }

  async #call(
    call: (store: ExpressStore, done: ExpressCallback) => unknown,
    isRetry = false,
  ): Promise<unknown> {
    const store = this.#store;
    try {
      const value = await answerOf((done) => call(store, done));
      if (store === this.#store) this.#hasAnswered = true;
      return value;
    } catch (error) {
      if (isFileAbsent(error)) throw error;
      // Only the first call that fails makes the store again: later ones may use the new one already.
      if (store === this.#store) {
        if (this.#hasAnswered) throw error;
        this.#makeAgain();
      }
      if (isRetry || saysUnavailable(error)) throw error;
      return this.#call(call, true);
    }
  }

  /** An 'error' event without a listener would end the process. */
  #listenTo(store: ExpressStore): ExpressStore {
    const { log } = this.#environment;
    store.on?.('error', (cause) => log('warn', `${this.#name}: the session store reports an error`, cause));
    return store;
  }

  #makeAgain(): void {
    const before = this.#store;
    const next = this.#make();
    if (next === before) return;
    this.#store = this.#listenTo(next);
    closeStore(before).catch(() => undefined);
  }

  /** The object that the store gets. Deadlines are by the clock of sessions, and stores use that of the machine. */
  #sessionFor(key: string, { text, deadline }: StoreEntry): object {
    const { now = Date.now } = this.#environment;
    const left = deadline === 0 ? NEVER_MS : Math.max(0, deadline - now()) + MARGIN_MS;
    const expires = new Date(Date.now() + left);
    const flags = { path: '/', httpOnly: true, secure: false, sameSite: 'lax' };
    const cookie = { originalMaxAge: left, maxAge: left, expires, ...flags };
    return { cookie, karrigell: `${key} ${deadline} ${text}` };
  }
}

/** The entry in an object that a store gave; undefined where another program has put it. */
function entryIn(session: unknown): KeyedEntry | undefined {
  if (typeof session !== 'object' || session === null || !('karrigell' in session)) return undefined;
  const { karrigell } = session;
  if (typeof karrigell !== 'string') return undefined;
  const [head = '', key = '', deadline = 0] = HEAD.exec(karrigell) ?? [];
  return { key, entry: { text: karrigell.slice(head.length), deadline: Number(deadline) } };
}

/** The result of a store's method, which may call back, throw or reject. */
function answerOf(call: (done: ExpressCallback) => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const returned = call((error, value) => (error ? reject(error) : resolve(value)));
    Promise.resolve(returned).catch(reject);
  });
}

function isFileAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Closes a store by the first of the usual ways that it has. */
async function closeStore(store: ExpressStore): Promise<void> {
  if (store.close !== undefined) await store.close();
  else if (store.end !== undefined) await store.end();
  else store.stopInterval?.();
}
