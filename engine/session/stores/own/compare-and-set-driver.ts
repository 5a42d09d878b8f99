// The driver of stores that can compare and set. A lease is a line in the entry itself: acquiring a lock changes the text that
// the holder before would have to replace. Nothing else is held while a page runs.

import type { Outcome } from '../../session-store.ts';
import { pauseBeforeRetry } from '../locking/driver-calls.ts';
import {
  type AcquireResult,
  type Acquisition,
  type EntryChange,
  type HeldLock,
  LEASE_MS,
  type StoreDriver,
} from '../locking/store-driver.ts';
import { isExpired } from '../locking/tombstone.ts';
import { type Decide, type Decision, EntryDriver, type Known } from './entry-driver.ts';
import type { LockingEntryStore, StoreEntry } from './entry-store.ts';
import { leaseIn, withLease, withoutLease } from './lease-line.ts';

/**
 * The number of refusals, and the time, after which a store counts as one that refuses all changes. Of requests that change one
 * entry at the same time some succeed, and each of them soon. The time is needed too, because a busy machine makes few tries.
 */
const REFUSALS = 20;
const REFUSED_MS = 1000;

/** Its lock reaches as far as the store. */
export class CompareAndSetDriver extends EntryDriver<LockingEntryStore> implements StoreDriver {
  readonly lock = 'store';
  /** The entries with leases of this process, as the store has them. */
  readonly #leased = new WeakMap<Acquisition, StoreEntry>();
  readonly #renewing = new Set<Acquisition>();

  acquire(acquisition: Acquisition): Promise<AcquireResult> {
    return this.change(acquisition.key, (stored) => this.#acquired(acquisition, stored));
  }

  release({ acquisition }: HeldLock, change: EntryChange): Promise<Outcome> {
    const decide: Decide<Outcome> = (stored) => {
      if (stored === undefined) return { unchanged: change.kind === 'remove' ? 'done' : 'gone' };
      if (leaseIn(stored)?.token !== acquisition.token) return { unchanged: 'lost' };
      return this.#released(stored, change);
    };
    return this.change(acquisition.key, decide, { entry: this.#leased.get(acquisition) });
  }

  /** A lease is left alone while its last renewal has not ended. */
  async renew(held: readonly HeldLock[]): Promise<void> {
    const due = held
      .map(({ acquisition }) => acquisition)
      .filter((acquisition) => !this.#renewing.has(acquisition));
    await Promise.allSettled(due.map((acquisition) => this.#renew(acquisition)));
  }

  /** Decides and replaces, until the store has taken the change. */
  protected async change<T>(key: string, decide: Decide<T>, known?: Known): Promise<T> {
    const began = performance.now();
    let stored = known === undefined ? await this.stored(key) : known.entry;
    for (let tries = 1; ; tries++) {
      const decision = decide(stored);
      if ('unchanged' in decision) return decision.unchanged;
      if (await this.#replace(key, stored, decision.after)) return decision.result;
      if (tries >= REFUSALS && performance.now() - began >= REFUSED_MS) {
        const reason = `it has given false ${tries} times in a row for what load() had just given`;
        throw this.foreign.refused('replace', reason);
      }
      await pauseBeforeRetry(tries, undefined);
      stored = await this.stored(key);
      // The entry that is there counts, whatever replace() said of it.
      if (isSame(stored, decision.after)) return decision.result;
    }
  }

  #acquired(acquisition: Acquisition, stored: StoreEntry | undefined): Decision<AcquireResult> {
    const now = this.parts.now();
    const holder = leaseIn(stored);
    if (holder !== undefined && holder.token !== acquisition.token && holder.until > now)
      return { unchanged: { kind: 'taken', page: holder.page, held_ms: now - holder.since } };
    const read = this.read(stored);
    const entry = read === undefined || isExpired(read.deadline, now) ? undefined : read;
    if (entry === undefined && !acquisition.mayCreate) return { unchanged: { kind: 'absent' } };
    const { token, page } = acquisition;
    const line = { token, page, since: now, until: now + LEASE_MS, begins: entry === undefined };
    const after = withLease(stored, line);
    this.#leased.set(acquisition, after);
    return { after, result: { kind: 'held', acquisition, entry, fence: undefined } };
  }

  /** The decision about a change of an entry whose lock is held. */
  #released(stored: StoreEntry, change: EntryChange): Decision<Outcome> {
    const bare = this.read(stored) && withoutLease(stored);
    switch (change.kind) {
      case 'keep':
        return { after: bare, result: 'done' };
      case 'touch':
        return bare === undefined
          ? { after: bare, result: 'gone' }
          : { after: { text: bare.text, deadline: change.deadline }, result: 'done' };
      case 'put':
        return bare === undefined && change.replaces
          ? { after: bare, result: 'gone' }
          : { after: this.written(change.entry), result: 'done' };
      case 'remove':
        return { after: undefined, result: 'done' };
    }
  }

  async #renew(acquisition: Acquisition): Promise<void> {
    this.#renewing.add(acquisition);
    try {
      const decide: Decide<StoreEntry | undefined> = (stored) => {
        const line = leaseIn(stored);
        if (line?.token !== acquisition.token) return { unchanged: undefined };
        const after = withLease(stored, { ...line, until: this.parts.now() + LEASE_MS });
        return { after, result: after };
      };
      const renewed = await this.change(acquisition.key, decide, { entry: this.#leased.get(acquisition) });
      if (renewed !== undefined) this.#leased.set(acquisition, renewed);
    } finally {
      this.#renewing.delete(acquisition);
    }
  }

  async #replace(
    key: string,
    before: StoreEntry | undefined,
    after: StoreEntry | undefined,
  ): Promise<boolean> {
    const { store } = this.parts;
    const isDone: unknown = await this.foreign.ask('replace', () => store.replace(key, before, after));
    if (typeof isDone === 'boolean') return isDone;
    throw this.foreign.refused('replace', 'it must give true or false');
  }
}

function isSame(one: StoreEntry | undefined, other: StoreEntry | undefined): boolean {
  return one?.text === other?.text && one?.deadline === other?.deadline;
}
