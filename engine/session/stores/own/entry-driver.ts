// The base of the two drivers of stores of entries: everything that needs no lock. Each driver adds the atomic change of an
// entry, and its lock.

import { Problem } from '../../../diagnostics/problem.ts';
import type { SessionsEnvironment } from '../../session-types.ts';
import { ForeignCode } from '../foreign-code.ts';
import { type DriverEntry, type ListedDriverEntry, SECRET_KEY } from '../locking/store-driver.ts';
import { entryState, isExpired } from '../locking/tombstone.ts';
import { withNul, withoutNul } from '../without-nul.ts';
import type { EntryStore, StoreEntry } from './entry-store.ts';
import { leaseIn, withoutLease } from './lease-line.ts';

/** The time in ms between two searches of a list for expired entries. */
const PASS_MS = 60_000;

/** A store that cannot compare may give a deadline a little differently each time. */
const TOLERANCE_MS = 1000;

/** The new entry (undefined: none), with the result once the store has it; or a result without a change. */
export type Decision<T> =
  | { readonly after: StoreEntry | undefined; readonly result: T }
  | { readonly unchanged: T };

/** Decides about the entry that a store has under a key. It may be asked again if the entry has changed meanwhile. */
export type Decide<T> = (stored: StoreEntry | undefined) => Decision<T>;

/** The entry that a store is taken to have under a key, so that it need not be loaded. */
export interface Known {
  readonly entry: StoreEntry | undefined;
}

/** The parts of such a driver. */
export interface EntryDriverParts<Store extends EntryStore> {
  /** The store's name in the configuration. */
  readonly name: string;
  readonly store: Store;
  readonly now: () => number;
  readonly log: SessionsEnvironment['log'];
}

/** A driver without its lock. */
export abstract class EntryDriver<Store extends EntryStore> {
  protected readonly parts: EntryDriverParts<Store>;
  protected readonly foreign: ForeignCode;
  #nextPass = Number.NEGATIVE_INFINITY;

  constructor(parts: EntryDriverParts<Store>) {
    this.parts = parts;
    this.foreign = new ForeignCode(parts.name);
  }

  /** Changes an entry, so that no other change comes between the decision and the change, as far as the lock reaches. */
  protected abstract change<T>(key: string, decide: Decide<T>, known?: Known): Promise<T>;

  /** Whether a change of an entry has not ended yet, so that another one would have to wait. */
  protected isChanging(_key: string): boolean {
    return false;
  }

  async load(key: string): Promise<DriverEntry | undefined> {
    return this.read(await this.stored(key));
  }

  /** A key that is added is new, except that another process may have put the secret. */
  add(key: string, entry: DriverEntry): Promise<boolean> {
    const decide: Decide<boolean> = (stored) =>
      stored === undefined ? { after: this.written(entry), result: true } : { unchanged: false };
    return this.change(key, decide, key === SECRET_KEY ? undefined : { entry: undefined });
  }

  touch(key: string, deadline: number, from: number): Promise<boolean> {
    return this.change<boolean>(key, (stored) => {
      const isMoved = stored === undefined || Math.abs(stored.deadline - from) > TOLERANCE_MS;
      if (isMoved || entryState(this.read(stored), this.parts.now()).state !== 'live')
        return { unchanged: false };
      return { after: { text: stored.text, deadline }, result: true };
    });
  }

  remove(key: string): Promise<void> {
    return this.change(key, (stored) =>
      stored === undefined ? { unchanged: undefined } : { after: undefined, result: undefined },
    );
  }

  async *list(beginning: string): AsyncGenerator<ListedDriverEntry> {
    for await (const [key, stored] of this.#listed()) {
      const entry = key.startsWith(beginning) ? this.read(stored) : undefined;
      if (entry !== undefined) yield { key, entry };
    }
  }

  async sweep(_step: number, now: number, signal: AbortSignal | undefined): Promise<number> {
    const { store } = this.parts;
    if (store.sweep === undefined) return this.#removeExpired(now, signal);
    const removed = Number((await this.foreign.askInTime('sweep', () => store.sweep?.(now))) ?? 0);
    if (Number.isFinite(removed)) return removed;
    throw this.foreign.refused('sweep', 'it must give how many entries it has removed');
  }

  problemOf(error: unknown, method: string): Problem {
    return this.foreign.problemOf(error, method);
  }

  async close(): Promise<void> {
    try {
      await this.foreign.askInTime('close', () => this.parts.store.close?.());
    } catch (error) {
      this.parts.log('warn', 'the session store could not be closed', error);
    }
  }

  /** The entry under a key, as the store has it. */
  protected async stored(key: string): Promise<StoreEntry | undefined> {
    const stored: unknown = await this.foreign.ask('load', () => this.parts.store.load(key));
    return stored === undefined || stored === null ? undefined : this.#checked(stored, 'load');
  }

  /** The engine's entry in what the store has; undefined where the lease of an entry that begins is all there is. */
  protected read(stored: StoreEntry | undefined): DriverEntry | undefined {
    if (stored === undefined || leaseIn(stored)?.begins) return undefined;
    const { text, deadline } = withoutLease(stored);
    return { text: withNul(text), deadline };
  }

  /** An entry of the engine as the store gets it. */
  protected written({ text, deadline }: DriverEntry): StoreEntry {
    return { text: withoutNul(text), deadline };
  }

  async *#listed(): AsyncGenerator<readonly [string, StoreEntry]> {
    const { name, store } = this.parts;
    if (store.list === undefined) throw new Problem('session-store-unlisted', { params: { store: name } });
    for await (const listed of this.foreign.list(() => store.list?.())) {
      if (!Array.isArray(listed)) throw this.foreign.refused('list', 'it must list [key, entry]');
      yield [String(listed[0]), this.#checked(listed[1], 'list')];
    }
  }

  /** Reads the whole list, if that was not done a moment ago. */
  async #removeExpired(now: number, signal: AbortSignal | undefined): Promise<number> {
    if (this.parts.store.list === undefined || now < this.#nextPass) return 0;
    let removed = 0;
    for await (const [key, { deadline }] of this.#listed()) {
      if (signal?.aborted) return removed;
      if (!isExpired(deadline, now) || this.isChanging(key)) continue;
      if (await this.foreign.askInTime('sweep', () => this.#removeUnlocked(key, now))) removed++;
    }
    this.#nextPass = now + PASS_MS;
    return removed;
  }

  /** Removes an entry if it is still expired, and no request has its lock. */
  #removeUnlocked(key: string, now: number): Promise<boolean> {
    return this.change<boolean>(key, (stored) => {
      const isLocked = (leaseIn(stored)?.until ?? 0) > now;
      if (stored === undefined || isLocked || !isExpired(stored.deadline, now)) return { unchanged: false };
      return { after: undefined, result: true };
    });
  }

  #checked(value: unknown, method: string): StoreEntry {
    if (typeof value === 'object' && value !== null && 'text' in value && 'deadline' in value) {
      const { text, deadline } = value;
      if (typeof text === 'string' && typeof deadline === 'number' && deadline >= 0)
        return { text, deadline };
    }
    throw this.foreign.refused(method, 'it must give { text: string, deadline: number }, or undefined');
  }
}
