// Turns over a store that can compare and set: a lease in the entry itself, so that whoever takes an entry over thereby
// changes what the one before would have to replace. Nothing else is held while a page runs. A lease is renewed each
// second, so that only the dead lose theirs.

import { randomBytes } from 'node:crypto';
import type { Claim, Found, StoreTurn } from '../../store.ts';
import { lockedProblem } from '../../turns.ts';
import { pauseBeforeRetry } from '../poll.ts';
import type { AskedLockingStore } from './asked-store.ts';
import type { StoreEntry } from './entry-store.ts';
import type { EntryTurns } from './entry-turns.ts';
import { HeldEntry, LEASE_MS } from './held-entry.ts';
import { isSameEntry, type Kept, keptIn, type Lease, leasedEntry } from './kept.ts';
import { Refusals } from './refusals.ts';

const RENEW_MS = 1000;
const PAGE_LENGTH = 200;

const ABSENT: Found<string> = { state: 'absent' };

/** The turn of a key that has no entry and will get none. */
const NOTHING: StoreTurn<string> = {
  found: ABSENT,
  commit: ({ kind }) => (kind === 'keep' ? 'done' : 'gone'),
};

/** Takes turns that reach as far as the store. */
export class LeasedTurns implements EntryTurns {
  readonly #store: AskedLockingStore;
  readonly #now: () => number;
  readonly #held = new Set<HeldEntry>();
  readonly #renewal: NodeJS.Timeout;

  constructor(store: AskedLockingStore, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.#renewal = setInterval(() => void this.#renew(), RENEW_MS).unref();
  }

  /** Only the head of the queue of each process comes here (turns.ts). */
  async take(key: string, claim: Claim): Promise<StoreTurn<string>> {
    const began = performance.now() - (claim.waited ?? 0) * 1000;
    const refusals = new Refusals(this.#store.name);
    for (let tries = 0; ; tries++) {
      const kept = keptIn(await this.#store.load(key), this.#now());
      const { lease } = kept;
      if (lease === undefined || lease.until <= this.#now()) {
        if (kept.found.state === 'absent' && claim.begins === false) return NOTHING;
        const held = await this.#leased(key, kept, claim.page);
        if (held !== undefined) return this.#turn(held, kept.found);
        refusals.add();
      } else refusals.reset();
      if (performance.now() - began >= claim.patience * 1000) throw this.#locked(claim, lease);
      await pauseBeforeRetry(tries, claim.signal);
    }
  }

  touch(key: string, deadline: number): Promise<boolean> {
    return this.#store.insist(async () => {
      const { entry, found } = keptIn(await this.#store.load(key), this.#now());
      if (entry === undefined || found.state !== 'live') return false;
      return (await this.#store.replace(key, entry, { text: entry.text, deadline })) || undefined;
    });
  }

  swap(key: string, before: StoreEntry | undefined, after: StoreEntry | undefined): Promise<boolean> {
    return this.#store.insist(async () => {
      if (await this.#store.replace(key, before, after)) return true;
      return isSameEntry(await this.#store.load(key), before) ? undefined : false;
    });
  }

  async put(key: string, entry: StoreEntry): Promise<void> {
    await this.#store.insist(async (isAgain) => {
      const there = isAgain ? await this.#store.load(key) : undefined;
      return (await this.#store.replace(key, there, entry)) || undefined;
    });
  }

  close(): void {
    clearInterval(this.#renewal);
  }

  async #leased(key: string, kept: Kept, page: string): Promise<HeldEntry | undefined> {
    const token = randomBytes(15).toString('base64url');
    const since = this.#now();
    const lease = { token, page: page.slice(0, PAGE_LENGTH), since, until: since + LEASE_MS };
    const entry = leasedEntry(kept, lease);
    if (!(await this.#store.replace(key, kept.entry, entry))) return undefined;
    const held = new HeldEntry({ key, entry, lease, store: this.#store, turns: this, now: this.#now });
    this.#held.add(held);
    return held;
  }

  #turn(held: HeldEntry, found: Found<string>): StoreTurn<string> {
    return {
      found,
      commit: (change) => {
        this.#held.delete(held);
        return held.commit(change);
      },
    };
  }

  #locked({ page, patience }: Claim, lease: Lease | undefined) {
    if (lease === undefined) return lockedProblem(patience, page, patience * 1000);
    return lockedProblem(patience, lease.page, this.#now() - lease.since);
  }

  async #renew(): Promise<void> {
    const due = [...this.#held].filter((held) => held.age > RENEW_MS / 2);
    await Promise.all(due.map((held) => held.renew().catch(() => {})));
  }
}
