// The secret that the ids of one site's sessions are signed with: an entry of its own in the site's own store. Whoever
// comes first makes it, all others take it. A store that has forgotten it has forgotten the sessions too, so it gets a new
// one: an id from before must not pass for one that was issued a moment ago and not written yet.

import { randomBytes } from 'node:crypto';
import { Problem } from '../../../diagnostics/problem.ts';
import type { AskedStore } from './asked-store.ts';
import type { EntryStore } from './entry-store.ts';
import type { EntryTurns } from './entry-turns.ts';

const KEY = 'secret';
const BYTES = 32;
const RETRY_MS = 1000;

/** The secret of one store. */
export class SecretEntry {
  readonly #store: AskedStore<EntryStore>;
  readonly #turns: EntryTurns;
  #value: Uint8Array | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(store: AskedStore<EntryStore>, turns: EntryTurns) {
    this.#store = store;
    this.#turns = turns;
  }

  /** Known from the first time on that the store was there. */
  get value(): Uint8Array {
    if (this.#value !== undefined) return this.#value;
    throw new Problem('session-store-away', { holes: { reason: 'it was not there yet since the start' } });
  }

  /** Takes the secret that is in the store, or puts one there. */
  async agree(): Promise<void> {
    const there = await this.#store.load(KEY);
    const known = secretIn(there?.text);
    if (known !== undefined) {
      this.#value = known;
      return;
    }
    const own = randomBytes(BYTES);
    await this.#turns.swap(KEY, there, { text: Buffer.from(own).toString('base64url'), deadline: 0 });
    this.#value = secretIn((await this.#store.load(KEY))?.text) ?? own;
  }

  /** Tries until the store is there: a visitor's first page needs the secret before it asks the store. */
  keepTrying(): void {
    // Visitors are told why it is away; saying it each second as well would drown the log.
    this.#retry = setInterval(() => this.agree().then(() => this.close(), ignored), RETRY_MS).unref();
  }

  close(): void {
    clearInterval(this.#retry);
  }
}

function ignored(): void {}

function secretIn(text: string | undefined): Uint8Array | undefined {
  const bytes = Buffer.from(text ?? '', 'base64url');
  return bytes.length === BYTES ? bytes : undefined;
}
