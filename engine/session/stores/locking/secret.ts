// The secret that makes the MACs of ids: an entry of the store. The first process makes it, all others take it. A store that
// has forgotten its secret has forgotten its sessions too, so it gets another one: an id from before does not pass for fresh.

import { randomBytes } from 'node:crypto';
import { Problem } from '../../../diagnostics/problem.ts';
import type { Driver } from './driver.ts';

/** The key of the entry that has it. */
export const SECRET_KEY = 'secret';
const BYTES = 32;
const TEXT = /^[\w-]{43}$/;

/** The secret of one store. */
export class StoreSecret {
  readonly #driver: Pick<Driver, 'load' | 'add' | 'remove'>;
  #text: string | undefined;
  #value: Uint8Array | undefined;

  constructor(driver: Pick<Driver, 'load' | 'add' | 'remove'>) {
    this.#driver = driver;
  }

  /** Known from the first answer of the store on. */
  get value(): Uint8Array {
    if (this.#value !== undefined) return this.#value;
    throw new Problem('session-store-away', { holes: { reason: 'it has not been reached since the start' } });
  }

  /** Takes the secret of the store, or makes it where there is none; one that is damaged would be easy to guess. */
  async agree(): Promise<void> {
    for (;;) {
      const entry = await this.#driver.load(SECRET_KEY);
      if (entry !== undefined && this.#take(entry.text)) return;
      if (entry !== undefined) await this.#driver.remove(SECRET_KEY);
      await this.#driver.add(SECRET_KEY, { text: randomBytes(BYTES).toString('base64url'), deadline: 0 });
    }
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
