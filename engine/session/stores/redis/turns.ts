// Turns between all processes that share a server (recipe 3c): won with the data in one trip, or handed over by the one
// before; kept by a lease that is renewed while a page runs long; given up with the change in one trip.

import { performance } from 'node:perf_hooks';
import { Problem } from '../../../diagnostics/problem.ts';
import type { Claim } from '../../store.ts';
import { lockedProblem } from '../../turns.ts';
import type { RedisConnection } from './connection.ts';
import { type Grants, type Read, readOf } from './grants.ts';
import type { RedisKeys } from './keys.ts';
import { SCRIPTS } from './scripts.ts';

const RENEW_MS = 1000;
/** How often a waiter asks again: a message may be lost, and the holder may be killed. */
const ASK_AGAIN_MS = 120;

/** A turn that is ours. */
export interface RedisTurn extends Read {
  readonly key: string;
  readonly token: string;
  readonly page: string;
}

/** What turns are made of. */
export interface TurnsParts {
  readonly connection: RedisConnection;
  readonly keys: RedisKeys;
  readonly grants: Grants;
  /** The name of this process; its channel ends with it. */
  readonly process: string;
  readonly now: () => number;
}

/** Takes, renews and ends the turns of one process. */
export class RedisTurns {
  readonly #parts: TurnsParts;
  readonly #held = new Map<string, { readonly key: string; readonly since: number }>();
  readonly #renewal: NodeJS.Timeout;
  #count = 0;

  constructor(parts: TurnsParts) {
    this.#parts = parts;
    this.#renewal = setInterval(() => this.#renew(), RENEW_MS).unref();
  }

  /** Waits for the turn; undefined when the key is absent and the claim begins nothing. */
  async take(key: string, claim: Claim): Promise<RedisTurn | undefined> {
    const token = `${this.#parts.process}:${++this.#count}`;
    const { grants } = this.#parts;
    grants.expect(token);
    try {
      const read = await this.#win(key, token, claim);
      if (read === undefined) return undefined;
      this.#held.set(token, { key, since: performance.now() });
      return { key, token, page: claim.page, ...read };
    } catch (error) {
      this.#leave(key, token, claim.page);
      throw error;
    } finally {
      grants.forget(token);
    }
  }

  /** Makes a change and gives the turn up: 'done', 'gone' or 'lost'. */
  async end(turn: RedisTurn, change: readonly string[], more: readonly string[] = []): Promise<unknown> {
    const { connection, keys, now } = this.#parts;
    this.#held.delete(turn.token);
    return connection.run(
      SCRIPTS.commit,
      [...keys.turn(turn.key), ...more],
      [...this.#who(turn.token, turn.page), String(now()), turn.version, ...change],
    );
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
      const granted = await this.#parts.grants.wait(token, Math.min(ASK_AGAIN_MS, left), claim.signal);
      if (granted !== undefined) return granted;
    }
  }

  async #ask(key: string, token: string, claim: Claim) {
    const { connection, keys, now } = this.#parts;
    const time = now();
    const begins = claim.begins === false ? '0' : '1';
    const args = [...this.#who(token, claim.page), String(time), begins];
    const reply = await connection.run(SCRIPTS.take, keys.turn(key), args, true);
    if (!Array.isArray(reply))
      throw new Problem('session-server-refused', { holes: { reason: String(reply) } });
    const [kind, ...rest] = reply;
    if (kind === 0) return { kind: 'wait', page: String(rest[0]), held: Number(rest[1]) } as const;
    if (kind === 2) return { kind: 'absent', read: undefined } as const;
    return { kind: 'won', read: readOf(rest[0], rest[1], rest[2], time) } as const;
  }

  /** A turn that was won but not heard of, or comes too late, goes on to the next; else its lease ends it. */
  #leave(key: string, token: string, page: string): void {
    const { connection, keys } = this.#parts;
    // Whole: whether a server that does not answer knows the script is heard too late to send it then.
    connection.runWhole(SCRIPTS.leave, keys.turn(key), this.#who(token, page)).catch(() => undefined);
  }

  #renew(): void {
    const { connection, keys } = this.#parts;
    const before = performance.now() - RENEW_MS / 2;
    for (const [token, { key, since }] of this.#held) {
      if (since > before) continue;
      connection.run(SCRIPTS.renew, [keys.lock(key)], [token]).catch(() => undefined);
    }
  }

  #who(token: string, page: string): string[] {
    return [token, page, this.#parts.keys.channels, '1'];
  }
}
