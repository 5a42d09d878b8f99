// A session store over a driver. It acquires locks, waits for them, and reads, lists and sweeps entries; its neighbours make the
// driver's calls (driver-calls.ts), and renew leases and make changes (held-locks.ts).

import { randomBytes } from 'node:crypto';
import type { Problem } from '../../../diagnostics/problem.ts';
import { lockedProblem } from '../../lock/lock-queues.ts';
import { isUnavailable } from '../../session-errors.ts';
import type {
  EntryState,
  ListedEntry,
  LockRequest,
  MaybePromise,
  SessionStore,
  StoreLock,
} from '../../session-store.ts';
import type { SessionsEnvironment } from '../../session-types.ts';
import { DriverCalls, pauseBeforeRetry } from './driver-calls.ts';
import { HeldLocks } from './held-locks.ts';
import type { AcquireResult, Acquisition, HeldLock, StoreDriver } from './store-driver.ts';
import { StoreSecret } from './store-secret.ts';
import { entryState, isExpired } from './tombstone.ts';

/** How long a request waits for a hand-over before it asks again: the message may be lost, or the holder dead. */
const HANDOVER_MS = 120;

/** The keys of sessions. Entries with other keys (the secret, forms, quarantine) are not listed. */
const SESSION_KEY = /^[0-9a-f]{64}$/;
const SWEEP_KEY = 'sweep';
const SWEEP_PAGE = 'the sweep of sessions';

/** The lock of a key without an entry, where none is created: no other request has to wait for it. */
const NO_LOCK: StoreLock<string> = {
  entry: { state: 'absent' },
  release: (change) => (change.kind === 'keep' ? 'done' : 'gone'),
};

export class LockingStore implements SessionStore<string> {
  readonly serialized = true;
  readonly #driver: StoreDriver;
  readonly #now: () => number;
  readonly #calls: DriverCalls;
  readonly #locks: HeldLocks;
  readonly #secret: StoreSecret;
  readonly #processName: string;
  #acquisitions = 0;
  #sweepLock: HeldLock | undefined;

  /** @param shown the name of the store for messages, without password */
  constructor(driver: StoreDriver, shown: string, { log, now = Date.now }: SessionsEnvironment) {
    this.#driver = driver;
    this.#now = now;
    this.#processName = driver.processName ?? randomBytes(12).toString('base64url');
    this.#calls = new DriverCalls({
      driver,
      shown,
      log,
      agreeOnSecret: () => this.#secret.agree(),
      onAvailable: () => this.#locks.repeatUnanswered(),
    });
    this.#locks = new HeldLocks(driver, this.#calls, now);
    this.#secret = new StoreSecret(driver, this.#calls);
  }

  get lock(): StoreDriver['lock'] {
    return this.#driver.lock;
  }

  get secret(): Uint8Array {
    return this.#secret.value;
  }

  get sweepSteps(): number {
    return this.#driver.sweepSteps ?? 1;
  }

  get sweepLimit(): number | undefined {
    return this.#driver.sweepLimit;
  }

  get removesExpired(): boolean {
    return this.#driver.sweep === undefined;
  }

  /** Reaches the store. A site starts without one that is unavailable; any other Problem closes the store and is thrown. */
  async open(): Promise<void> {
    try {
      await this.#secret.open();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async acquire(key: string, request: LockRequest): Promise<StoreLock<string>> {
    const mayCreate = request.mayCreate !== false;
    // An id is fresh only by the secret that the store has now.
    const checked = mayCreate ? this.#secret.checkInThisTurn() : undefined;
    const held = await this.#acquire(this.#acquisition(key, request.page, mayCreate), request);
    if (checked !== undefined) await checked;
    if (held === undefined) return NO_LOCK;
    this.#locks.add(held);
    const found = entryState(held.entry, this.#now());
    return { entry: found, release: (change) => this.#locks.change(held, found, change) };
  }

  async read(key: string): Promise<EntryState<string>> {
    return entryState(await this.#calls.make('load', key, () => this.#driver.load(key)), this.#now());
  }

  async touch(key: string, deadline: number, from: number): Promise<boolean> {
    if (isExpired(from, this.#now())) return false;
    return this.#calls.make('touch', key, () => this.#driver.touch(key, deadline, from));
  }

  async create(key: string, text: string, deadline: number): Promise<void> {
    await this.#calls.add(key, { text, deadline });
  }

  async *list(beginning = ''): AsyncGenerator<ListedEntry<string>> {
    try {
      for await (const { key, entry, size } of this.#driver.list(beginning)) {
        const isLive = entryState(entry, this.#now()).state === 'live';
        if (!SESSION_KEY.test(key) || !isLive) continue;
        const { text: content, deadline } = entry;
        yield { key, content, deadline, size: size ?? Buffer.byteLength(content) };
      }
    } catch (error) {
      throw this.#calls.problemForAll(error, 'list');
    }
  }

  size(): MaybePromise<number | undefined> {
    return this.#driver.size?.();
  }

  /** If a sweep reads every entry, the process with this lock sweeps until it closes or dies. */
  async acquireSweepLock(): Promise<boolean> {
    if (this.#driver.sweepsAlone !== true || this.#sweepLock !== undefined) return true;
    const result = await this.#ask(this.#acquisition(SWEEP_KEY, SWEEP_PAGE, true));
    if (result.kind !== 'held') return false;
    this.#sweepLock = result;
    this.#locks.add(result);
    return true;
  }

  /** A store that is unavailable has nothing to remove, and its outage is logged already. */
  async sweep(step: number, signal?: AbortSignal): Promise<number> {
    try {
      return await (this.#driver.sweep?.(step, this.#now(), signal) ?? this.#removeExpired(signal));
    } catch (error) {
      const problem = this.#calls.problemForAll(error, 'sweep');
      if (isUnavailable(problem)) return 0;
      throw problem;
    }
  }

  async close(): Promise<void> {
    this.#secret.close();
    this.#calls.close();
    if (this.#sweepLock !== undefined) await this.#locks.giveBack(this.#sweepLock);
    this.#locks.close();
    await this.#driver.close();
  }

  /** Removes entries that have expired by the clock of the site, and not yet by that of the system. */
  async #removeExpired(signal: AbortSignal | undefined): Promise<number> {
    let removed = 0;
    for await (const { key, entry } of this.#driver.list('')) {
      if (signal?.aborted) break;
      if (isExpired(entry.deadline, this.#now()) && (await this.#removeIfExpired(key))) removed++;
    }
    return removed;
  }

  /** A locked entry is left alone. */
  async #removeIfExpired(key: string): Promise<boolean> {
    const acquisition = this.#acquisition(key, SWEEP_PAGE, false);
    const result = await this.#ask(acquisition);
    if (result.kind === 'taken') this.#locks.cancel(acquisition);
    if (result.kind !== 'held') return false;
    const isLate = result.entry !== undefined && isExpired(result.entry.deadline, this.#now());
    return (await this.#locks.release(result, { kind: isLate ? 'remove' : 'keep' })) === 'done' && isLate;
  }

  #acquisition(key: string, pageName: string, mayCreate: boolean): Acquisition {
    const page = pageName.replaceAll('\0', '');
    return { key, token: `${this.#processName}:${++this.#acquisitions}`, page, mayCreate };
  }

  /** Waits for a lock; undefined if none is needed. The queue of the process lets only one request at a time ask for a key. */
  async #acquire(acquisition: Acquisition, request: LockRequest): Promise<HeldLock | undefined> {
    const until = performance.now() + (request.timeoutSeconds - (request.waitedSeconds ?? 0)) * 1000;
    try {
      for (let tries = 0; ; tries++) {
        const result = await this.#ask(acquisition);
        if (result.kind !== 'taken') return result.kind === 'held' ? result : undefined;
        const left = until - performance.now();
        if (left <= 0) throw lockedBy(result, request);
        const held = await this.#wait(acquisition, request, left, tries);
        if (held !== undefined) return held;
      }
    } catch (error) {
      this.#locks.cancel(acquisition);
      throw error;
    }
  }

  async #wait(
    acquisition: Acquisition,
    { signal }: LockRequest,
    left: number,
    tries: number,
  ): Promise<HeldLock | undefined> {
    if (this.#driver.awaitHandover !== undefined)
      return this.#driver.awaitHandover(acquisition, Math.min(HANDOVER_MS, left), signal);
    await pauseBeforeRetry(tries, signal);
    return undefined;
  }

  /** Asks for a lock once. If the driver cannot cancel, a lock that arrives after the time limit is released. */
  async #ask(acquisition: Acquisition): Promise<AcquireResult> {
    let asked: MaybePromise<AcquireResult> | undefined;
    const acquire = () => {
      asked = this.#driver.acquire(acquisition);
      return asked;
    };
    try {
      return await this.#calls.make('acquire', acquisition.key, acquire);
    } catch (error) {
      if (this.#driver.cancel === undefined && asked instanceof Promise) void this.#giveBackLate(asked);
      throw error;
    }
  }

  async #giveBackLate(asked: Promise<AcquireResult>): Promise<void> {
    const result = await asked.catch(() => undefined);
    if (result?.kind === 'held') await this.#locks.giveBack(result);
  }
}

function lockedBy(
  taken: Extract<AcquireResult, { kind: 'taken' }>,
  { timeoutSeconds, page }: LockRequest,
): Problem {
  return lockedProblem(timeoutSeconds, taken.page ?? page, taken.held_ms ?? timeoutSeconds * 1000);
}
