// Turns between all processes that share a server (recipe 3e): a lock that is added, with the data read behind it in the
// same trip; waiters ask again, since memcached tells nobody anything. The lock ends by itself unless it is renewed, and
// may be forgotten: what holds a late writer back is the unique of the data that it read (changes.ts).

import { randomBytes } from 'node:crypto';
import type { Claim } from '../../store.ts';
import { lockedProblem } from '../../turns.ts';
import { pauseBeforeRetry } from '../poll.ts';
import { type Command, drop, gets, replace, touch, type Value } from './commands.ts';
import { type Entry, entryOf } from './entry.ts';
import type { MemcachedKeys } from './keys.ts';
import type { MemcachedServers } from './servers.ts';

/** The server counts whole seconds, so this is between two and three. */
const LEASE_S = 3;
const RENEW_MS = 1000;

/** A page's name in a lock has at most so many characters. */
const PAGE_LENGTH = 200;

/** A turn that is ours, until its lock runs out. */
export interface MemcachedTurn {
  readonly key: string;
  readonly entry: Entry;
  readonly since: number;
  /** By which only our own lock is removed. */
  readonly lockUnique: string;
}

/** What turns are made of. */
export interface TurnsParts {
  readonly servers: MemcachedServers;
  readonly keys: MemcachedKeys;
  readonly now: () => number;
}

/** Takes, renews and ends the turns of one process. */
export class MemcachedTurns {
  readonly #parts: TurnsParts;
  readonly #held = new Set<MemcachedTurn>();
  readonly #renewal: NodeJS.Timeout;

  constructor(parts: TurnsParts) {
    this.#parts = parts;
    this.#renewal = setInterval(() => this.#renew(), RENEW_MS).unref();
  }

  /** Waits for the turn. Only the head of the queue of each process comes here (../turns.ts). */
  async take(key: string, claim: Claim): Promise<MemcachedTurn> {
    const began = performance.now() - (claim.waited ?? 0) * 1000;
    const lock = lockText(claim.page);
    for (let tries = 0; ; tries++) {
      const { turn, holder } = await this.#ask(key, lock);
      if (turn !== undefined) return turn;
      if (performance.now() - began >= claim.patience * 1000) throw lockedBy(holder, claim);
      await pauseBeforeRetry(tries, claim.signal);
    }
  }

  /** It is renewed no more. */
  forget(turn: MemcachedTurn): void {
    this.#held.delete(turn);
  }

  /** What ends a turn. */
  release(turn: MemcachedTurn): Command {
    return drop(this.#parts.keys.lock(turn.key), turn.lockUnique);
  }

  close(): void {
    clearInterval(this.#renewal);
  }

  /** The lock is ours when ours is what stands there, however often it was asked for. */
  async #ask(key: string, lock: string) {
    const { servers, keys, now } = this.#parts;
    const names = [keys.lock(key), keys.data(key), keys.deadline(key)] as const;
    const [lockName, dataName, deadlineName] = names;
    const commands = [replace(lockName, undefined, lock, LEASE_S), gets(...names)];
    const [, reply] = await servers.of(key).send(commands, true);
    const holder = reply?.values.get(lockName);
    if (holder?.text !== lock) return { holder };
    const entry = entryOf(reply?.values.get(dataName), reply?.values.get(deadlineName), now());
    const turn = { key, entry, since: performance.now(), lockUnique: holder.unique };
    this.#held.add(turn);
    return { turn, holder };
  }

  #renew(): void {
    const before = performance.now() - RENEW_MS / 2;
    for (const turn of this.#held) {
      if (turn.since <= before) this.#renewOne(turn).catch(() => {});
    }
  }

  /** A lock that is another's by now is prolonged this once, as its holder would do. */
  async #renewOne(turn: MemcachedTurn): Promise<void> {
    const { servers, keys } = this.#parts;
    const name = keys.lock(turn.key);
    const [, reply] = await servers.of(turn.key).send([touch(name, LEASE_S), gets(name)]);
    if (reply?.values.get(name)?.unique !== turn.lockUnique) this.#held.delete(turn);
  }
}

/** "token since page"; all but the token is for the message to those who wait too long. */
function lockText(page: string): string {
  return `${randomBytes(15).toString('base64url')} ${Date.now()} ${page.slice(0, PAGE_LENGTH)}`;
}

function lockedBy(holder: Value | undefined, { patience, page }: Claim) {
  const [, since, held] = /^\S+ (\d+) (.*)$/s.exec(holder?.text ?? '') ?? [];
  if (held === undefined) return lockedProblem(patience, page, patience * 1000);
  return lockedProblem(patience, held, Date.now() - Number(since));
}
