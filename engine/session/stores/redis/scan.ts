// Going through all sessions in small steps, server by server: for listings, and for an operator's sweep. The server removes
// what is over by itself; what a sweep finds is over by this site's clock only.

import type { StoredEntry } from '../../store.ts';
import { isRefused } from './connection.ts';
import { readOf } from './grants.ts';
import type { RedisKeys } from './keys.ts';
import { SCRIPTS } from './scripts.ts';
import type { RedisServers } from './servers.ts';

/** How many keys the server looks at in one step: well under a millisecond. */
const PAGE = 500;

/** How many entries are asked about before the answers are waited for: those who visit have turns in between. */
const ASKED_AT_ONCE = 50;

/** A server whose keys are gone through. */
type ScannedServer = Pick<RedisServers['each'][number], 'isUsable' | 'send'>;

/** What is gone through. */
export interface Scanned {
  readonly servers: Pick<RedisServers, 'run'> & { readonly each: readonly ScannedServer[] };
  readonly keys: RedisKeys;
  readonly now: () => number;
}

/** Where a page of names begins. */
interface Place {
  readonly server: ScannedServer;
  readonly cursor: string;
}

/** One page of names, and where the next begins; undefined: that was the last of its server. */
interface Page {
  readonly next: Place | undefined;
  readonly names: readonly string[];
}

/** Lists and sweeps. */
export class RedisScan {
  readonly #scanned: Scanned;
  readonly #steps: number;
  /** Where the sweep goes on, at each server that it is not through with. */
  #places: Place[] = [];
  #share = PAGE;

  constructor(scanned: Scanned, steps: number) {
    this.#scanned = scanned;
    this.#steps = steps;
  }

  /** The live entries whose keys begin so. */
  async *entries(beginning: string): AsyncGenerator<StoredEntry<string>> {
    // A server that grows its tables names some keys twice, and two servers a key that moves from one to the other.
    const seen = new Seen();
    for (const server of this.#scanned.servers.each) {
      for (let place: Place | undefined = { server, cursor: '0' }; place !== undefined; ) {
        const { next, names } = await this.#page(place, beginning);
        const unseen = names.filter((name) => seen.isFirst(this.#scanned.keys.keyOf(name)));
        for (const some of inGroups(unseen)) {
          const entries = await together(some, (names) => this.#entries(names));
          yield* entries.flat();
        }
        place = next;
      }
    }
  }

  /** Goes through its share of the keys; the last step through all that are left. A server that is away can wait. */
  async sweep(step: number): Promise<number> {
    if (step === 0) await this.#beginRound();
    let removed = 0;
    for (let looked = 0; looked < this.#share || step >= this.#steps - 1; looked += PAGE) {
      const place = this.#places.pop();
      if (place === undefined) break;
      if (step > 0 && !place.server.isUsable) continue;
      const { next, names } = await this.#page(place, '');
      if (next !== undefined) this.#places.push(next);
      for (const some of inGroups(names)) {
        const removals = await together(some, (those) => this.#removeOver(those));
        removed += removals.reduce((sum, one) => sum + one, 0);
      }
    }
    return removed;
  }

  async #beginRound(): Promise<void> {
    this.#places = [];
    const { each } = this.#scanned.servers;
    const sizes = await Promise.all(each.map(async (server) => Number(await server.send(['DBSIZE'], true))));
    const size = sizes.reduce((sum, one) => sum + one, 0);
    this.#share = Math.max(1, Math.ceil(size / this.#steps));
    this.#places = each.map((server) => ({ server, cursor: '0' }));
  }

  async #removeOver(names: readonly string[]): Promise<number> {
    const { servers, keys, now } = this.#scanned;
    const pairs = names.flatMap((name) => [name, keys.lock(keys.keyOf(name))]);
    return Number(await servers.run(SCRIPTS.removeOver, pairs, [String(now())], true));
  }

  /** The live ones. */
  async #entries(names: readonly string[]): Promise<StoredEntry<string>[]> {
    const { servers, keys, now } = this.#scanned;
    const replies = await servers.run(SCRIPTS.readAll, names, [], true);
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

  async #page({ server, cursor }: Place, beginning: string): Promise<Page> {
    const pattern = this.#scanned.keys.pattern(beginning);
    const reply = await server.send(['SCAN', cursor, 'MATCH', pattern, 'COUNT', String(PAGE)], true);
    const [next, names] = Array.isArray(reply) ? reply : ['0', []];
    return {
      next: String(next) === '0' ? undefined : { server, cursor: String(next) },
      names: Array.isArray(names) ? names.map(String) : [],
    };
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
