// The entries of forms with a token, beside the sessions in the same store: `once.<hash>` says what became of the form. The lock of
// `arrival.<hash>` is held from the arrival to the end of the response, so that a form whose entry says "running" while its lock is
// free belongs to a process that has died, or to a page that has failed. Both are locks and entries as sessions have them.

import { hash } from 'node:crypto';
import { Problem } from '../../diagnostics/problem.ts';
import type { LockQueues } from '../lock/lock-queues.ts';
import { acquireLock } from '../lock/session-lock.ts';
import type { Change, EntryState, EvictingStore, SessionStore, StoreLock } from '../session-store.ts';
import type { ArrivedForm, EarlierArrivals, FormArrival, FormEntries, FormOutcome } from './form-arrival.ts';
import { openedEntry, sealedEntry } from './sealed-form.ts';

/** An entry lasts for an hour after the first arrival. */
const LIFE_MS = 3_600_000;

/** How long it is remembered that a form is free again: until then its entry can be created anew in any case. */
const FREED_MS = 1000;

/** The parts that all entries use. */
export interface FormEntriesParts {
  readonly store: SessionStore<string> & Partial<EvictingStore>;
  readonly queues: LockQueues;
  readonly now: () => number;
  /** Seconds that a change of an entry waits for another one. */
  readonly lockTimeout: () => number;
}

export class StoredFormEntries implements FormEntries {
  readonly #parts: FormEntriesParts;

  constructor(parts: FormEntriesParts) {
    this.#parts = parts;
  }

  async arrive(form: ArrivedForm): Promise<FormArrival> {
    const name = hash('sha256', `${form.token} ${form.digest}`, 'hex');
    const key = `once.${name}`;
    const lock = await this.#turn(`arrival.${name}`, form);
    try {
      const earlier = await earlierArrivals(form.token, key, await this.#parts.store.read(key));
      return new StoredArrival(this.#parts, { form, key, lock, earlier });
    } catch (error) {
      await lock.release({ kind: 'keep' });
      throw error;
    }
  }

  async #turn(key: string, { page, timeoutSeconds, signal }: ArrivedForm): Promise<StoreLock<string>> {
    try {
      return await acquireLock(this.#parts, key, { page, timeoutSeconds, signal });
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'session-locked') throw error;
      throw new Problem('once-waiting', { params: { page, seconds: timeoutSeconds }, cause: error });
    }
  }
}

/** An evicted or damaged entry says no more than that there was one. */
async function earlierArrivals(
  token: string,
  key: string,
  entry: EntryState<string>,
): Promise<EarlierArrivals> {
  switch (entry.state) {
    case 'live':
      return (await openedEntry(token, key, entry.content)) ?? { kind: 'unsure', target: undefined };
    case 'removed':
      return { kind: 'unsure', target: undefined };
    default:
      return { kind: 'none' };
  }
}

interface ArrivalParts {
  readonly form: ArrivedForm;
  readonly key: string;
  /** The lock that the other arrivals wait for. */
  readonly lock: StoreLock<string>;
  readonly earlier: EarlierArrivals;
}

class StoredArrival implements FormArrival {
  readonly #entries: FormEntriesParts;
  readonly #arrival: ArrivalParts;
  #hasBegun = false;

  constructor(entries: FormEntriesParts, arrival: ArrivalParts) {
    this.#entries = entries;
    this.#arrival = arrival;
  }

  get earlier(): EarlierArrivals {
    return this.#arrival.earlier;
  }

  async begin(target: string | undefined): Promise<void> {
    const { store, now } = this.#entries;
    const { form, key } = this.#arrival;
    const content = await sealedEntry(form.token, key, { kind: 'unsure', target });
    await this.#change(({ state }) => {
      // Only an arrival that lost its lock finds an entry here: another one has begun.
      if (state === 'live' || state === 'removed') return undefined;
      return { kind: 'create', content, deadline: now() + LIFE_MS };
    });
    this.#hasBegun = true;
    store.pin?.(key, true);
  }

  async end(end: FormOutcome | 'refused' | 'unsure'): Promise<void> {
    const { store } = this.#entries;
    const { key, lock } = this.#arrival;
    try {
      if (this.#hasBegun && end !== 'unsure') await this.#note(end);
    } finally {
      if (this.#hasBegun) store.unpin?.(key);
      await lock.release({ kind: 'keep' });
    }
  }

  async #note(end: FormOutcome | 'refused'): Promise<void> {
    const { now } = this.#entries;
    if (end === 'refused') return this.#change(() => ({ kind: 'retire', until: now() + FREED_MS }));
    const { form, key } = this.#arrival;
    const content = await sealedEntry(form.token, key, { kind: 'done', outcome: end });
    return this.#change((entry) => {
      if (entry.state === 'live') return { kind: 'write', content, deadline: entry.deadline };
      return { kind: 'create', content, deadline: now() + LIFE_MS };
    });
  }

  /** @param changeOf gives the change of the entry; undefined: it must not be changed */
  async #change(changeOf: (entry: EntryState<string>) => Change<string> | undefined): Promise<void> {
    const { form, key } = this.#arrival;
    const { lockTimeout } = this.#entries;
    const lock = await acquireLock(this.#entries, key, { page: form.page, timeoutSeconds: lockTimeout() });
    const change = changeOf(lock.entry);
    const outcome = await lock.release(change ?? { kind: 'keep' });
    if (change === undefined) throw new Problem('once-unsure');
    if (outcome !== 'done') throw new Problem('session-lock-lost');
  }
}
