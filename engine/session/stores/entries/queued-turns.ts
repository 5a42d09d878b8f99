// Turns over a store that cannot compare and set. The queue of this process (turns.ts) lets one request at a time have a
// session. What another process has written meanwhile is seen by a load right before the save, and merged attribute by
// attribute: between the two remains a moment in which the last write wins. Recipe 3g.

import { isAway } from '../../away.ts';
import type { SessionsEnvironment } from '../../face.ts';
import { mergedText } from '../../merged-text.ts';
import type { Change, Claim, Outcome, StoreTurn } from '../../store.ts';
import { Turns } from '../../turns.ts';
import type { AskedPlainStore } from './asked-store.ts';
import type { StoreEntry } from './entry-store.ts';
import { type EntryTurns, setAside } from './entry-turns.ts';
import { entryAfter, entryOf, isSameEntry, type Kept, keptIn } from './kept.ts';

/** Seconds that a short change may wait for another one of the same key. */
const PATIENCE = 10;

/** What such turns are made of. */
export interface QueuedTurnsParts {
  readonly store: AskedPlainStore;
  readonly now: () => number;
  readonly log: SessionsEnvironment['log'];
}

/** Takes turns that reach as far as this process. */
export class QueuedTurns implements EntryTurns {
  readonly #parts: QueuedTurnsParts;
  /** Short changes of one key, one after another: a deadline is also moved by those who have no turn. */
  readonly #changes: Turns;

  constructor(parts: QueuedTurnsParts) {
    this.#parts = parts;
    this.#changes = new Turns(parts.now);
  }

  async take(key: string, { page }: Claim): Promise<StoreTurn<string>> {
    await this.#parts.store.settled(key);
    const kept = await this.#read(key);
    return { found: kept.found, commit: (change) => this.#commit(key, kept, change, page) };
  }

  touch(key: string, deadline: number): Promise<boolean> {
    return this.#alone(key, async () => {
      const { entry, found } = await this.#read(key);
      if (entry === undefined || found.state !== 'live') return false;
      await this.#parts.store.touch(key, { text: entry.text, deadline });
      return true;
    });
  }

  async swap(key: string, before: StoreEntry | undefined, after: StoreEntry | undefined): Promise<boolean> {
    return this.#alone(key, async () => {
      const there = await this.#parts.store.load(key);
      if (isSameEntry(there, before)) await this.#change(key, there, after);
      return isSameEntry(there, before);
    });
  }

  put(key: string, entry: StoreEntry): Promise<void> {
    return this.#alone(key, () => this.#parts.store.save(key, entry));
  }

  close(): void {}

  async #commit(key: string, base: Kept, change: Change<string>, page: string): Promise<Outcome> {
    if (change.kind === 'keep') return 'done';
    return this.#alone(key, async () => {
      const there = await this.#read(key);
      const merged = this.#merged(change, base, there, page);
      const after = entryAfter(merged, there);
      if (after === 'gone') return 'gone';
      if (merged.kind === 'move') await this.put(merged.to, entryOf(merged.content, merged.deadline));
      if (merged.kind === 'set-aside' && there.entry !== undefined) {
        const aside = setAside(key, there.entry.text, this.#parts.now());
        await this.#parts.store.save(aside.key, aside.entry);
      }
      await this.#change(key, there.entry, after);
      return 'done';
    });
  }

  /** The change, with what another process did to the entry since it was read. */
  #merged(change: Change<string>, base: Kept, there: Kept, page: string): Change<string> {
    if (change.kind !== 'write' && change.kind !== 'create' && change.kind !== 'move') return change;
    if (there.found.state !== 'live') return change;
    const loaded = base.found.state === 'live' ? base.found.content : undefined;
    const { text, conflicts } = mergedText(loaded, change.content, there.found.content);
    for (const attribute of conflicts) {
      this.#parts.log(
        'warn',
        `page '${page}' changed session attribute '${attribute}' over another process's change`,
      );
    }
    return { ...change, content: text };
  }

  async #change(key: string, there: StoreEntry | undefined, after: StoreEntry | undefined): Promise<void> {
    const { store } = this.#parts;
    if (after === undefined) return there === undefined ? undefined : store.delete(key);
    return after.text === there?.text ? store.touch(key, after) : store.save(key, after);
  }

  async #read(key: string): Promise<Kept> {
    return keptIn(await this.#parts.store.load(key), this.#parts.now());
  }

  async #alone<T>(key: string, change: () => Promise<T>): Promise<T> {
    const place = await this.#changes.take(key, { page: 'a change of its session', patience: PATIENCE });
    let result: T;
    try {
      await this.#parts.store.settled(key);
      result = await change();
    } catch (error) {
      if (isAway(error)) place.fail(error);
      else place.release();
      throw error;
    }
    place.release();
    return result;
  }
}
