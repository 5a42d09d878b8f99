// Going through all sessions of a server in small steps: for listings, and for an operator's sweep. The server removes
// what is over by itself; what a sweep finds is over by this site's clock only.

import type { StoredEntry } from '../../store.ts';
import { isRefused, type RedisConnection } from './connection.ts';
import { readOf } from './grants.ts';
import type { RedisKeys } from './keys.ts';
import { SCRIPTS } from './scripts.ts';

/** How many keys the server looks at in one step: well under a millisecond. */
const PAGE = 500;

/** How many entries are asked about before the answers are waited for: those who visit have turns in between. */
const ASKED_AT_ONCE = 50;

/** What is gone through. */
export interface Scanned {
  readonly connection: Pick<RedisConnection, 'isUsable' | 'send' | 'run'>;
  readonly keys: RedisKeys;
  readonly now: () => number;
}

/** One page of names, and where the next begins; '0': that was the last. */
interface Page {
  readonly next: string;
  readonly names: readonly string[];
}

/** Lists and sweeps one server. */
export class RedisScan {
  readonly #scanned: Scanned;
  readonly #steps: number;
  /** Where the sweep goes on; undefined: this round is over. */
  #cursor: string | undefined;
  #share = PAGE;

  constructor(scanned: Scanned, steps: number) {
    this.#scanned = scanned;
    this.#steps = steps;
  }

  /** The live entries whose keys begin so. */
  async *entries(beginning: string): AsyncGenerator<StoredEntry<string>> {
    // A server that grows its tables names some keys twice.
    const seen = new Seen();
    for (let cursor: string | undefined = '0'; cursor !== undefined; ) {
      const { next, names } = await this.#page(cursor, beginning);
      const unseen = names.filter((name) => seen.isFirst(this.#scanned.keys.keyOf(name)));
      for (const some of inGroups(unseen)) {
        const entries = await together(some, (names) => this.#entries(names));
        yield* entries.flat();
      }
      cursor = next === '0' ? undefined : next;
    }
  }

  /** Goes through its share of the keys; the last step through all that are left. A server that is away can wait. */
  async sweep(step: number): Promise<number> {
    if (step === 0) await this.#beginRound();
    else if (!this.#scanned.connection.isUsable) return 0;
    let removed = 0;
    for (let looked = 0; this.#cursor !== undefined; looked += PAGE) {
      if (looked >= this.#share && step < this.#steps - 1) break;
      const { next, names } = await this.#page(this.#cursor, '');
      this.#cursor = next === '0' ? undefined : next;
      for (const some of inGroups(names)) {
        const removals = await together(some, (those) => this.#removeOver(those));
        removed += removals.reduce((sum, one) => sum + one, 0);
      }
    }
    return removed;
  }

  async #beginRound(): Promise<void> {
    this.#cursor = undefined;
    const size = Number(await this.#scanned.connection.send(['DBSIZE'], true));
    this.#share = Math.max(1, Math.ceil(size / this.#steps));
    this.#cursor = '0';
  }

  async #removeOver(names: readonly string[]): Promise<number> {
    const { connection, keys, now } = this.#scanned;
    const pairs = names.flatMap((name) => [name, keys.lock(keys.keyOf(name))]);
    return Number(await connection.run(SCRIPTS.removeOver, pairs, [String(now())], true));
  }

  /** The live ones. */
  async #entries(names: readonly string[]): Promise<StoredEntry<string>[]> {
    const { connection, keys, now } = this.#scanned;
    const replies = await connection.run(SCRIPTS.readAll, names, [], true);
    const entries: StoredEntry<string>[] = [];
    for (const [index, reply] of Array.isArray(replies) ? replies.entries() : []) {
      const [version, until, text] = Array.isArray(reply) ? reply : [];
      const { found } = readOf(version, until, text, now());
      if (found.state !== 'live') continue;
      const { content, deadline } = found;
      const key = keys.keyOf(names[index] ?? '');
      entries.push({ key, content, deadline, size: Buffer.byteLength(content) });
    }
    return entries;
  }

  async #page(cursor: string, beginning: string): Promise<Page> {
    const { connection, keys } = this.#scanned;
    const args = ['SCAN', cursor, 'MATCH', keys.pattern(beginning), 'COUNT', String(PAGE)];
    const reply = await connection.send(args, true);
    const [next, names] = Array.isArray(reply) ? reply : ['0', []];
    return { next: String(next), names: Array.isArray(names) ? names.map(String) : [] };
  }
}

/** Keys that were seen, in many small sets: one that grows to a million is copied at a go, for tens of milliseconds. */
class Seen {
  readonly #byBeginning = new Map<string, Set<string>>();

  /** Whether it was not seen before. */
  isFirst(key: string): boolean {
    const beginning = key.slice(0, 2);
    const keys = this.#byBeginning.get(beginning) ?? new Set();
    this.#byBeginning.set(beginning, keys);
    return keys.size < keys.add(key).size;
  }
}

/** Asks about all of them at once; in a cluster, where no script reaches two sessions, about one after the other. */
async function together<Answer>(
  names: readonly string[],
  ask: (some: readonly string[]) => Promise<Answer>,
): Promise<Answer[]> {
  try {
    return [await ask(names)];
  } catch (error) {
    if (!isRefused(error, 'CROSSSLOT')) throw error;
  }
  return Promise.all(names.map((name) => ask([name])));
}

function* inGroups(names: readonly string[]): Generator<readonly string[]> {
  for (let first = 0; first < names.length; first += ASKED_AT_ONCE) {
    yield names.slice(first, first + ASKED_AT_ONCE);
  }
}
