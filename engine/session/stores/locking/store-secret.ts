// The secret that makes the MACs of ids: an entry of the store. The first process makes it, all others take it. A store that
// has forgotten its secret has forgotten its sessions too, so it gets another one: an id from before does not pass for fresh.

import { randomBytes } from 'node:crypto';
import { Problem } from '../../../diagnostics/problem.ts';
import type { DriverCalls } from './driver-calls.ts';
import { type DriverEntry, SECRET_KEY, type StoreDriver } from './store-driver.ts';

const BYTES = 32;

/** Processes that start at the same time agree after one or two. */
const TRIES = 20;

const TEXT = /^[\w-]{43}$/;

/** The secret of one store. */
export class StoreSecret {
  readonly #driver: StoreDriver;
  readonly #calls: DriverCalls;
  #text: string | undefined;
  #value: Uint8Array | undefined;

  constructor(driver: StoreDriver, calls: DriverCalls) {
    this.#driver = driver;
    this.#calls = calls;
  }

  /** Known from the first answer of the store on. */
  get value(): Uint8Array {
    if (this.#value !== undefined) return this.#value;
    throw new Problem('session-store-unavailable', {
      params: { reason: 'it has not been reached since the start' },
    });
  }

  /** Takes the secret of the store, or makes it where there is none; one that is damaged would be easy to guess. */
  async agree(): Promise<void> {
    const driver = this.#driver;
    const calls = this.#calls;
    let own: DriverEntry | undefined;
    for (let tries = 0; tries < TRIES; tries++) {
      // A cache may give nothing yet where a secret was put.
      const entry = (await calls.probe(() => driver.load(SECRET_KEY), 'load', SECRET_KEY)) ?? own;
      if (entry !== undefined && this.#take(entry.text)) return;
      if (entry !== undefined) await calls.probe(() => driver.remove(SECRET_KEY), 'remove', SECRET_KEY);
      const made = { text: randomBytes(BYTES).toString('base64url'), deadline: 0 };
      own = (await calls.probe(() => driver.add(SECRET_KEY, made), 'add', SECRET_KEY)) ? made : undefined;
    }
    const reason = "it does not give the entry 'secret' as it was put there";
    throw new Problem('session-store-unavailable', { params: { reason } });
  }

  #take(text: string): boolean {
    if (text === this.#text) return true;
    const value = Buffer.from(text, 'base64url');
    // A text that decodes to the same bytes but is written otherwise would be another one to other processes.
    if (!TEXT.test(text) || value.length !== BYTES || value.toString('base64url') !== text) return false;
    this.#text = text;
    this.#value = value;
    return true;
  }
}
