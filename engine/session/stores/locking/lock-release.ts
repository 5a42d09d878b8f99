// The change of a session as changes of entries. Every change releases the lock.

import type { Change, EntryState, MaybePromise, Outcome } from '../../session-store.ts';
import type { DriverCalls } from './driver-calls.ts';
import type { HeldLocks } from './held-locks.ts';
import type { DriverEntry, EntryChange, HeldLock, StoreDriver } from './store-driver.ts';
import { entryState, isExpired, tombstone } from './tombstone.ts';

/** How long an operator can look at an entry in quarantine. */
const QUARANTINE_MS = 30 * 86_400_000;

interface ReleaseParts {
  readonly driver: StoreDriver;
  readonly calls: DriverCalls;
  readonly locks: HeldLocks;
  readonly now: () => number;
}

export class LockRelease {
  readonly #parts: ReleaseParts;

  constructor(parts: ReleaseParts) {
    this.#parts = parts;
  }

  /** Makes a change if the lock is still held, and releases the lock. `state`: the state that the request has seen. */
  async make(held: HeldLock, state: EntryState<string>, change: Change<string>): Promise<Outcome> {
    switch (change.kind) {
      case 'keep':
        return this.#release(held, change);
      case 'create':
        return this.#put(held, { text: change.content, deadline: change.deadline }, false);
      case 'retire':
        return this.#bury(held, 'retired', change.until);
      case 'remove':
        return this.#bury(held, 'removed', change.until);
      case 'quarantine':
        return this.#quarantine(held);
      default:
        return this.#changeLive(held, state, change);
    }
  }

  /** Creates an entry without a lock. Returns false if there is one already. */
  add(key: string, entry: DriverEntry): Promise<boolean> {
    const { driver, calls } = this.#parts;
    return calls.make('add', key, () => driver.add(key, entry), 'writable');
  }

  /** An entry that is not live any more is left alone. */
  async #changeLive(
    held: HeldLock,
    state: EntryState<string>,
    change: Extract<Change<string>, { kind: 'touch' | 'write' | 'move' }>,
  ): Promise<Outcome> {
    if (!(await this.#isLive(held.acquisition.key, state))) {
      await this.#release(held, { kind: 'keep' });
      return 'gone';
    }
    if (change.kind === 'touch') return this.#release(held, change);
    if (change.kind === 'move') return this.#move(held, change);
    return this.#put(held, { text: change.content, deadline: change.deadline }, true);
  }

  /** A request that only reads moves deadlines without the lock, so an entry that seems to have expired is read again. */
  async #isLive(key: string, state: EntryState<string>): Promise<boolean> {
    if (state.state !== 'live') return false;
    const { driver, calls, now } = this.#parts;
    if (!isExpired(state.deadline, now())) return true;
    return entryState(await calls.make('load', key, () => driver.load(key)), now()).state === 'live';
  }

  #put(held: HeldLock, entry: DriverEntry, replaces: boolean): Promise<Outcome> {
    return this.#release(held, { kind: 'put', entry, replaces });
  }

  #release(held: HeldLock, change: EntryChange): Promise<Outcome> {
    const { driver, locks } = this.#parts;
    const proof = change.kind === 'put' ? 'writable' : 'readable';
    return locks.release(held, () => driver.release(held, change), proof);
  }

  /** A tombstone is put also if the store has lost the entry meanwhile. */
  async #bury(held: HeldLock, reason: 'retired' | 'removed', until: number): Promise<Outcome> {
    const entry = tombstone(reason, this.#parts.now(), until);
    const outcome = await this.#put(held, entry, false);
    if (outcome !== 'gone') return outcome;
    await this.add(held.acquisition.key, entry);
    return 'done';
  }

  /**
   * The new entry is created first, because no request knows its key until the old entry is a tombstone. If the tombstone cannot
   * be put, the new entry is removed.
   */
  async #move(
    held: HeldLock,
    { to, content, deadline, until }: Extract<Change<string>, { kind: 'move' }>,
  ): Promise<Outcome> {
    const { driver, calls, locks, now } = this.#parts;
    try {
      await this.add(to, { text: await this.#merged(held, content), deadline });
    } catch (error) {
      await locks.giveBack(held);
      throw error;
    }
    const outcome = await this.#put(held, tombstone('retired', now(), until), true);
    if (outcome !== 'done') await calls.make('remove', to, () => driver.remove(to));
    return outcome;
  }

  #merged(held: HeldLock, text: string): MaybePromise<string> {
    const { driver, calls } = this.#parts;
    if (driver.merged === undefined) return text;
    return calls.make('load', held.acquisition.key, () => driver.merged?.(held, text) ?? text);
  }

  async #quarantine(held: HeldLock): Promise<Outcome> {
    const { driver, calls, locks, now } = this.#parts;
    const key = `${held.acquisition.key}.damaged`;
    const deadline = now() + QUARANTINE_MS;
    const { quarantine } = driver;
    if (quarantine !== undefined)
      return locks.release(held, () => quarantine.call(driver, held, key, deadline), 'writable');
    await calls.make('remove', key, () => driver.remove(key));
    await this.add(key, { text: held.entry?.text ?? '', deadline });
    return this.#release(held, { kind: 'remove' });
  }
}
