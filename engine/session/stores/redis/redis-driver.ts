// The driver of Redis and Valkey. An entry is a hash beside its deadline, and the server forgets it by itself. A lock is acquired
// with the entry in one script and released with the change in another, which hands it over to the next request by message.

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../../diagnostics/problem.ts';
import type { Outcome } from '../../session-store.ts';
import { failureReason } from '../foreign-code.ts';
import { CALL_TIMEOUT_MS } from '../locking/driver-calls.ts';
import type {
  AcquireResult,
  Acquisition,
  DriverEntry,
  EntryChange,
  HeldLock,
  ListedEntry,
  StoreDriver,
} from '../locking/store-driver.ts';
import { entryOf, Grants, heldBy } from './lock-handovers.ts';
import type { RedisCluster } from './redis-cluster.ts';
import { type RedisAddress, RedisConnection, type RedisPackage, Unanswered } from './redis-connection.ts';
import type { RedisNames } from './redis-names.ts';
import { scannedNames } from './redis-scan.ts';
import {
  ACQUIRE,
  ADD,
  LEAVE,
  OUTCOMES,
  RELEASE,
  REMOVE_EXPIRED,
  RENEW,
  type Script,
  TOUCH,
} from './redis-scripts.ts';

/** The server forgets an entry so much after its deadline: the clocks of those who share it may differ by as much. */
const SKEW_MS = 10_000;

/** Answers of a server that cannot work now, but it or another will again. */
const NOT_NOW =
  /^(LOADING|BUSY|MASTERDOWN|READONLY|CLUSTERDOWN|MOVED|ASK|TRYAGAIN|NOREPLICAS|NOAUTH|WRONGPASS) /;

/** What the driver is made of. */
interface RedisDriverParts {
  readonly redis: RedisPackage;
  /** The server that is named: the only one, or one of a cluster. */
  readonly address: RedisAddress;
  readonly names: RedisNames;
  readonly now: () => number;
}

/** Keeps entries at one server, or at those of a cluster. */
export class RedisDriver implements StoreDriver {
  readonly lock = 'store';
  readonly sweepSteps = 1;
  readonly removesExpired = true;
  readonly processName = randomBytes(12).toString('base64url');
  readonly #redis: RedisPackage;
  readonly #names: RedisNames;
  readonly #now: () => number;
  readonly #named: RedisConnection;
  readonly #grants = new Grants();
  #cluster: RedisCluster | undefined;
  #added = 0;

  constructor({ redis, address, names, now }: RedisDriverParts) {
    this.#redis = redis;
    this.#names = names;
    this.#now = now;
    this.#named = this.#connection(address);
  }

  /** Connects; a server that is unavailable is tried again in the background. */
  async open(): Promise<void> {
    const see = () => this.#seeCluster().catch(() => undefined);
    await this.#named.open(() => void see());
    await Promise.race([see(), pause(CALL_TIMEOUT_MS, undefined, { ref: false })]);
  }

  async acquire(acquisition: Acquisition): Promise<AcquireResult> {
    this.#grants.expect(acquisition);
    const { key, token, page, mayCreate: begins } = acquisition;
    const args = ['3', ...this.#lockNames(key), token, page, begins ? '1' : '0'];
    const reply = await this.#run(key, ACQUIRE, args);
    if (Array.isArray(reply) && reply.length === 2)
      return { kind: 'taken', page: String(reply[0]), held_ms: Number(reply[1]) };
    this.#grants.forget(acquisition);
    return Array.isArray(reply) ? heldBy(acquisition, reply[0], reply[1], reply[2]) : { kind: 'absent' };
  }

  async release(held: HeldLock, change: EntryChange): Promise<Outcome> {
    switch (change.kind) {
      case 'touch':
        return this.#release(held, ['touch', String(change.deadline), this.#ttl(change.deadline)]);
      case 'put': {
        const { text, deadline } = change.entry;
        const kind = change.replaces ? 'replace' : 'put';
        return this.#release(held, [kind, String(deadline), this.#ttl(deadline), text]);
      }
      default:
        return this.#release(held, [change.kind]);
    }
  }

  quarantine(held: HeldLock, key: string, deadline: number): Promise<Outcome> {
    return this.#release(
      held,
      ['quarantine', String(deadline), this.#ttl(deadline)],
      [this.#names.entry(key)],
    );
  }

  async renew(held: readonly HeldLock[]): Promise<void> {
    await Promise.all(
      held.map(({ acquisition: { key, token } }) =>
        this.#run(key, RENEW, ['1', this.#names.lock(key), token]),
      ),
    );
  }

  awaitHandover(
    acquisition: Acquisition,
    milliseconds: number,
    signal: AbortSignal | undefined,
  ): Promise<HeldLock | undefined> {
    return this.#grants.wait(acquisition, milliseconds, signal);
  }

  async cancel(acquisition: Acquisition): Promise<void> {
    this.#grants.forget(acquisition);
    const { key, token, page } = acquisition;
    await this.#run(key, LEAVE, ['3', ...this.#lockNames(key), token, page]);
  }

  async load(key: string): Promise<DriverEntry | undefined> {
    const reply = await this.#send(key, ['HMGET', this.#names.entry(key), 'd', 'c']);
    return Array.isArray(reply) ? entryOf(reply[0], reply[1]) : undefined;
  }

  async add(key: string, { text, deadline }: DriverEntry): Promise<boolean> {
    const writer = `${this.processName}:added ${++this.#added}`;
    const args = ['1', this.#names.entry(key), writer, String(deadline), this.#ttl(deadline), text];
    return (await this.#run(key, ADD, args)) === 1;
  }

  async touch(key: string, deadline: number, from: number): Promise<boolean> {
    const args = ['1', this.#names.entry(key), String(deadline), this.#ttl(deadline), String(from)];
    return (await this.#run(key, TOUCH, args)) === 1;
  }

  async remove(key: string): Promise<void> {
    await this.#send(key, ['DEL', this.#names.entry(key)]);
  }

  async *list(beginning: string): AsyncGenerator<ListedEntry> {
    for await (const names of scannedNames(await this.#servers(), this.#names.pattern(beginning))) {
      const keys = names.map((name) => this.#names.keyOf(name));
      const entries = await Promise.all(keys.map((key) => this.load(key)));
      for (const [index, key] of keys.entries()) {
        const entry = entries[index];
        if (entry !== undefined) yield { key, entry };
      }
    }
  }

  /** For an operator: what it finds has expired by this site's clock, and not yet by the server's. */
  async sweep(_step: number, now: number): Promise<number> {
    let removed = 0;
    for await (const names of scannedNames(await this.#servers(), this.#names.pattern(''))) {
      const removals = await Promise.all(
        names.map((name) => this.#removeExpired(this.#names.keyOf(name), now)),
      );
      removed += removals.filter(Boolean).length;
    }
    return removed;
  }

  serverOf(key: string): string {
    return (this.#cluster?.serverOf(this.#names.tagOf(key)) ?? this.#named).address.shown;
  }

  /** Another server may have its keys by now. */
  onTimeout(): void {
    this.#cluster?.lookAround().catch(() => undefined);
  }

  isUnsent(error: unknown): boolean {
    return error instanceof Unanswered && !error.isSent;
  }

  problemOf(error: unknown): Problem {
    const params = { reason: failureReason(error) };
    const isRefused = error instanceof this.#redis.ErrorReply && !NOT_NOW.test(error.message);
    return new Problem(isRefused ? 'session-server-refused' : 'session-store-unavailable', {
      params,
      cause: error,
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#named.close(), this.#cluster?.close()]);
  }

  async #release(held: HeldLock, change: readonly string[], more: readonly string[] = []): Promise<Outcome> {
    const { key, token } = held.acquisition;
    const names = [...this.#lockNames(key), ...more];
    const args = [String(names.length), ...names, token, String(held.fence), ...change];
    return OUTCOMES[Number(await this.#run(key, RELEASE, args))] ?? 'lost';
  }

  async #removeExpired(key: string, now: number): Promise<boolean> {
    const entry = this.#names.entry(key);
    const deadline = Number(await this.#send(key, ['HGET', entry, 'd']));
    if (deadline === 0 || deadline > now) return false;
    const args = ['2', entry, this.#names.lock(key), String(deadline)];
    return (await this.#run(key, REMOVE_EXPIRED, args)) === 1;
  }

  #run(key: string, script: Script, args: readonly string[]): Promise<unknown> {
    return this.#ask(key, (server) => server.run(script, args));
  }

  #send(key: string, command: string[]): Promise<unknown> {
    return this.#ask(key, (server) => server.send(command));
  }

  /** Asks the server that has a key. One that is named and has it no more says so: then it is one of a cluster. */
  async #ask(key: string, ask: (server: RedisConnection) => Promise<unknown>): Promise<unknown> {
    if (this.#cluster === undefined) {
      try {
        return await ask(this.#named);
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('MOVED '))) throw error;
        await this.#joinCluster();
      }
    }
    return this.#cluster?.ask(this.#names.tagOf(key), ask);
  }

  async #servers(): Promise<readonly RedisConnection[]> {
    return (await this.#cluster?.servers()) ?? [this.#named];
  }

  /** A server that is alone refuses to tell who else is there, or names itself only. */
  async #seeCluster(): Promise<void> {
    if (this.#cluster !== undefined) return;
    const ranges = await this.#named.send(['CLUSTER', 'SLOTS']);
    const servers = new Set(Array.isArray(ranges) ? ranges.map((range) => String(range[2])) : []);
    if (servers.size > 1) await this.#joinCluster();
  }

  async #joinCluster(): Promise<void> {
    const { RedisCluster } = await import('./redis-cluster.ts');
    this.#cluster ??= new RedisCluster(this.#named, (address, id) => this.#connection(address, id));
    await this.#cluster.learn(this.#named);
  }

  #connection(address: RedisAddress, id = ''): RedisConnection {
    const hear = (message: string) => this.#hear(message);
    const channels = this.#names.channels(id);
    return new RedisConnection({ redis: this.#redis, address, channels, process: this.processName, hear });
  }

  /** A lock that nothing waits for any more goes on to the next request. */
  #hear(message: string): void {
    const unexpected = this.#grants.hear(message);
    if (unexpected !== undefined) this.cancel(unexpected).catch(() => undefined);
  }

  #lockNames(key: string): readonly string[] {
    return [this.#names.entry(key), this.#names.lock(key), this.#names.queue(key)];
  }

  #ttl(deadline: number): string {
    return deadline === 0 ? '0' : String(Math.max(0, deadline - this.#now()) + SKEW_MS);
  }
}
