// The locks that this process holds. Every change of a session releases its lock. The leases are renewed each second, so that only the
// locks of dead processes expire. A lock whose release got no answer is released again when its server is available, so that no
// request waits for the end of the lease.

import { isUnavailable } from '../../session-errors.ts';
import type { Change, EntryState, MaybePromise, Outcome } from '../../session-store.ts';
import type { DriverCalls } from './driver-calls.ts';
import type { Proof } from './server-availability.ts';
import {
  type Acquisition,
  type DriverEntry,
  type EntryChange,
  type HeldLock,
  LEASE_MS,
  type StoreDriver,
} from './store-driver.ts';
import { entryState, isExpired, tombstone } from './tombstone.ts';

const RENEW_MS = 1000;

/** How long an operator can look at an entry in quarantine. */
const QUARANTINE_MS = 30 * 86_400_000;

export class HeldLocks {
  readonly #driver: StoreDriver;
  readonly #calls: DriverCalls;
  readonly #now: () => number;
  /** When each lock was added, by performance.now(). */
  readonly #held = new Map<HeldLock, number>();
  /** Releases and cancellations without an answer, while the lease may last. */
  readonly #unanswered = new Set<() => MaybePromise<unknown>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(driver: StoreDriver, calls: DriverCalls, now: () => number) {
    this.#driver = driver;
    this.#calls = calls;
    this.#now = now;
  }

  add(held: HeldLock): void {
    if (this.#driver.renew === undefined) return;
    this.#held.set(held, performance.now());
    this.#timer ??= setInterval(() => void this.#renew(), RENEW_MS).unref();
  }

  /** Makes the change of a session if the lock is still held, and releases it. `state`: the state that the request has seen. */
  change(held: HeldLock, state: EntryState<string>, change: Change<string>): Promise<Outcome> {
    switch (change.kind) {
      case 'keep':
        return this.release(held, change);
      case 'create':
        return this.#put(held, { text: change.content, deadline: change.deadline }, false);
      case 'retire':
        return this.#bury(held, 'retired', change.until);
      case 'remove':
        return this.#bury(held, 'removed', change.until);
      case 'quarantine':
        return this.#quarantine(held);
      default:
        return this.#isLive(state) ? this.#changeLive(held, change) : this.#changeIfLive(held, state, change);
    }
  }

  /** Changes the entry and releases the lock in one call. If that fails, the lock is released without the change. */
  release(held: HeldLock, change: EntryChange): Promise<Outcome> {
    const proof = change.kind === 'put' ? 'writable' : 'readable';
    return this.#releaseBy(held, () => this.#driver.release(held, change), proof);
  }

  /** Releases a lock without a change. Its failure is ignored, because the lease expires. */
  async giveBack(held: HeldLock): Promise<void> {
    this.#held.delete(held);
    const release = () => this.#driver.release(held, { kind: 'keep' });
    await this.#calls.makeOnce('release', held.acquisition.key, release).catch(() => undefined);
  }

  /** Cancels an acquisition, now or when its server is available again. */
  cancel(acquisition: Acquisition): void {
    if (this.#driver.cancel === undefined) return;
    const cancel = () => this.#driver.cancel?.(acquisition);
    this.#repeatLater(cancel);
    void this.#repeat(cancel);
  }

  /** Repeats the calls without an answer. */
  repeatUnanswered(): void {
    for (const call of this.#unanswered) void this.#repeat(call);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #isLive(state: EntryState<string>): boolean {
    return state.state === 'live' && !isExpired(state.deadline, this.#now());
  }

  /** A request that only reads moves deadlines without the lock, so an entry that seems to have expired is read again. */
  async #changeIfLive(held: HeldLock, state: EntryState<string>, change: LiveChange): Promise<Outcome> {
    const { key } = held.acquisition;
    const load = () => this.#driver.load(key);
    const wasLive = state.state === 'live';
    if (wasLive && this.#isLive(entryState(await this.#calls.make('load', key, load), this.#now())))
      return this.#changeLive(held, change);
    await this.release(held, { kind: 'keep' });
    return 'gone';
  }

  #changeLive(held: HeldLock, change: LiveChange): Promise<Outcome> {
    if (change.kind === 'touch') return this.release(held, change);
    if (change.kind === 'move') return this.#move(held, change);
    return this.#put(held, { text: change.content, deadline: change.deadline }, true);
  }

  #put(held: HeldLock, entry: DriverEntry, replaces: boolean): Promise<Outcome> {
    return this.release(held, { kind: 'put', entry, replaces });
  }

  /** A tombstone is put also if the store has lost the entry meanwhile. */
  async #bury(held: HeldLock, reason: 'retired' | 'removed', until: number): Promise<Outcome> {
    const entry = tombstone(reason, this.#now(), until);
    const outcome = await this.#put(held, entry, false);
    if (outcome !== 'gone') return outcome;
    await this.#calls.add(held.acquisition.key, entry);
    return 'done';
  }

  /**
   * The new entry is created first, because no request knows its key until the old entry is a tombstone. If the tombstone cannot
   * be put, the new entry is removed.
   */
  async #move(held: HeldLock, { to, content, deadline, until }: Extract<LiveChange, { kind: 'move' }>) {
    try {
      await this.#calls.add(to, { text: await this.#merged(held, content), deadline });
    } catch (error) {
      await this.giveBack(held);
      throw error;
    }
    const outcome = await this.#put(held, tombstone('retired', this.#now(), until), true);
    if (outcome !== 'done') await this.#calls.make('remove', to, () => this.#driver.remove(to));
    return outcome;
  }

  #merged(held: HeldLock, text: string): MaybePromise<string> {
    const driver = this.#driver;
    if (driver.merged === undefined) return text;
    return this.#calls.make('load', held.acquisition.key, () => driver.merged?.(held, text) ?? text);
  }

  async #quarantine(held: HeldLock): Promise<Outcome> {
    const driver = this.#driver;
    const key = `${held.acquisition.key}.damaged`;
    const deadline = this.#now() + QUARANTINE_MS;
    const { quarantine } = driver;
    if (quarantine !== undefined)
      return this.#releaseBy(held, () => quarantine.call(driver, held, key, deadline), 'writable');
    await this.#calls.make('remove', key, () => driver.remove(key));
    await this.#calls.add(key, { text: held.entry?.text ?? '', deadline });
    return this.release(held, { kind: 'remove' });
  }

  async #releaseBy(held: HeldLock, call: () => MaybePromise<Outcome>, proof: Proof): Promise<Outcome> {
    this.#held.delete(held);
    try {
      return await this.#calls.make('release', held.acquisition.key, call, proof);
    } catch (error) {
      if (isUnavailable(error)) this.#repeatLater(() => this.#driver.release(held, { kind: 'keep' }));
      else await this.giveBack(held);
      throw error;
    }
  }

  /** A call is forgotten after LEASE_MS, because the lease has expired by then. */
  #repeatLater(call: () => MaybePromise<unknown>): void {
    this.#unanswered.add(call);
    setTimeout(() => this.#unanswered.delete(call), LEASE_MS).unref();
  }

  async #repeat(call: () => MaybePromise<unknown>): Promise<void> {
    if (await isDone(call)) this.#unanswered.delete(call);
  }

  async #renew(): Promise<void> {
    const before = performance.now() - RENEW_MS / 2;
    const due = [...this.#held].filter(([, since]) => since <= before).map(([held]) => held);
    if (due.length > 0) await isDone(() => this.#driver.renew?.(due));
    if (this.#held.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** A change that only a live entry gets. */
type LiveChange = Extract<Change<string>, { kind: 'touch' | 'write' | 'move' }>;

/** The failure of a renewal shows itself when the lock is released. */
async function isDone(call: () => MaybePromise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch {
    return false;
  }
}
