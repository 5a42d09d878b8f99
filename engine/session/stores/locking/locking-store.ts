// The engine of all stores that keep sessions outside the process: makes a session store of a driver. It owns what is the same
// for every system: waiting for a lock, leases, tombstones, moves, quarantine, the secret, time limits and outages.

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Problem } from '../../../diagnostics/problem.ts';
import { lockedProblem } from '../../lock/queues.ts';
import { isUnavailable } from '../../outages.ts';
import type { Found, LockRequest, MaybePromise, SessionStore, StoredEntry, StoreLock } from '../../store.ts';
import type { SessionsEnvironment } from '../../types.ts';
import { DriverCalls } from './driver-calls.ts';
import { Leases } from './leases.ts';
import { Releases } from './releases.ts';
import { pauseBeforeRetry } from './retry-pause.ts';
import {
  type AcquireResult,
  type Acquisition,
  type HeldLock,
  SECRET_KEY,
  type StoreDriver,
} from './store-driver.ts';
import { StoreSecret } from './store-secret.ts';
import { TimedOut } from './time-limit.ts';
import { foundIn, isExpired } from './tombstone.ts';

/** So long a site that starts waits for a store that refuses it, and for one that is silent: the machine may be busy. */
const REFUSED_MS = 1000;
const SILENT_MS = 5000;
const START_STEP_MS = 100;

/** How often the secret is looked at: the store may have been emptied. */
const LOOK_MS = 5000;

/** How often a request asks again whose lock may be handed over: the message may be lost, or the holder dead. */
const ASK_AGAIN_MS = 120;

const PAGE_LENGTH = 200;

/** Keys of sessions. Entries of other kinds have others, and are neither listed nor counted. */
const SESSION_KEY = /^[0-9a-f]{64}$/;
const SWEEP_KEY = 'sweep';

/** The lock of a key where nothing is and nothing begins: no other request has to wait for it. */
const NO_LOCK: StoreLock<string> = {
  found: { state: 'absent' },
  release: (change) => (change.kind === 'keep' ? 'done' : 'gone'),
};

/** Keeps texts through a driver. */
export class LockingStore implements SessionStore<string> {
  readonly keeps = 'text';
  readonly #driver: StoreDriver;
  readonly #now: () => number;
  readonly #leases: Leases;
  readonly #secret: StoreSecret;
  readonly #calls: DriverCalls;
  readonly #releases: Releases;
  readonly #process: string;
  #count = 0;
  #look: NodeJS.Timeout | undefined;
  #sweepLock: HeldLock | undefined;

  /** @param shown the store for people, without password */
  constructor(driver: StoreDriver, shown: string, { log, now = Date.now }: SessionsEnvironment) {
    this.#driver = driver;
    this.#process = driver.processName ?? randomBytes(12).toString('base64url');
    this.#now = now;
    this.#leases = new Leases(driver);
    this.#calls = new DriverCalls({ driver, shown, log, back: () => this.#back() });
    this.#secret = new StoreSecret(driver, this.#calls);
    this.#releases = new Releases({ driver, calls: this.#calls, leases: this.#leases, now });
  }

  get lock(): StoreDriver['lock'] {
    return this.#driver.lock;
  }

  get secret(): Uint8Array {
    return this.#secret.value;
  }

  get sweepSteps(): number {
    return this.#driver.sweepSteps;
  }

  get sweepLimit(): number | undefined {
    return this.#driver.sweepLimit;
  }

  get forgets(): boolean {
    return this.#driver.removesExpired === true;
  }

  /** Reaches the store. A site starts without one that is unavailable; any other failure is an error of the start. */
  async open(): Promise<void> {
    const began = performance.now();
    try {
      for (let isOpen = false; !isOpen; ) isOpen = await this.#tryToOpen(began);
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#look = setInterval(() => void this.#lookAtSecret(), LOOK_MS).unref();
  }

  async acquire(key: string, request: LockRequest): Promise<StoreLock<string>> {
    const begins = request.begins !== false;
    // An id is fresh only by the secret that the store has now.
    const looked = begins ? this.#lookAtSecret() : undefined;
    const held = await this.#acquire(this.#lease(key, request.page, begins), request);
    if (looked !== undefined) await looked;
    if (held === undefined) return NO_LOCK;
    this.#leases.add(held);
    const found = foundIn(held.entry, this.#now());
    return { found, release: (change) => this.#releases.release(held, found, change) };
  }

  async read(key: string): Promise<Found<string>> {
    const load = () => this.#driver.load(key);
    return foundIn(await this.#calls.make(load, { method: 'load', key, isRepeatable: true }), this.#now());
  }

  async touch(key: string, deadline: number, from: number): Promise<boolean> {
    if (isExpired(from, this.#now())) return false;
    const move = () => this.#driver.touch(key, deadline, from);
    return this.#calls.make(move, { method: 'touch', key, isRepeatable: true });
  }

  async create(key: string, text: string, deadline: number): Promise<void> {
    await this.#releases.add(key, { text, deadline });
  }

  async *list(beginning = ''): AsyncGenerator<StoredEntry<string>> {
    try {
      for await (const { key, entry, size } of this.#driver.list(beginning)) {
        const isLive = foundIn(entry, this.#now()).state === 'live';
        if (!SESSION_KEY.test(key) || !isLive) continue;
        const { text: content, deadline } = entry;
        yield { key, content, deadline, size: size ?? Buffer.byteLength(content) };
      }
    } catch (error) {
      throw this.#calls.failedAll(error, 'list');
    }
  }

  size(): MaybePromise<number | undefined> {
    return this.#driver.size?.();
  }

  /** One process sweeps, until it closes or dies, where a sweep costs as much as there are entries. */
  async sweepsHere(): Promise<boolean> {
    if (this.#driver.sweepsAlone !== true || this.#sweepLock !== undefined) return true;
    const acquired = await this.#ask(this.#lease(SWEEP_KEY, 'the sweep of sessions', true));
    if (acquired.kind !== 'held') return false;
    this.#sweepLock = acquired;
    this.#leases.add(acquired);
    return true;
  }

  /** There is nothing to remove from a store that is unavailable; visitors hear of that. */
  async sweep(step: number, signal?: AbortSignal): Promise<number> {
    try {
      return await this.#driver.sweep(step, this.#now(), signal);
    } catch (error) {
      const problem = this.#calls.failedAll(error, 'sweep');
      if (isUnavailable(problem)) return 0;
      throw problem;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#look);
    this.#calls.close();
    if (this.#sweepLock !== undefined) await this.#releases.giveBack(this.#sweepLock);
    this.#leases.close();
    await this.#driver.close();
  }

  /** Whether it is open: its store has answered, or the site starts without it. */
  async #tryToOpen(began: number): Promise<boolean> {
    try {
      await this.#secret.agree();
      return true;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      const patience = error.cause instanceof TimedOut ? SILENT_MS : REFUSED_MS;
      if (performance.now() >= began + patience) {
        this.#calls.outageOf(SECRET_KEY).failed(error, SECRET_KEY, 'the site starts without it, and ');
        return true;
      }
      await pause(START_STEP_MS);
      return false;
    }
  }

  /** Locks whose release was not answered are released; the server may have been emptied. */
  #back(): void {
    this.#leases.releaseAll();
    void this.#lookAtSecret();
  }

  /** A store that fails now says so at the next call. */
  async #lookAtSecret(): Promise<void> {
    const outage = this.#calls.outageOf(SECRET_KEY);
    if (outage.isConfirmed) return;
    await this.#secret.agree().catch((error: Problem) => outage.failed(error, SECRET_KEY));
  }

  #lease(key: string, page: string, begins: boolean): Acquisition {
    const shown = page.replaceAll('\0', '').slice(0, PAGE_LENGTH);
    return { key, token: `${this.#process}:${++this.#count}`, page: shown, mayCreate: begins };
  }

  /** Waits for a lock; undefined where none is needed. In one process only one at a time asks for a key (queues.ts). */
  async #acquire(acquisition: Acquisition, request: LockRequest): Promise<HeldLock | undefined> {
    const until = performance.now() + (request.patience - (request.waited ?? 0)) * 1000;
    try {
      for (let tries = 0; ; tries++) {
        const acquired = await this.#ask(acquisition);
        if (acquired.kind !== 'taken') return acquired.kind === 'held' ? acquired : undefined;
        const left = until - performance.now();
        if (left <= 0) throw lockedBy(acquired, request);
        const held = await this.#wait(acquisition, request, left, tries);
        if (held !== undefined) return held;
      }
    } catch (error) {
      this.#leases.abandon(acquisition);
      throw error;
    }
  }

  async #wait(
    acquisition: Acquisition,
    { signal }: LockRequest,
    left: number,
    tries: number,
  ): Promise<HeldLock | undefined> {
    const { awaitHandover: handedOver } = this.#driver;
    if (handedOver !== undefined)
      return handedOver.call(this.#driver, acquisition, Math.min(ASK_AGAIN_MS, left), signal);
    await pauseBeforeRetry(tries, signal);
    return undefined;
  }

  /** Asks for a lock once. One that comes after the time limit is released again. */
  async #ask(acquisition: Acquisition): Promise<AcquireResult> {
    let asked: MaybePromise<AcquireResult> | undefined;
    const acquire = () => {
      asked = this.#driver.acquire(acquisition);
      return asked;
    };
    try {
      const { key } = acquisition;
      return await this.#calls.make(acquire, { method: 'acquire', key, isRepeatable: true });
    } catch (error) {
      if (this.#driver.cancel === undefined && asked instanceof Promise) void this.#giveBackLate(asked);
      throw error;
    }
  }

  async #giveBackLate(asked: Promise<AcquireResult>): Promise<void> {
    const acquired = await asked.catch(() => undefined);
    if (acquired?.kind === 'held') await this.#releases.giveBack(acquired);
  }
}

function lockedBy(
  taken: Extract<AcquireResult, { kind: 'taken' }>,
  { patience, page }: LockRequest,
): Problem {
  return lockedProblem(patience, taken.page ?? page, taken.held_ms ?? patience * 1000);
}
