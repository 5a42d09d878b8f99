// The driver of stores that cannot compare. The queue of this process is their only lock (lock-queues.ts). The newest entry is loaded
// right before a save, and the attributes that another process has changed in it are merged: for a moment between the two the
// last write wins.

import { Problem } from '../../../diagnostics/problem.ts';
import { mergedRecordText } from '../../request/session-merge.ts';
import type { Outcome } from '../../session-store.ts';
import { CALL_TIMEOUT_MS } from '../locking/driver-calls.ts';
import type {
  AcquireResult,
  Acquisition,
  EntryChange,
  HeldLock,
  StoreDriver,
} from '../locking/store-driver.ts';
import { entryState } from '../locking/tombstone.ts';
import {
  type Decide,
  type Decision,
  EntryDriver,
  type EntryDriverParts,
  type Known,
} from './entry-driver.ts';
import type { PlainEntryStore, StoreEntry } from './entry-store.ts';

/** A change of an entry that has not ended. */
interface PendingChange {
  readonly since: number;
  /** Never rejects. */
  readonly ended: Promise<void>;
}

/** Its lock reaches as far as this process, or nowhere. */
export class PlainDriver extends EntryDriver<PlainEntryStore> implements StoreDriver {
  readonly lock: PlainEntryStore['lock'];
  readonly #pending = new Map<string, PendingChange>();

  constructor(parts: EntryDriverParts<PlainEntryStore>) {
    super(parts);
    this.lock = parts.store.lock;
  }

  async acquire(acquisition: Acquisition): Promise<AcquireResult> {
    await this.#settled(acquisition.key);
    const entry = await this.load(acquisition.key);
    if (entry === undefined && !acquisition.mayCreate) return { kind: 'absent' };
    return { kind: 'held', acquisition, entry, fence: undefined };
  }

  async release(held: HeldLock, change: EntryChange): Promise<Outcome> {
    if (change.kind === 'keep') return 'done';
    return this.change(held.acquisition.key, (stored) => this.#released(held, change, stored));
  }

  /** The text of a session that goes on under another key. */
  async merged(held: HeldLock, text: string): Promise<string> {
    const found = entryState(await this.load(held.acquisition.key), this.parts.now());
    return found.state === 'live' ? this.#merged(held, text, found.content) : text;
  }

  /**
   * Changes of one entry are made one after another. A change may go on after its request got 503, and may still write then:
   * the next one waits for its end, so that a late write never replaces an acknowledged one. Requests that only read, and
   * those of other entries, do not wait.
   */
  protected async change<T>(key: string, decide: Decide<T>, known?: Known): Promise<T> {
    while (this.#pending.has(key)) await this.#settled(key);
    const changed = this.#changed(key, decide, known);
    const end = () => void this.#pending.delete(key);
    this.#pending.set(key, { since: performance.now(), ended: changed.then(end, end) });
    return changed;
  }

  protected override isChanging(key: string): boolean {
    return this.#pending.has(key);
  }

  /** Waits until no change of an entry is pending. A change that is past its time limit is a Problem. */
  async #settled(key: string): Promise<void> {
    for (let last = this.#pending.get(key); last !== undefined; last = this.#pending.get(key)) {
      const age = performance.now() - last.since;
      if (age >= CALL_TIMEOUT_MS) throw stillPending(age);
      await last.ended;
    }
  }

  async #changed<T>(key: string, decide: Decide<T>, known: Known | undefined): Promise<T> {
    const stored = known === undefined ? await this.stored(key) : known.entry;
    const decision = decide(stored);
    if ('unchanged' in decision) return decision.unchanged;
    await this.#put(key, stored, decision.after);
    return decision.result;
  }

  async #put(key: string, before: StoreEntry | undefined, after: StoreEntry | undefined): Promise<void> {
    const { store } = this.parts;
    if (after === undefined) await this.foreign.ask('delete', () => store.delete(key));
    else if (store.touch === undefined || after.text !== before?.text)
      await this.foreign.ask('save', () => store.save(key, after));
    else await this.foreign.ask('touch', () => store.touch?.(key, after));
  }

  #released(
    held: HeldLock,
    change: Exclude<EntryChange, { kind: 'keep' }>,
    stored: StoreEntry | undefined,
  ): Decision<Outcome> {
    const there = this.read(stored);
    const found = entryState(there, this.parts.now());
    if (change.kind === 'remove') {
      // Another process may have put a sound entry in place of a damaged one.
      return there?.text === held.entry?.text ? { after: undefined, result: 'done' } : { unchanged: 'lost' };
    }
    if (change.kind === 'touch') {
      return stored === undefined || found.state !== 'live'
        ? { unchanged: 'gone' }
        : { after: { text: stored.text, deadline: change.deadline }, result: 'done' };
    }
    const { entry, replaces } = change;
    const isContent = entryState(entry, this.parts.now()).state === 'live';
    if (found.state !== 'live' && (replaces || (isContent && found.state !== 'absent')))
      return { unchanged: 'gone' };
    const isMerged = isContent && found.state === 'live';
    const text = isMerged ? this.#merged(held, entry.text, found.content) : entry.text;
    return { after: this.written({ text, deadline: entry.deadline }), result: 'done' };
  }

  /** A page's text with the changes that another process has made since the entry was loaded. */
  #merged({ entry, acquisition }: HeldLock, text: string, theirs: string): string {
    const base = entryState(entry, this.parts.now());
    const merged = mergedRecordText(base.state === 'live' ? base.content : undefined, text, theirs);
    for (const attribute of merged.conflicts) {
      const change = `page '${acquisition.page}' changed session attribute '${attribute}'`;
      this.parts.log('warn', `${change} over another process's change`);
    }
    return merged.text;
  }
}

function stillPending(age: number): Problem {
  const seconds = Math.round(age / 1000);
  const reason = `the last change of this session has been under way for ${seconds} s and has not ended`;
  return new Problem('session-store-unavailable', { params: { reason } });
}
