// The driver of Redis and Valkey. An entry is a hash with its deadline, and the server removes it when it expires. One script acquires
// a lock and reads the entry; another one writes, and hands the lock over to the next request by message.

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
  ListedDriverEntry,
  StoreDriver,
} from '../locking/store-driver.ts';
import { entryOf, heldBy, LockHandovers } from './lock-handovers.ts';
import type { RedisCluster } from './redis-cluster.ts';
import { type RedisAddress, RedisConnection, type RedisPackage, Unanswered } from './redis-connection.ts';
import type { RedisNames } from './redis-names.ts';
import { scannedNames } from './redis-scan.ts';
import { ACQUIRE, ADD, CANCEL, OUTCOMES, RELEASE, RENEW, type Script, TOUCH } from './redis-scripts.ts';

/** The time from the deadline to the removal by the server, because the clocks of site and server may differ by as much. */
const SKEW_MS = 10_000;

/** Errors of a server that cannot work now, but that or another server will. */
const NOT_NOW =
  /^(LOADING|BUSY|MASTERDOWN|READONLY|CLUSTERDOWN|MOVED|ASK|TRYAGAIN|NOREPLICAS|NOAUTH|WRONGPASS) /;

interface RedisDriverParts {
  readonly redis: RedisPackage;
  /** The configured server: the only one, or one of a cluster. */
  readonly address: RedisAddress;
  readonly names: RedisNames;
  readonly now: () => number;
}

export class RedisDriver implements StoreDriver {
  readonly lock = 'store';
  readonly processName = randomBytes(12).toString('base64url');
  readonly #redis: RedisPackage;
  readonly #names: RedisNames;
  readonly #now: () => number;
  readonly #configured: RedisConnection;
  readonly #handovers = new LockHandovers();
  #cluster: RedisCluster | undefined;
  #added = 0;

  constructor({ redis, address, names, now }: RedisDriverParts) {
    this.#redis = redis;
    this.#names = names;
    this.#now = now;
    this.#configured = this.#connection(address);
  }

  /** Connects. If the server is unavailable, the connection is retried in the background. */
  async open(): Promise<void> {
    const detect = () => this.#detectCluster().catch(() => undefined);
    await this.#configured.open(() => void detect());
    await Promise.race([detect(), pause(CALL_TIMEOUT_MS, undefined, { ref: false })]);
  }

  async acquire(acquisition: Acquisition): Promise<AcquireResult> {
    this.#handovers.expect(acquisition);
    const { key, token, page, mayCreate } = acquisition;
    const reply = await this.#run(key, ACQUIRE, this.#names.forLock(key), token, page, mayCreate ? '1' : '0');
    if (Array.isArray(reply) && reply.length === 2)
      return { kind: 'taken', page: String(reply[0]), held_ms: Number(reply[1]) };
    this.#handovers.forget(acquisition);
    return Array.isArray(reply) ? heldBy(acquisition, reply[0], reply[1], reply[2]) : { kind: 'absent' };
  }

  async release(held: HeldLock, change: EntryChange): Promise<Outcome> {
    switch (change.kind) {
      case 'touch':
        return this.#release(held, [], 'touch', ...this.#ending(change.deadline));
      case 'put': {
        const { text, deadline } = change.entry;
        const kind = change.replaces ? 'replace' : 'put';
        return this.#release(held, [], kind, ...this.#ending(deadline), text);
      }
      default:
        return this.#release(held, [], change.kind);
    }
  }

  quarantine(held: HeldLock, key: string, deadline: number): Promise<Outcome> {
    return this.#release(held, [this.#names.entry(key)], 'quarantine', ...this.#ending(deadline));
  }

  async renew(held: readonly HeldLock[]): Promise<void> {
    const acquisitions = held.map(({ acquisition }) => acquisition);
    await Promise.all(
      acquisitions.map(({ key, token }) => this.#run(key, RENEW, this.#names.forLock(key), token)),
    );
  }

  awaitHandover(
    acquisition: Acquisition,
    milliseconds: number,
    signal: AbortSignal | undefined,
  ): Promise<HeldLock | undefined> {
    return this.#handovers.wait(acquisition, milliseconds, signal);
  }

  async cancel(acquisition: Acquisition): Promise<void> {
    this.#handovers.forget(acquisition);
    const { key, token, page } = acquisition;
    await this.#run(key, CANCEL, this.#names.forLock(key), token, page);
  }

  async load(key: string): Promise<DriverEntry | undefined> {
    const reply = await this.#send(key, ['HMGET', this.#names.entry(key), 'd', 'c']);
    return Array.isArray(reply) ? entryOf(reply[0], reply[1]) : undefined;
  }

  async add(key: string, { text, deadline }: DriverEntry): Promise<boolean> {
    const version = `${this.processName}:added ${++this.#added}`;
    const names = [this.#names.entry(key)];
    return (await this.#run(key, ADD, names, version, ...this.#ending(deadline), text)) === 1;
  }

  async touch(key: string, deadline: number, from: number): Promise<boolean> {
    const names = [this.#names.entry(key)];
    return (await this.#run(key, TOUCH, names, ...this.#ending(deadline), String(from))) === 1;
  }

  async remove(key: string): Promise<void> {
    await this.#send(key, ['DEL', this.#names.entry(key)]);
  }

  async *list(beginning: string): AsyncGenerator<ListedDriverEntry> {
    const servers = (await this.#cluster?.servers()) ?? [this.#configured];
    for await (const names of scannedNames(servers, this.#names.pattern(beginning))) {
      const keys = names.map((name) => this.#names.keyOf(name));
      const entries = await Promise.all(keys.map((key) => this.load(key)));
      for (const [index, key] of keys.entries()) {
        const entry = entries[index];
        if (entry !== undefined) yield { key, entry };
      }
    }
  }

  serverOf(key: string): string {
    return (this.#cluster?.serverOf(this.#names.tagOf(key)) ?? this.#configured).address.shown;
  }

  /** Another server of the cluster may have taken over. */
  onTimeout(): void {
    this.#cluster?.learnFromAny().catch(() => undefined);
  }

  isUnsent(error: unknown): boolean {
    return error instanceof Unanswered && !error.isSent;
  }

  problemOf(cause: unknown): Problem {
    const isRefused = cause instanceof this.#redis.ErrorReply && !NOT_NOW.test(cause.message);
    const code = isRefused ? 'session-server-refused' : 'session-store-unavailable';
    return new Problem(code, { params: { reason: failureReason(cause) }, cause });
  }

  async close(): Promise<void> {
    await Promise.all([this.#configured.close(), this.#cluster?.close()]);
  }

  async #release(held: HeldLock, moreNames: readonly string[], ...change: string[]): Promise<Outcome> {
    const { key, token } = held.acquisition;
    const names = [...this.#names.forLock(key), ...moreNames];
    return (
      OUTCOMES[Number(await this.#run(key, RELEASE, names, token, String(held.fence), ...change))] ?? 'lost'
    );
  }

  #run(key: string, script: Script, names: readonly string[], ...args: string[]): Promise<unknown> {
    return this.#ask(key, (server) => server.run(script, names, args));
  }

  #send(key: string, command: string[]): Promise<unknown> {
    return this.#ask(key, (server) => server.send(command));
  }

  /** Asks the server that has a key. An answer MOVED says that the configured server is one of a cluster. */
  #ask(key: string, ask: (server: RedisConnection) => Promise<unknown>): Promise<unknown> {
    if (this.#cluster !== undefined) return this.#cluster.ask(this.#names.tagOf(key), ask);
    return ask(this.#configured).catch(async (error: unknown) => {
      if (!(error instanceof Error && error.message.startsWith('MOVED '))) throw error;
      await this.#joinCluster();
      return this.#cluster?.ask(this.#names.tagOf(key), ask);
    });
  }

  /** A server outside a cluster refuses the command, or returns itself only. */
  async #detectCluster(): Promise<void> {
    if (this.#cluster !== undefined) return;
    const ranges = await this.#configured.send(['CLUSTER', 'SLOTS']);
    const servers = new Set(Array.isArray(ranges) ? ranges.map((range) => String(range[2])) : []);
    if (servers.size > 1) await this.#joinCluster();
  }

  async #joinCluster(): Promise<void> {
    const { RedisCluster } = await import('./redis-cluster.ts');
    this.#cluster ??= new RedisCluster(this.#configured, (address, id) => this.#connection(address, id));
    await this.#cluster.learn(this.#configured);
  }

  #connection(address: RedisAddress, id = ''): RedisConnection {
    const onMessage = (message: string) => this.#receive(message);
    const channels = this.#names.channels(id);
    const { processName } = this;
    return new RedisConnection({ redis: this.#redis, address, channels, processName, onMessage });
  }

  #receive(message: string): void {
    const unexpected = this.#handovers.receive(message);
    if (unexpected !== undefined) this.cancel(unexpected).catch(() => undefined);
  }

  /** A deadline, and the time to live that the server gets: 0 for ever. */
  #ending(deadline: number): readonly [deadline: string, ttl: string] {
    const ttl = deadline === 0 ? 0 : Math.max(0, deadline - this.#now()) + SKEW_MS;
    return [String(deadline), String(ttl)];
  }
}
