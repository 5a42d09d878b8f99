// A driver as small as one can be: entries and locks in a Map, shared by all stores that are opened over it. The contract
// suite runs over it, and so do the rules that belong to the engine alone.

import { Problem } from '../../../engine/diagnostics/problem.ts';
import type { Outcome } from '../../../engine/session/session-store.ts';
import type {
  AcquireResult,
  Acquisition,
  DriverEntry,
  EntryChange,
  HeldLock,
  ListedDriverEntry,
  StoreDriver,
} from '../../../engine/session/stores/locking/store-driver.ts';

/** The entries that several processes would share. */
export class SharedMap {
  readonly entries = new Map<string, DriverEntry>();
  readonly locks = new Map<string, Acquisition>();
}

export class MapDriver implements StoreDriver {
  readonly lock = 'store';
  readonly shared: SharedMap;
  /** The calls that were made, by method. */
  readonly calls: string[] = [];
  /** Runs before each call: a test makes it throw or wait. */
  before: (method: string) => unknown = () => undefined;

  constructor(shared = new SharedMap()) {
    this.shared = shared;
  }

  async acquire(acquisition: Acquisition): Promise<AcquireResult> {
    await this.#call('acquire');
    const holder = this.shared.locks.get(acquisition.key);
    if (holder !== undefined && holder.token !== acquisition.token)
      return { kind: 'taken', page: holder.page };
    const entry = this.shared.entries.get(acquisition.key);
    if (entry === undefined && !acquisition.mayCreate) return { kind: 'absent' };
    this.shared.locks.set(acquisition.key, acquisition);
    return { kind: 'held', acquisition, entry, fence: undefined };
  }

  async release({ acquisition }: HeldLock, change: EntryChange): Promise<Outcome> {
    await this.#call('release');
    const { entries, locks } = this.shared;
    if (locks.get(acquisition.key)?.token !== acquisition.token) return 'lost';
    locks.delete(acquisition.key);
    const there = entries.get(acquisition.key);
    switch (change.kind) {
      case 'keep':
        return 'done';
      case 'touch':
        if (there === undefined) return 'gone';
        entries.set(acquisition.key, { ...there, deadline: change.deadline });
        return 'done';
      case 'put':
        if (there === undefined && change.replaces) return 'gone';
        entries.set(acquisition.key, change.entry);
        return 'done';
      case 'remove':
        entries.delete(acquisition.key);
        return 'done';
    }
  }

  async load(key: string): Promise<DriverEntry | undefined> {
    await this.#call('load');
    return this.shared.entries.get(key);
  }

  async add(key: string, entry: DriverEntry): Promise<boolean> {
    await this.#call('add');
    if (this.shared.entries.has(key)) return false;
    this.shared.entries.set(key, entry);
    return true;
  }

  async touch(key: string, deadline: number, from: number): Promise<boolean> {
    await this.#call('touch');
    const entry = this.shared.entries.get(key);
    if (entry === undefined || entry.deadline !== from) return false;
    this.shared.entries.set(key, { ...entry, deadline });
    return true;
  }

  async remove(key: string): Promise<void> {
    await this.#call('remove');
    this.shared.entries.delete(key);
  }

  async *list(beginning: string): AsyncGenerator<ListedDriverEntry> {
    for (const [key, entry] of [...this.shared.entries]) if (key.startsWith(beginning)) yield { key, entry };
  }

  async sweep(_step: number, now: number): Promise<number> {
    let removed = 0;
    for (const [key, { deadline }] of this.shared.entries) {
      if (deadline === 0 || deadline > now || this.shared.locks.has(key)) continue;
      this.shared.entries.delete(key);
      removed++;
    }
    return removed;
  }

  problemOf(error: unknown): Problem {
    return new Problem('session-store-unavailable', { params: { reason: String(error) }, cause: error });
  }

  close(): void {}

  async #call(method: string): Promise<void> {
    this.calls.push(method);
    await this.before(method);
  }
}
