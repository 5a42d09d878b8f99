// The contract of a store (store.ts), made of the small interface of a site's own (entry-store.ts). How turns are taken is
// in leased-turns.ts and queued-turns.ts.

import { Problem } from '../../../diagnostics/problem.ts';
import { isAway } from '../../away.ts';
import type { SessionsEnvironment } from '../../face.ts';
import type { Claim, Found, SessionStore, StoredEntry, StoreTurn } from '../../store.ts';
import { AskedLockingStore, AskedPlainStore, type AskedStore } from './asked-store.ts';
import type { EntryStore } from './entry-store.ts';
import { EntrySweep, REMOVED_AT_ONCE } from './entry-sweep.ts';
import type { EntryTurns } from './entry-turns.ts';
import { entryOf, keptIn } from './kept.ts';
import { LeasedTurns } from './leased-turns.ts';
import { QueuedTurns } from './queued-turns.ts';
import { SecretEntry } from './secret-entry.ts';

/** The SHA-256 of an id; other keys are those of the secret and of what was set aside. */
const SESSION_KEY = /^[0-9a-f]{64}$/;

/** What it is made of. */
interface EntrySessionsParts {
  readonly lock: EntryStore['lock'];
  readonly store: AskedStore<EntryStore>;
  readonly turns: EntryTurns;
  readonly now: () => number;
  readonly log: SessionsEnvironment['log'];
}

/** A site's own store, ready; one that is away is waited for in the background. `name`: as the configuration has it. */
export async function sessionsIn(
  name: string,
  store: EntryStore,
  { log, now = Date.now }: SessionsEnvironment,
): Promise<SessionStore<string>> {
  const sessions = new EntrySessions(partsOf(name, store, log, now));
  try {
    await sessions.begin();
  } catch (error) {
    await sessions.close();
    throw error;
  }
  return sessions;
}

function partsOf(
  name: string,
  store: EntryStore,
  log: SessionsEnvironment['log'],
  now: () => number,
): EntrySessionsParts {
  const { lock } = store;
  if (lock === 'store') {
    const locking = new AskedLockingStore(name, store);
    return { lock, store: locking, turns: new LeasedTurns(locking, now), now, log };
  }
  const plain = new AskedPlainStore(name, store);
  return { lock, store: plain, turns: new QueuedTurns({ store: plain, now, log }), now, log };
}

/** Keeps texts in a site's own store. */
class EntrySessions implements SessionStore<string> {
  readonly keeps = 'text';
  readonly shared = true;
  readonly sweepSteps = 1;
  readonly lock: EntryStore['lock'];
  readonly #store: AskedStore<EntryStore>;
  readonly #turns: EntryTurns;
  readonly #secret: SecretEntry;
  readonly #sweep: EntrySweep;
  readonly #now: () => number;
  readonly #log: SessionsEnvironment['log'];

  constructor({ lock, store, turns, now, log }: EntrySessionsParts) {
    this.lock = lock;
    this.#store = store;
    this.#turns = turns;
    this.#secret = new SecretEntry(store, turns);
    this.#sweep = new EntrySweep({ store, turns, now });
    this.#now = now;
    this.#log = log;
  }

  /** What a store's own sweep leaves is its own affair. */
  get sweepLimit(): number | undefined {
    return this.#store.sweeps ? undefined : REMOVED_AT_ONCE;
  }

  get secret(): Uint8Array {
    return this.#secret.value;
  }

  /** A site starts without its store, with a warning. */
  async begin(): Promise<void> {
    try {
      await this.#secret.agree();
    } catch (error) {
      if (!(error instanceof Problem && isAway(error))) throw error;
      this.#log(
        'warn',
        `${error.text}; the site starts without it, and pages with sessions answer 503 meanwhile`,
      );
      this.#secret.keepTrying();
    }
  }

  async take(key: string, claim: Claim): Promise<StoreTurn<string>> {
    const turn = await this.#turns.take(key, claim);
    // An id is fresh only by the secret that is there by now. A store that fails just then says so at the next call.
    if (turn.found.state === 'absent' && claim.begins !== false) await this.#secret.agree().catch(() => {});
    return turn;
  }

  async read(key: string): Promise<Found<string>> {
    return keptIn(await this.#store.load(key), this.#now()).found;
  }

  touch(key: string, deadline: number): Promise<boolean> {
    return this.#turns.touch(key, deadline);
  }

  async create(key: string, content: string, deadline: number): Promise<void> {
    await this.#turns.put(key, entryOf(content, deadline));
  }

  async *list(beginning = ''): AsyncGenerator<StoredEntry<string>> {
    for await (const [key, entry] of this.#store.list()) {
      const { found } = keptIn(entry, this.#now());
      if (!SESSION_KEY.test(key) || !key.startsWith(beginning) || found.state !== 'live') continue;
      const { content, deadline } = found;
      yield { key, content, deadline, size: Buffer.byteLength(content) };
    }
  }

  /** Looks after the secret, too. While the store is away there is nothing to remove, and those who visit hear of it. */
  async sweep(_step: number, signal?: AbortSignal): Promise<number> {
    try {
      await this.#secret.agree();
      return await (this.#store.sweeps ? this.#store.sweep(this.#now()) : this.#sweep.step(signal));
    } catch (error) {
      if (isAway(error)) return 0;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#secret.close();
    this.#turns.close();
    try {
      await this.#sweep.close();
      await this.#store.close();
    } catch (error) {
      this.#log('warn', 'the session store could not be closed', error);
    }
  }
}
