// The driver of stores that can compare and set. A lease is a line in the entry itself: acquiring a lock changes the text that
// the holder before would have to replace. Nothing else is held while a page runs.

import type { Outcome } from '../../session-store.ts';
import { pauseBeforeRetry } from '../locking/driver-calls.ts';
import {
  type AcquireResult,
  type Acquisition,
  type DriverEntry,
  type EntryChange,
  type HeldLock,
  LEASE_MS,
  type StoreDriver,
} from '../locking/store-driver.ts';
import { isExpired } from '../locking/tombstone.ts';
import { EntryDriver } from './entry-driver.ts';
import type { LockingEntryStore, StoreEntry } from './entry-store.ts';
import { leaseIn, withLease, withoutLease } from './lease-line.ts';

/**
 * A store that has refused a change so often, for so long, refuses all changes: of requests that change one entry at the same
 * time some succeed, and so does each of them before long. On a busy machine few tries are made in that time.
 */
const REFUSALS = 20;
const REFUSED_MS = 1000;

/** What becomes of an entry, and the result once the store has it so; or a result without a change. */
type Step<T> = { readonly after: StoreEntry | undefined; readonly result: T } | { readonly ends: T };

/** Locks reach as far as the store. */
export class CompareAndSetDriver extends EntryDriver<LockingEntryStore> implements StoreDriver {
  readonly lock = 'store';
  /** Entries with leases of this process, as the store has them. */
  readonly #leased = new WeakMap<Acquisition, StoreEntry>();
  readonly #renewing = new Set<Acquisition>();

  async acquire(acquisition: Acquisition): Promise<AcquireResult> {
    return this.#change(acquisition.key, await this.kept(acquisition.key), (kept) =>
      this.#acquired(acquisition, kept),
    );
  }

  async release({ acquisition }: HeldLock, change: EntryChange): Promise<Outcome> {
    return this.#change<Outcome>(acquisition.key, this.#leased.get(acquisition), (kept) => {
      if (kept === undefined) return { ends: change.kind === 'remove' ? 'done' : 'gone' };
      if (leaseIn(kept)?.token !== acquisition.token) return { ends: 'lost' };
      return this.#released(kept, change);
    });
  }

  /** A lease whose renewal still goes on is not renewed once more. */
  async renew(held: readonly HeldLock[]): Promise<void> {
    const due = held
      .map(({ acquisition }) => acquisition)
      .filter((acquisition) => !this.#renewing.has(acquisition));
    await Promise.allSettled(due.map((acquisition) => this.#renew(acquisition)));
  }

  add(key: string, entry: DriverEntry): Promise<boolean> {
    const after = this.written(entry);
    return this.#change(key, undefined, (kept) =>
      kept === undefined ? { after, result: true } : { ends: false },
    );
  }

  async touch(key: string, deadline: number, from: number): Promise<boolean> {
    return this.#change(key, await this.kept(key), (kept) => {
      if (kept === undefined || this.read(kept)?.deadline !== from) return { ends: false };
      return { after: { text: kept.text, deadline }, result: true };
    });
  }

  async remove(key: string): Promise<void> {
    await this.#change(key, await this.kept(key), (kept) =>
      kept === undefined ? { ends: true } : { after: undefined, result: true },
    );
  }

  protected async removeListed(key: string, kept: StoreEntry, now: number): Promise<boolean> {
    const lease = leaseIn(kept);
    return (lease === undefined || lease.until <= now) && this.#replace(key, kept, undefined);
  }

  /** Undefined where the lock is all there is. */
  protected override read(kept: StoreEntry | undefined): DriverEntry | undefined {
    return kept === undefined || leaseIn(kept)?.begins ? undefined : super.read(withoutLease(kept));
  }

  #acquired(acquisition: Acquisition, kept: StoreEntry | undefined): Step<AcquireResult> {
    const now = this.parts.now();
    const holder = leaseIn(kept);
    if (holder !== undefined && holder.token !== acquisition.token && holder.until > now)
      return { ends: { kind: 'taken', page: holder.page, held_ms: now - holder.since } };
    const read = this.read(kept);
    const entry = read === undefined || isExpired(read.deadline, now) ? undefined : read;
    if (entry === undefined && !acquisition.mayCreate) return { ends: { kind: 'absent' } };
    const { token, page } = acquisition;
    const after = withLease(kept, {
      token,
      page,
      since: now,
      until: now + LEASE_MS,
      begins: entry === undefined,
    });
    this.#leased.set(acquisition, after);
    return { after, result: { kind: 'held', acquisition, entry, fence: undefined } };
  }

  /** What a change makes of an entry whose lock is ours. */
  #released(kept: StoreEntry, change: EntryChange): Step<Outcome> {
    const bare = this.read(kept) && withoutLease(kept);
    switch (change.kind) {
      case 'keep':
        return { after: bare, result: 'done' };
      case 'touch':
        if (bare === undefined) return { after: bare, result: 'gone' };
        return { after: { text: bare.text, deadline: change.deadline }, result: 'done' };
      case 'put':
        if (bare === undefined && change.replaces) return { after: bare, result: 'gone' };
        return { after: this.written(change.entry), result: 'done' };
      case 'remove':
        return { after: undefined, result: 'done' };
    }
  }

  async #renew(acquisition: Acquisition): Promise<void> {
    this.#renewing.add(acquisition);
    try {
      const renewed = await this.#change(acquisition.key, this.#leased.get(acquisition), (kept) => {
        const line = leaseIn(kept);
        if (line?.token !== acquisition.token) return { ends: undefined };
        const after = withLease(kept, { ...line, until: this.parts.now() + LEASE_MS });
        return { after, result: after };
      });
      if (renewed !== undefined) this.#leased.set(acquisition, renewed);
    } finally {
      this.#renewing.delete(acquisition);
    }
  }

  /** Decides about what is there, and replaces it, until the store has taken the change. */
  async #change<T>(
    key: string,
    before: StoreEntry | undefined,
    decide: (kept: StoreEntry | undefined) => Step<T>,
  ): Promise<T> {
    const began = performance.now();
    for (let kept = before, tries = 1; ; tries++) {
      const step = decide(kept);
      if ('ends' in step) return step.ends;
      if (await this.#replace(key, kept, step.after)) return step.result;
      if (tries >= REFUSALS && performance.now() - began >= REFUSED_MS) {
        const reason = `it has given false ${tries} times in a row for what load() had just given`;
        throw this.foreign.refused('replace', reason);
      }
      await pauseBeforeRetry(tries, undefined);
      kept = await this.kept(key);
      // What is there counts, whatever replace() said of it.
      if (isSame(kept, step.after)) return step.result;
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
