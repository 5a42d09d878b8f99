// The driver of stores that cannot compare. The queue of this process is their only lock (queues.ts). The newest entry is loaded
// right before a save, and what another process changed in it is merged, attribute by attribute: between the two remains a
// moment in which the last write wins.

import { mergedRecordText } from '../../request/merged-text.ts';
import type { Outcome } from '../../session-store.ts';
import {
  type AcquireResult,
  type Acquisition,
  type DriverEntry,
  type EntryChange,
  type HeldLock,
  SECRET_KEY,
  type StoreDriver,
} from '../locking/store-driver.ts';
import { foundIn } from '../locking/tombstone.ts';
import { EntryDriver, type EntryDriverParts } from './entry-driver.ts';
import type { PlainEntryStore, StoreEntry } from './entry-store.ts';
import { LateChanges } from './late-changes.ts';

/** A store may give a deadline a little differently each time. */
const TOLERANCE_MS = 1000;

/** Locks reach as far as this process, or nowhere. */
export class PlainDriver extends EntryDriver<PlainEntryStore> implements StoreDriver {
  readonly lock: PlainEntryStore['lock'];
  readonly #changes = new LateChanges();

  constructor(parts: EntryDriverParts<PlainEntryStore>) {
    super(parts);
    this.lock = parts.store.lock;
  }

  async acquire(acquisition: Acquisition): Promise<AcquireResult> {
    await this.#changes.ended(acquisition.key);
    const entry = await this.load(acquisition.key);
    if (entry === undefined && !acquisition.mayCreate) return { kind: 'absent' };
    return { kind: 'held', acquisition, entry, fence: undefined };
  }

  async release(held: HeldLock, change: EntryChange): Promise<Outcome> {
    if (change.kind === 'keep') return 'done';
    const { key } = held.acquisition;
    return this.#changes.make(key, async () => {
      const there = await this.load(key);
      if (change.kind === 'put') return this.#put(held, change, there);
      if (change.kind === 'touch') return this.#prolong(key, change.deadline, there);
      if (there?.text !== held.entry?.text) return 'lost';
      await this.#delete(key);
      return 'done';
    });
  }

  /** What goes on under another key. */
  async merged(held: HeldLock, text: string): Promise<string> {
    const found = foundIn(await this.load(held.acquisition.key), this.parts.now());
    return found.state === 'live' ? this.#merged(held, text, found.content) : text;
  }

  /** Other keys are new when they are added; a secret may be there that another process has put. */
  add(key: string, entry: DriverEntry): Promise<boolean> {
    return this.#changes.make(key, async () => {
      if (key === SECRET_KEY && (await this.load(key)) !== undefined) return false;
      await this.#save(key, entry);
      return true;
    });
  }

  touch(key: string, deadline: number, from: number): Promise<boolean> {
    return this.#changes.make(key, async () => {
      const there = await this.load(key);
      if (there === undefined || Math.abs(there.deadline - from) > TOLERANCE_MS) return false;
      return (await this.#prolong(key, deadline, there)) === 'done';
    });
  }

  remove(key: string): Promise<void> {
    return this.#changes.make(key, () => this.#delete(key));
  }

  protected async removeListed(key: string, kept: StoreEntry): Promise<boolean> {
    if (this.#changes.has(key)) return false;
    return this.#changes.make(key, async () => {
      const there = await this.kept(key);
      if (there?.text !== kept.text || there.deadline !== kept.deadline) return false;
      await this.#delete(key);
      return true;
    });
  }

  async #put(
    held: HeldLock,
    { entry, replaces }: Extract<EntryChange, { kind: 'put' }>,
    there: DriverEntry | undefined,
  ): Promise<Outcome> {
    const now = this.parts.now();
    const found = foundIn(there, now);
    const begins = foundIn(entry, now).state === 'live';
    if (found.state !== 'live' && (replaces || (begins && found.state !== 'absent'))) return 'gone';
    const isMerged = begins && found.state === 'live';
    const text = isMerged ? this.#merged(held, entry.text, found.content) : entry.text;
    const after = { text, deadline: entry.deadline };
    if (text === there?.text) await this.#touch(held.acquisition.key, after);
    else await this.#save(held.acquisition.key, after);
    return 'done';
  }

  async #prolong(key: string, deadline: number, there: DriverEntry | undefined): Promise<Outcome> {
    if (there === undefined || foundIn(there, this.parts.now()).state !== 'live') return 'gone';
    await this.#touch(key, { text: there.text, deadline });
    return 'done';
  }

  /** A page's text, with what another process did to the entry since it was loaded. */
  #merged({ entry, acquisition }: HeldLock, text: string, theirs: string): string {
    const base = foundIn(entry, this.parts.now());
    const merged = mergedRecordText(base.state === 'live' ? base.content : undefined, text, theirs);
    for (const attribute of merged.conflicts) {
      const change = `page '${acquisition.page}' changed session attribute '${attribute}'`;
      this.parts.log('warn', `${change} over another process's change`);
    }
    return merged.text;
  }

  async #save(key: string, entry: DriverEntry): Promise<void> {
    await this.foreign.ask('save', () => this.parts.store.save(key, this.written(entry)));
  }

  /** Only the deadline differs. */
  async #touch(key: string, entry: DriverEntry): Promise<void> {
    const { store } = this.parts;
    if (store.touch === undefined) return this.#save(key, entry);
    await this.foreign.ask('touch', () => store.touch?.(key, this.written(entry)));
  }

  async #delete(key: string): Promise<void> {
    await this.foreign.ask('delete', () => this.parts.store.delete(key));
  }
}
