// A store written for express-session as a store of entries. Such stores can neither lock nor compare, so locks are those of
// one process. An entry is an object with a cookie, which tells such stores how long to keep it, and our text in one string.
// The deadline stands in both, because touch() of some stores replaces the cookie alone.

import { randomBytes } from 'node:crypto';
import type { SessionsEnvironment } from '../../session-types.ts';
import { saysUnavailable } from '../foreign-failure.ts';
import type { PlainEntryStore, StoreEntry } from '../own/entry-store.ts';
import type { ExpressCallback, ExpressStore } from './express-package.ts';

/** Stores count in seconds, some of them down: they keep an entry a little longer than it lives. */
const MARGIN_MS = 2000;

/** What "never" is to stores that give everything a time. */
const NEVER_MS = 10 * 365 * 86_400_000;

const KEPT = /^(\S+) (\d+(?:\.\d+)?) /;

/** Keeps entries in such a store. */
export class ExpressEntryStore implements PlainEntryStore {
  readonly lock = 'process';
  readonly #name: string;
  readonly #make: () => ExpressStore;
  readonly #environment: SessionsEnvironment;
  #store: ExpressStore;
  #hasAnswered = false;
  #isConnected = true;
  /** Whether touch() moves the deadline that get() gives, or only makes the store keep the entry longer. */
  #touchMoves: boolean | 'unknown' | 'is tried' = 'unknown';

  /**
   * @param name the store's name in the configuration
   * @param make gives the store. One that failed before it ever answered is made anew: some remember their first failure, and
   * two processes that make a table at the same time get in each other's way
   */
  constructor(name: string, make: () => ExpressStore, environment: SessionsEnvironment) {
    this.#name = name;
    this.#make = make;
    this.#environment = environment;
    this.#store = this.#listenTo(make());
  }

  async load(key: string): Promise<StoreEntry | undefined> {
    return entryIn(await this.#get(key))?.entry;
  }

  async save(key: string, entry: StoreEntry): Promise<void> {
    const session = this.#sessionFor(key, entry);
    await this.#call((store, done) => store.set(key, session, done));
  }

  /** Where touch() does not move deadlines, and while that is found out, they are moved by set(). */
  async touch(key: string, entry: StoreEntry): Promise<void> {
    if (this.#touchMoves === 'unknown') await this.#tryTouch();
    await (this.#touchMoves === true ? this.#touch(key, entry) : this.save(key, entry));
  }

  /** What is not there need not be removed. */
  async delete(key: string): Promise<void> {
    try {
      await this.#call((store, done) => store.destroy(key, done));
    } catch (error) {
      if (!isNotThere(error)) throw error;
    }
  }

  /** undefined: it cannot tell. */
  get list(): (() => AsyncGenerator<readonly [string, StoreEntry]>) | undefined {
    return this.#store.all === undefined ? undefined : () => this.#all();
  }

  /** Such stores remove expired entries by themselves. */
  sweep(): number {
    return 0;
  }

  /** Stores have no way in common to be closed; the first one is taken that this one has. */
  async close(): Promise<void> {
    await closed(this.#store);
  }

  async *#all(): AsyncGenerator<readonly [string, StoreEntry]> {
    const all = await this.#call((store, done) => store.all?.(done));
    for (const session of Object.values(all ?? {})) {
      const kept = entryIn(session);
      if (kept !== undefined && kept.key !== '') yield [kept.key, kept.entry];
    }
  }

  async #get(key: string): Promise<unknown> {
    try {
      return await this.#call((store, done) => store.get(key, done));
    } catch (error) {
      // As in express-session itself, a file that is not there is no failure. What a store cannot parse is damaged.
      if (isNotThere(error)) return undefined;
      if (error instanceof SyntaxError) return { karrigell: '' };
      throw error;
    }
  }

  async #touch(key: string, entry: StoreEntry): Promise<void> {
    const session = this.#sessionFor(key, entry);
    await this.#call((store, done) => store.touch?.(key, session, done));
  }

  async #tryTouch(): Promise<void> {
    this.#touchMoves = 'is tried';
    try {
      this.#touchMoves = this.#store.touch !== undefined && (await this.#movesByTouch());
    } catch (error) {
      this.#touchMoves = 'unknown';
      throw error;
    }
  }

  async #movesByTouch(): Promise<boolean> {
    const key = `touch.${randomBytes(9).toString('hex')}`;
    const before = Date.now() + 60_000;
    const after = before + 60_000;
    await this.save(key, { text: '', deadline: before });
    await this.#touch(key, { text: '', deadline: after });
    const found = await this.load(key);
    await this.delete(key);
    return found?.deadline === after;
  }

  async #call(
    call: (store: ExpressStore, done: ExpressCallback) => unknown,
    isAgain = false,
  ): Promise<unknown> {
    if (!this.#isConnected) throw new Disconnected();
    const store = this.#store;
    try {
      const value = await answerOf((done) => call(store, done));
      if (store === this.#store) this.#hasAnswered = true;
      return value;
    } catch (error) {
      if (isNotThere(error)) throw error;
      // Of the calls that failed in one store only the first has it made anew: others may be asking the new one already.
      if (store === this.#store) {
        if (this.#hasAnswered) throw error;
        this.#makeAnew();
      }
      if (isAgain || saysUnavailable(error)) throw error;
      return this.#call(call, true);
    }
  }

  #listenTo(store: ExpressStore): ExpressStore {
    const { log } = this.#environment;
    store.on?.('error', (cause) => log('warn', `${this.#name}: the session store reports an error`, cause));
    store.on?.('disconnect', () => this.#noteConnection(store, false));
    store.on?.('connect', () => this.#noteConnection(store, true));
    return store;
  }

  #noteConnection(store: ExpressStore, isConnected: boolean): void {
    if (store === this.#store) this.#isConnected = isConnected;
  }

  #makeAnew(): void {
    const before = this.#store;
    const next = this.#make();
    if (next === before) return;
    this.#store = this.#listenTo(next);
    closed(before).catch(() => undefined);
  }

  /** The object that a store is given. Deadlines are told from the clock of sessions; stores have the machine's. */
  #sessionFor(key: string, { text, deadline }: StoreEntry): object {
    const { now = Date.now } = this.#environment;
    const left = deadline === 0 ? NEVER_MS : Math.max(0, deadline - now()) + MARGIN_MS;
    const expires = new Date(Date.now() + left);
    const flags = { path: '/', httpOnly: true, secure: false, sameSite: 'lax' };
    const cookie = { originalMaxAge: left, maxAge: left, expires, ...flags, deadline };
    return { cookie, karrigell: `${key} ${deadline} ${text}` };
  }
}

class Disconnected extends Error {
  readonly code = 'session-store-unavailable';
  override readonly message = 'it says that it is disconnected';
}

/** The entry in an object that a store gave, with its key; undefined for one that is not ours. */
function entryIn(session: unknown): { readonly key: string; readonly entry: StoreEntry } | undefined {
  if (!isObject(session) || typeof session.karrigell !== 'string') return undefined;
  const { karrigell, cookie } = session;
  const [line, key, deadline] = KEPT.exec(karrigell) ?? [];
  if (line === undefined || key === undefined) return { key: '', entry: { text: karrigell, deadline: 0 } };
  const moved = isObject(cookie) && typeof cookie.deadline === 'number' ? cookie.deadline : Number(deadline);
  return { key, entry: { text: karrigell.slice(line.length), deadline: moved } };
}

/** What a store calls back with, or throws, or rejects with. */
function answerOf(call: (done: ExpressCallback) => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const returned = call((error, value) => (error ? reject(error) : resolve(value)));
    Promise.resolve(returned).catch(reject);
  });
}

function isNotThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function closed(store: ExpressStore): Promise<void> {
  if (store.close !== undefined) await store.close();
  else if (store.end !== undefined) await store.end();
  else store.stopInterval?.();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
