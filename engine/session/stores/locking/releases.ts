// The end of a lock: what the change of a session means for entries. Every way releases the lock.

import { isUnavailable } from '../../session-errors.ts';
import type { Change, EntryState, MaybePromise, Outcome } from '../../session-store.ts';
import type { DriverCalls } from './driver-calls.ts';
import type { Leases } from './leases.ts';
import type { Shown } from './server-availability.ts';
import type { DriverEntry, EntryChange, HeldLock, StoreDriver } from './store-driver.ts';
import { foundIn, isExpired, tombstone } from './tombstone.ts';

const QUARANTINE_MS = 30 * 86_400_000;

type Move = Extract<Change<string>, { kind: 'move' }>;

/** What changes are made with. */
interface ReleasesParts {
  readonly driver: StoreDriver;
  readonly calls: DriverCalls;
  readonly leases: Leases;
  readonly now: () => number;
}

/** Releases the locks of one store. */
export class Releases {
  readonly #parts: ReleasesParts;

  constructor(parts: ReleasesParts) {
    this.#parts = parts;
  }

  /** Makes a change, if the lock is still ours, and releases it. `found`: what the request knows of the entry. */
  async release(held: HeldLock, found: EntryState<string>, change: Change<string>): Promise<Outcome> {
    this.#parts.leases.delete(held);
    switch (change.kind) {
      case 'keep':
        return this.#end(held, change);
      case 'create':
        return this.#put(held, { text: change.content, deadline: change.deadline }, false);
      case 'retire':
        return this.#bury(held, 'retired', change.until);
      case 'remove':
        return this.#bury(held, 'removed', change.until);
      case 'quarantine':
        return this.#quarantine(held);
      default:
        return this.#changeLive(held, found, change);
    }
  }

  /** Releases the lock without a change; its failure tells nothing new. */
  async giveBack(held: HeldLock): Promise<void> {
    const { driver, calls } = this.#parts;
    try {
      await calls.probe(() => driver.release(held, { kind: 'keep' }), 'release', held.acquisition.key);
    } catch {}
  }

  add(key: string, entry: DriverEntry): Promise<boolean> {
    const add = () => this.#parts.driver.add(key, entry);
    return this.#parts.calls.make(add, { method: 'add', key, isRepeatable: true, shows: 'writes' });
  }

  /** An entry that is not live any more is left alone. */
  async #changeLive(
    held: HeldLock,
    found: EntryState<string>,
    change: Extract<Change<string>, { kind: 'touch' | 'write' | 'move' }>,
  ): Promise<Outcome> {
    if (!(await this.#isLive(held.acquisition.key, found))) {
      await this.#end(held, { kind: 'keep' });
      return 'gone';
    }
    if (change.kind === 'touch') return this.#end(held, change);
    if (change.kind === 'move') return this.#move(held, change);
    return this.#put(held, { text: change.content, deadline: change.deadline }, true);
  }

  /** Found live, and not expired since then: a request that only reads may have moved the deadline meanwhile. */
  async #isLive(key: string, found: EntryState<string>): Promise<boolean> {
    if (found.state !== 'live') return false;
    const { driver, calls, now } = this.#parts;
    if (!isExpired(found.deadline, now())) return true;
    const entry = await calls.make(() => driver.load(key), { method: 'load', key, isRepeatable: true });
    return foundIn(entry, now()).state === 'live';
  }

  #put(held: HeldLock, entry: DriverEntry, replaces: boolean): Promise<Outcome> {
    return this.#end(held, { kind: 'put', entry, replaces });
  }

  #end(held: HeldLock, change: EntryChange): Promise<Outcome> {
    const shows = change.kind === 'put' ? 'writes' : 'reads';
    return this.#ending(held, () => this.#parts.driver.release(held, change), shows);
  }

  async #ending(held: HeldLock, release: () => MaybePromise<Outcome>, shows: Shown): Promise<Outcome> {
    try {
      const { key } = held.acquisition;
      return await this.#parts.calls.make(release, { method: 'release', key, shows });
    } catch (error) {
      if (isUnavailable(error)) this.#parts.leases.noteUnreleased(held);
      else await this.giveBack(held);
      throw error;
    }
  }

  /** A tombstone stands also where the store has lost the entry meanwhile. */
  async #bury(held: HeldLock, reason: 'retired' | 'removed', until: number): Promise<Outcome> {
    const entry = tombstone(reason, this.#parts.now(), until);
    const outcome = await this.#put(held, entry, false);
    if (outcome !== 'gone') return outcome;
    await this.add(held.acquisition.key, entry);
    return 'done';
  }

  /**
   * The new entry comes first: nobody knows its key until the old one is retired. It is removed again where the old one could
   * not be retired.
   */
  async #move(held: HeldLock, { to, content, deadline, until }: Move): Promise<Outcome> {
    const { driver, calls, now } = this.#parts;
    try {
      await this.add(to, { text: await this.#merged(held, content), deadline });
    } catch (error) {
      await this.giveBack(held);
      throw error;
    }
    const outcome = await this.#put(held, tombstone('retired', now(), until), true);
    if (outcome !== 'done') await calls.make(() => driver.remove(to), { method: 'remove', key: to });
    return outcome;
  }

  #merged(held: HeldLock, text: string): MaybePromise<string> {
    const { driver, calls } = this.#parts;
    const { merged } = driver;
    if (merged === undefined) return text;
    const { key } = held.acquisition;
    return calls.make(() => merged.call(driver, held, text), { method: 'load', key, isRepeatable: true });
  }

  /** What cannot be read is kept for a time where an operator finds it. */
  async #quarantine(held: HeldLock): Promise<Outcome> {
    const { driver, calls, now } = this.#parts;
    const key = `${held.acquisition.key}.damaged`;
    const deadline = now() + QUARANTINE_MS;
    const { quarantine } = driver;
    if (quarantine !== undefined)
      return this.#ending(held, () => quarantine.call(driver, held, key, deadline), 'writes');
    await calls.make(() => driver.remove(key), { method: 'remove', key });
    await this.add(key, { text: held.entry?.text ?? '', deadline });
    return this.#end(held, { kind: 'remove' });
  }
}
