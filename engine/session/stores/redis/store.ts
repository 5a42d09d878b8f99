// Sessions in Redis or Valkey. The server forgets what is past its deadline by itself; the deadline that counts stands
// beside the data all the same, since pages and store must agree on it to the millisecond.

import type { Change, Claim, Found, Outcome, SessionStore, StoredEntry, StoreTurn } from '../../store.ts';
import { isRefused } from './connection.ts';
import { readOf } from './grants.ts';
import type { RedisKeys } from './keys.ts';
import { RedisScan } from './scan.ts';
import { SCRIPTS } from './scripts.ts';
import type { ServerSecret } from './secret.ts';
import type { RedisServers } from './servers.ts';
import type { RedisTurn, RedisTurns } from './turns.ts';

/** What is damaged stays so long for the operator. */
const DAMAGED_MS = 30 * 86_400_000;

/** The turn of a key where nothing is and nothing begins: there is nobody to wait for. */
const NO_TURN: StoreTurn<string> = {
  found: { state: 'absent' },
  commit: (change) => (change.kind === 'keep' ? 'done' : 'gone'),
};

/** What a Redis store is made of. */
export interface RedisStoreParts {
  readonly servers: RedisServers;
  readonly keys: RedisKeys;
  readonly turns: RedisTurns;
  readonly secret: ServerSecret;
  readonly now: () => number;
}

/** Keeps texts, one hash a key. */
export class RedisStore implements SessionStore<string> {
  readonly lock = 'store';
  readonly keeps = 'text';
  readonly shared = true;
  readonly sweepSteps = 256;
  readonly forgets = true;
  readonly #parts: RedisStoreParts;
  readonly #scan: RedisScan;

  constructor(parts: RedisStoreParts) {
    this.#parts = parts;
    this.#scan = new RedisScan(parts, this.sweepSteps);
  }

  get secret(): Uint8Array {
    return this.#parts.secret.value;
  }

  async take(key: string, claim: Claim): Promise<StoreTurn<string>> {
    const { turns, servers } = this.#parts;
    const [turn] = await Promise.all([turns.take(key, claim), claim.begins === false || servers.look()]);
    if (turn === undefined) return NO_TURN;
    return { found: turn.found, commit: (change) => this.#commit(turn, change) };
  }

  async read(key: string): Promise<Found<string>> {
    const { servers, keys, now } = this.#parts;
    const reply = await servers.send(['HMGET', keys.data(key), 'v', 'd', 'c'], true);
    const [version, deadline, content] = Array.isArray(reply) ? reply : [];
    return readOf(version, deadline, content, now()).found;
  }

  async touch(key: string, deadline: number): Promise<boolean> {
    const { servers, keys, now } = this.#parts;
    const args = [String(deadline), String(now())];
    return (await servers.run(SCRIPTS.touch, [keys.data(key)], args, true)) === 1;
  }

  async create(key: string, content: string, deadline: number): Promise<void> {
    const { servers, keys, now } = this.#parts;
    const args = ['new', content, String(deadline), String(now())];
    await servers.run(SCRIPTS.create, [keys.data(key)], args, true);
  }

  list(beginning = ''): AsyncIterable<StoredEntry<string>> {
    return this.#scan.entries(beginning);
  }

  sweep(step: number): Promise<number> {
    return this.#scan.sweep(step);
  }

  async close(): Promise<void> {
    this.#parts.turns.close();
    await this.#parts.servers.close();
  }

  async #commit(turn: RedisTurn, change: Change<string>): Promise<Outcome> {
    const outcome = await this.#perform(turn, change);
    return outcome === 'done' || outcome === 'gone' ? outcome : 'lost';
  }

  #perform(turn: RedisTurn, change: Change<string>): Promise<unknown> {
    const { keys, turns, now } = this.#parts;
    switch (change.kind) {
      case 'keep':
        return turns.end(turn, ['keep']);
      case 'touch':
        return turns.end(turn, ['touch', String(change.deadline)]);
      case 'write':
      case 'create':
        return turns.end(turn, [change.kind, String(change.deadline), change.content]);
      case 'end':
      case 'remove':
        return turns.end(turn, [change.kind, String(change.until)]);
      case 'move':
        return this.#move(turn, change);
      case 'set-aside':
        return turns.end(turn, ['set-aside', String(now() + DAMAGED_MS)], [keys.damaged(turn.key)]);
    }
  }

  /** In one piece; in a cluster, where no script reaches two sessions, the new entry first, and away again if in vain. */
  async #move(turn: RedisTurn, change: Extract<Change<string>, { kind: 'move' }>): Promise<unknown> {
    const { servers, keys, turns } = this.#parts;
    const { to, content, deadline, until } = change;
    try {
      const how = ['move', String(until), content, String(deadline)];
      return await turns.end(turn, how, [keys.data(to)]);
    } catch (error) {
      if (!isRefused(error, 'CROSSSLOT')) throw error;
    }
    await this.create(to, content, deadline);
    const outcome = await turns.end(turn, ['retire', String(until)]);
    if (outcome !== 'done') await servers.send(['DEL', keys.data(to)], true);
    return outcome;
  }
}
