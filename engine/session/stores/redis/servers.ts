// Where sessions are: at the server that the configuration names or, when it says that it is one of a cluster, at those of
// the cluster, each with a connection of its own. Who has which session is asked on each new connection, when a server sends
// us elsewhere, and while one is away. Why not the driver's own cluster client: ARCHITECTURE.md.

import { setTimeout as pause } from 'node:timers/promises';
import { isAway } from '../../away.ts';
import type { SessionsEnvironment } from '../../face.ts';
import { COMMAND_MS } from '../within-time.ts';
import { addressBeside, type RedisAddress, type RedisDriver } from './client.ts';
import { isRefused, RedisConnection } from './connection.ts';
import type { RedisKeys } from './keys.ts';
import type { Script } from './scripts.ts';
import type { ServerSecret } from './secret.ts';
import { SLOTS, type SlotRange, slotOf, slotRanges } from './slots.ts';

/** How often others are asked who has the sessions of a server that is away. */
const LOOK_MS = 500;
/** How soon something is asked again that is on its way from one server to another. */
const MOVING_MS = 20;

/** What the connections are made of. */
export interface ServersParts {
  readonly driver: RedisDriver;
  /** The server that is named, one of those of a cluster. */
  readonly address: RedisAddress;
  readonly keys: RedisKeys;
  readonly secret: ServerSecret;
  readonly process: string;
  readonly hear: (message: string) => void;
  /** To be called on each new connection, before anybody else uses it. */
  readonly settle: (server: RedisConnection) => Promise<void>;
  readonly log: SessionsEnvironment['log'];
}

/** Sends each command to the server that has its first key. */
export class RedisServers {
  readonly #parts: ServersParts;
  /** The server that is named. In a cluster it is only asked who has what; whoever has sessions is connected to as well. */
  readonly #named: RedisConnection;
  /** The servers of a cluster, by address and name. */
  readonly #members = new Map<string, RedisConnection>();
  #owners: readonly (RedisConnection | undefined)[] | undefined;
  readonly #learning = new Map<RedisConnection, Promise<void>>();
  readonly #watch: NodeJS.Timeout;
  #isClosed = false;

  constructor(parts: ServersParts) {
    this.#parts = parts;
    this.#named = this.#connection(parts.address, parts.keys.channels(), (level, message) => {
      if (this.#members.size === 0) parts.log(level, message);
    });
    this.#watch = setInterval(() => this.#lookAround(), LOOK_MS).unref();
  }

  /** Those that have sessions. */
  get each(): readonly RedisConnection[] {
    return this.#members.size === 0 ? [this.#named] : [...this.#members.values()];
  }

  /** The one that has a name, as far as is known. */
  of(name: string): RedisConnection {
    return this.#owners?.[slotOf(name)] ?? this.#named;
  }

  /** Connects to all of them; those that are away are waited for in the background. */
  async open(): Promise<void> {
    this.#open(this.#named);
    await this.#named.start();
    await Promise.all([...this.#members.values()].map((member) => member.start()));
  }

  /** Runs a script: see RedisConnection. All its keys are in the slot of the first, or the cluster refuses it. */
  run(
    script: Script,
    keys: readonly string[],
    args: readonly string[],
    repeatable = false,
  ): Promise<unknown> {
    return this.#follow(keys[0] ?? '', repeatable, (server, until) =>
      server.run(script, keys, args, repeatable, until),
    );
  }

  /** The same with its text, which takes no answer about whether the server knows it. */
  runWhole(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return this.#follow(keys[0] ?? '', false, (server, until) =>
      server.send(server.whole(script, keys, args), false, until),
    );
  }

  /** Sends a command about one key, which stands behind its name. */
  send(command: readonly string[], repeatable = false): Promise<unknown> {
    return this.#follow(command[1] ?? '', repeatable, (server, until) =>
      server.send(command, repeatable, until),
    );
  }

  /**
   * Along with a turn under which a session may begin: its id is fresh only by the secret that is there by now. Those whose
   * sessions are elsewhere do not wait for a server that is away.
   */
  async look(): Promise<void> {
    const { secret, keys } = this.#parts;
    const server = this.of(keys.secret);
    if (server.isUsable) await secret.look(server, keys);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#watch);
    await Promise.all([this.#named, ...this.#members.values()].map((server) => server.close()));
  }

  /** Who has it says so, or who else does: then nothing has happened yet, and that one is asked. */
  async #follow(
    name: string,
    repeatable: boolean,
    ask: (server: RedisConnection, until: number) => Promise<unknown>,
  ): Promise<unknown> {
    const until = performance.now() + COMMAND_MS;
    for (;;) {
      const server = this.of(name);
      try {
        return await ask(server, until);
      } catch (error) {
        if (performance.now() >= until) throw error;
        if (isRefused(error, 'MOVED')) await this.#lookElsewhere(server, name);
        else if (isRefused(error, 'ASK') || isRefused(error, 'TRYAGAIN')) await pause(MOVING_MS);
        else if (!repeatable || !isAway(error) || this.of(name) === server) throw error;
      }
    }
  }

  #connection(address: RedisAddress, channels: string, log: SessionsEnvironment['log']): RedisConnection {
    const { driver, process, hear } = this.#parts;
    return new RedisConnection({ driver, address, channels, process, hear, log });
  }

  #open(server: RedisConnection): void {
    const { secret, keys, settle } = this.#parts;
    server.open(async () => {
      await this.#learn(server);
      if (this.of(keys.secret) === server) await secret.agree(server, keys);
      await settle(server);
    });
  }

  /** While one is away, another may already have its sessions. */
  #lookAround(): void {
    if (this.each.every((server) => server.isUsable)) return;
    const usable = [this.#named, ...this.#members.values()].filter((server) => server.isUsable);
    const witness = usable[Math.floor(Math.random() * usable.length)];
    if (witness !== undefined) this.#learn(witness).catch(() => undefined);
  }

  /** Somebody has a key whom the server knows that was asked. */
  async #lookElsewhere(asked: RedisConnection, name: string): Promise<void> {
    await this.#learn(asked, true);
    if (this.of(name) === asked) await pause(MOVING_MS);
  }

  /** Asks a server who has what; once for all who want to know. */
  #learn(from: RedisConnection, isElsewhere = false): Promise<void> {
    const running = this.#learning.get(from);
    if (running !== undefined) return running;
    const learning = this.#ask(from, isElsewhere).finally(() => this.#learning.delete(from));
    this.#learning.set(from, learning);
    return learning;
  }

  async #ask(server: RedisConnection, isElsewhere: boolean): Promise<void> {
    try {
      const ranges = slotRanges(await server.sendNow(['CLUSTER', 'SLOTS']));
      const isSeveral = new Set(ranges.map(({ id }) => id)).size > 1 || this.#members.size > 0;
      const isNews = ranges.length > 0 && (isSeveral || isElsewhere);
      if (isNews && !this.#isClosed) this.#divide(ranges, server.address);
    } catch (error) {
      // A server that is alone knows nothing of clusters.
      if (isAway(error)) throw error;
    }
  }

  #divide(ranges: readonly SlotRange[], asked: RedisAddress): void {
    const owners = new Array<RedisConnection | undefined>(SLOTS).fill(undefined);
    for (const range of ranges) owners.fill(this.#member(range, asked), range.first, range.last + 1);
    this.#owners = owners;
    const inCharge = new Set(owners);
    for (const [name, member] of this.#members) if (!inCharge.has(member)) this.#leave(name, member);
  }

  #member({ id, host, port }: SlotRange, asked: RedisAddress): RedisConnection {
    const { keys, log } = this.#parts;
    const address = addressBeside(asked, host, port);
    const name = `${id} ${address.url}`;
    const known = this.#members.get(name);
    if (known !== undefined) return known;
    const member = this.#connection(address, keys.channels(id), log);
    this.#members.set(name, member);
    this.#open(member);
    return member;
  }

  #leave(name: string, member: RedisConnection): void {
    this.#members.delete(name);
    const { shown } = member.address;
    if (!member.isUsable)
      this.#parts.log('warn', `the session store is back: others do the work of ${shown}`);
    void member.close();
  }
}
