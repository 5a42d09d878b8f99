// A store written for express-session as a store of entries. Such stores can neither lock nor compare, so turns are those of
// one process. Whether their touch() moves the deadline that get() gives is found out by trying: where it only makes the
// store keep the entry longer, deadlines are moved by set().

import { randomBytes } from 'node:crypto';
import type { PlainEntryStore, StoreEntry } from '../entries/entry-store.ts';
import { saysAway } from '../failure.ts';
import { COMMAND_MS, withinMilliseconds } from '../within-time.ts';
import type { ExpressCallback, ExpressStore } from './express-store.ts';
import { entryIn, sessionFor } from './kept-session.ts';

/** What entries are kept in. */
export interface ExpressEntriesParts {
  /**
   * Gives the store. One that failed before it ever answered is made anew: some remember their first failure, and two
   * processes that make a table at the same time get in each other's way.
   */
  readonly make: () => ExpressStore;
  readonly now: () => number;
  /** Takes what a store says of itself by events. */
  readonly warn: (message: string, cause: unknown) => void;
}

/** Keeps entries in such a store. */
export class ExpressEntries implements PlainEntryStore {
  readonly lock = 'process';
  readonly #parts: ExpressEntriesParts;
  #store: ExpressStore;
  #hasAnswered = false;
  #isConnected = true;
  #touches: Promise<boolean> | undefined;

  constructor(parts: ExpressEntriesParts) {
    this.#parts = parts;
    this.#store = this.#listenTo(parts.make());
  }

  async load(key: string): Promise<StoreEntry | undefined> {
    return entryIn(await this.#get(key))?.entry;
  }

  async save(key: string, entry: StoreEntry): Promise<void> {
    const session = sessionFor(key, entry, this.#parts.now());
    await this.#call((store, done) => store.set(key, session, done));
  }

  async touch(key: string, entry: StoreEntry): Promise<void> {
    // One that does not end is the end of this trial only, or nobody could touch anything any more.
    this.#touches ??= withinMilliseconds(this.#tryTouch(), COMMAND_MS);
    const touches = await this.#touches.catch((error: unknown) => {
      this.#touches = undefined;
      throw error;
    });
    await (touches ? this.#touch(key, entry) : this.save(key, entry));
  }

  async delete(key: string): Promise<void> {
    await this.#call((store, done) => store.destroy(key, done));
  }

  /** undefined: it cannot tell. */
  get list(): (() => AsyncGenerator<readonly [string, StoreEntry]>) | undefined {
    return this.#store.all === undefined ? undefined : () => this.#all();
  }

  /** Such stores remove by themselves what is over. */
  sweep(): number {
    return 0;
  }

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
    const session = sessionFor(key, entry, this.#parts.now());
    await this.#call((store, done) => store.touch?.(key, session, done));
  }

  async #tryTouch(): Promise<boolean> {
    if (this.#store.touch === undefined) return false;
    const key = `touch.${randomBytes(9).toString('hex')}`;
    const before = this.#parts.now() + 60_000;
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
      // Of those who asked the store that failed only the first has it made anew: others may be asking the new one already.
      if (store === this.#store) {
        if (this.#hasAnswered) throw error;
        this.#makeAnew();
      }
      if (isAgain || saysAway(error)) throw error;
      return this.#call(call, true);
    }
  }

  #listenTo(store: ExpressStore): ExpressStore {
    store.on?.('error', (cause) => this.#parts.warn('the session store reports an error', cause));
    store.on?.('disconnect', () => this.#noteConnection(store, false));
    store.on?.('connect', () => this.#noteConnection(store, true));
    return store;
  }

  #noteConnection(store: ExpressStore, isConnected: boolean): void {
    if (store === this.#store) this.#isConnected = isConnected;
  }

  #makeAnew(): void {
    const before = this.#store;
    const next = this.#parts.make();
    if (next === before) return;
    this.#store = this.#listenTo(next);
    closed(before).catch(() => undefined);
  }
}

class Disconnected extends Error {
  readonly code = 'session-store-away';
  override readonly message = 'it says that it is disconnected';
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

/** Stores have no way in common to be closed; the first one is taken that this one has. */
async function closed(store: ExpressStore): Promise<void> {
  if (store.close !== undefined) await store.close();
  else if (store.end !== undefined) await store.end();
  else store.stopInterval?.();
}
