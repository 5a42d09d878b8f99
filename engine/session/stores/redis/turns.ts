// Turns between all processes that share a server (recipe 3c): won with the data in one trip, or handed over by the one
// before; kept by a lease that is renewed while a page runs long; given up with the change in one trip.

import { performance } from 'node:perf_hooks';
import { Problem } from '../../../diagnostics/problem.ts';
import type { Claim } from '../../store.ts';
import { lockedProblem } from '../../turns.ts';
import type { RedisConnection } from './connection.ts';
import { Grants, type Read, readOf } from './grants.ts';
import type { RedisKeys, TurnOwner } from './keys.ts';
import { Returns } from './returns.ts';
import { SCRIPTS } from './scripts.ts';
import type { RedisServers } from './servers.ts';

const RENEW_MS = 1000;
/** How often a waiter asks again: a message may be lost, and the holder may be killed. */
const ASK_AGAIN_MS = 120;

/** A turn that is ours. */
export interface RedisTurn extends Read, TurnOwner {}

/** What turns are made of. */
export interface TurnsParts {
  readonly servers: RedisServers;
  readonly keys: RedisKeys;
  /** The name of this process; its channel ends with it. */
  readonly process: string;
  readonly now: () => number;
}

/** Takes, renews and ends the turns of one process. */
export class RedisTurns {
  readonly #parts: TurnsParts;
  readonly #grants: Grants;
  readonly #returns: Returns;
  readonly #held = new Map<string, { readonly key: string; readonly since: number }>();
  readonly #renewal: NodeJS.Timeout;
  #count = 0;

  constructor(parts: TurnsParts) {
    this.#parts = parts;
    this.#grants = new Grants(parts.now);
    this.#returns = new Returns(parts.servers, parts.keys);
    this.#renewal = setInterval(() => this.#renew(), RENEW_MS).unref();
  }

  /** Waits for the turn; undefined when the key is absent and the claim begins nothing. */
  async take(key: string, claim: Claim): Promise<RedisTurn | undefined> {
    const token = `${this.#parts.process}:${++this.#count}`;
    this.#grants.expect(token);
    try {
      const read = await this.#win(key, token, claim);
      if (read === undefined) return undefined;
      this.#held.set(token, { key, since: performance.now() });
      return { key, token, page: claim.page, ...read };
    } catch (error) {
      this.#returns.give({ key, token, page: claim.page });
      throw error;
    } finally {
      this.#grants.forget(token);
    }
  }

  /** Makes a change and gives the turn up: 'done', 'gone' or 'lost'. */
  async end(turn: RedisTurn, change: readonly string[], more: readonly string[] = []): Promise<unknown> {
    const { servers, keys, now } = this.#parts;
    this.#held.delete(turn.token);
    try {
      return await servers.run(
        SCRIPTS.commit,
        [...keys.turn(turn.key), ...more],
        [turn.token, turn.page, String(now()), turn.version, ...change],
      );
    } catch (error) {
      this.#returns.give(turn);
      throw error;
    }
  }

  /** What the one before says; a turn of a request that has gone meanwhile goes on to the next. */
  hear(message: string): void {
    const unexpected = this.#grants.hear(message);
    if (unexpected !== undefined) this.#returns.give({ ...unexpected, page: '' });
  }

  /** To be called on each new connection, before anybody else uses it. */
  settle(connection: RedisConnection): Promise<void> {
    return this.#returns.settle(connection);
  }

  close(): void {
    clearInterval(this.#renewal);
  }

  async #win(key: string, token: string, claim: Claim): Promise<Read | undefined> {
    const began = performance.now() - (claim.waited ?? 0) * 1000;
    for (;;) {
      const answer = await this.#ask(key, token, claim);
      if (answer.kind !== 'wait') return answer.read;
      const left = began + claim.patience * 1000 - performance.now();
      if (left <= 0) throw lockedProblem(claim.patience, answer.page, answer.held);
      const granted = await this.#grants.wait(token, Math.min(ASK_AGAIN_MS, left), claim.signal);
      if (granted !== undefined) return granted;
    }
  }

  async #ask(key: string, token: string, claim: Claim) {
    const { servers, keys, now } = this.#parts;
    const time = now();
    const begins = claim.begins === false ? '0' : '1';
    const args = [token, claim.page, String(time), begins];
    const reply = await servers.run(SCRIPTS.take, keys.turn(key), args, true);
    if (!Array.isArray(reply))
      throw new Problem('session-server-refused', { holes: { reason: String(reply) } });
    const [kind, ...rest] = reply;
    if (kind === 0) return { kind: 'wait', page: String(rest[0]), held: Number(rest[1]) } as const;
    if (kind === 2) return { kind: 'absent', read: undefined } as const;
    return { kind: 'won', read: readOf(rest[0], rest[1], rest[2], time) } as const;
  }

  #renew(): void {
    const { servers, keys } = this.#parts;
    const before = performance.now() - RENEW_MS / 2;
    for (const [token, { key, since }] of this.#held) {
      if (since > before) continue;
      servers.run(SCRIPTS.renew, [keys.lock(key)], [token]).catch(() => undefined);
    }
  }
}
