// The secret that signs session ids. It is an entry of the store: the first process creates it, all others read it. A store that has
// lost its secret has lost its sessions too. It gets another secret, so that no id from before passes for a fresh one.

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../../diagnostics/problem.ts';
import { isUnavailable } from '../../session-errors.ts';
import type { DriverCalls } from './driver-calls.ts';
import { type DriverEntry, SECRET_KEY, type StoreDriver } from './store-driver.ts';
import { TimedOut } from './time-limit.ts';

const BYTES = 32;
const SECRET = /^[\w-]{43}$/;

/** Processes that start at the same time agree in one or two tries. */
const TRIES = 20;

/** How long the start waits for a server that refuses, and for one that does not answer because the machine is busy. */
const REFUSED_MS = 1000;
const SILENT_MS = 5000;
const START_STEP_MS = 100;

/** How often the secret is compared with that of the store, which may have been emptied. */
const CHECK_MS = 5000;

export class StoreSecret {
  readonly #driver: StoreDriver;
  readonly #calls: DriverCalls;
  #text: string | undefined;
  #value: Uint8Array | undefined;
  #timer: NodeJS.Timeout | undefined;
  #shared: Promise<void> | undefined;

  constructor(driver: StoreDriver, calls: DriverCalls) {
    this.#driver = driver;
    this.#calls = calls;
  }

  /** @throws Problem 'session-store-unavailable' before the first answer of the store */
  get value(): Uint8Array {
    if (this.#value !== undefined) return this.#value;
    throw new Problem('session-store-unavailable', {
      params: { reason: 'it has not been reached since the start' },
    });
  }

  /** Agrees on the secret. A site starts without a store that is unavailable; other Problems are thrown. */
  async open(): Promise<void> {
    const began = performance.now();
    for (let isOpen = false; !isOpen; ) isOpen = await this.#tryToOpen(began);
    this.#timer = setInterval(() => void this.check(), CHECK_MS).unref();
  }

  /** Takes the secret that the store has now. If the store fails, its next call reports that. */
  async check(): Promise<void> {
    const server = this.#calls.serverOf(SECRET_KEY);
    if (server.isUnavailable) return;
    await this.agree().catch((problem: Problem) => server.failedForAll(problem, SECRET_KEY));
  }

  /**
   * As check(), once for all requests of one turn of the event loop: visitors are new for minutes, and a check of its own would be
   * a third of the calls of each of their requests.
   */
  checkInThisTurn(): Promise<void> {
    if (this.#shared === undefined) {
      this.#shared = this.check();
      setImmediate(() => {
        this.#shared = undefined;
      });
    }
    return this.#shared;
  }

  /**
   * Takes the secret of the store, and creates it if there is none. A damaged secret is replaced, because it would be easy to guess.
   * @throws Problem when a call fails, or the store does not give back what was put there
   */
  async agree(): Promise<void> {
    const [driver, calls] = [this.#driver, this.#calls];
    let created: DriverEntry | undefined;
    for (let tries = 0; tries < TRIES; tries++) {
      // A cache may not return yet what has just been added.
      const entry = (await calls.makeOnce('load', SECRET_KEY, () => driver.load(SECRET_KEY))) ?? created;
      if (entry !== undefined && this.#take(entry.text)) return;
      if (entry !== undefined) await calls.makeOnce('remove', SECRET_KEY, () => driver.remove(SECRET_KEY));
      const secret = { text: randomBytes(BYTES).toString('base64url'), deadline: 0 };
      const isAdded = await calls.makeOnce('add', SECRET_KEY, () => driver.add(SECRET_KEY, secret));
      created = isAdded ? secret : undefined;
    }
    const reason = "it does not give the entry 'secret' as it was put there";
    throw new Problem('session-store-unavailable', { params: { reason } });
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #tryToOpen(began: number): Promise<boolean> {
    try {
      await this.agree();
      return true;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      const patience = error.cause instanceof TimedOut ? SILENT_MS : REFUSED_MS;
      if (performance.now() >= began + patience) {
        const server = this.#calls.serverOf(SECRET_KEY);
        server.failedForAll(error, SECRET_KEY, 'the site starts without it, and ');
        return true;
      }
      await pause(START_STEP_MS);
      return false;
    }
  }

  #take(text: string): boolean {
    if (text === this.#text) return true;
    const value = Buffer.from(text, 'base64url');
    // Another spelling of the same bytes would be another secret for processes that compare texts.
    if (!SECRET.test(text) || value.length !== BYTES || value.toString('base64url') !== text) return false;
    this.#text = text;
    this.#value = value;
    return true;
  }
}
