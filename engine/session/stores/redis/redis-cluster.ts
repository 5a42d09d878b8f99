// A cluster of Redis or Valkey: which of its servers has which keys, and a connection to each. Who has what is asked when a
// server says that another has it, and while one is unavailable. Why not the package's own cluster client: ARCHITECTURE.md.

import { setTimeout as pause } from 'node:timers/promises';
import { CALL_TIMEOUT_MS } from '../locking/driver-calls.ts';
import { type RedisAddress, type RedisConnection, Unanswered } from './redis-connection.ts';

export const SLOTS = 16_384;

/** How soon a command about a key is given again that moves from one server to another. */
const MOVING_MS = 20;

/** Makes a connection to a server, given its name in the cluster. */
type Connect = (address: RedisAddress, id: string) => RedisConnection;

/** Gives each command to the server that has its key. */
export class RedisCluster {
  readonly #named: RedisConnection;
  readonly #connect: Connect;
  /** By name and address. */
  readonly #members = new Map<string, RedisConnection>();
  #owners: readonly (RedisConnection | undefined)[] = [];
  readonly #learning = new Map<RedisConnection, Promise<void>>();
  #isClosed = false;

  /** @param named only asked who has what */
  constructor(named: RedisConnection, connect: Connect) {
    this.#named = named;
    this.#connect = connect;
  }

  /** All that have keys, as far as one knows that can be asked. */
  async servers(): Promise<readonly RedisConnection[]> {
    await this.lookAround().catch(() => undefined);
    return [...this.#members.values()];
  }

  serverOf(tag: string): RedisConnection {
    return this.#owners[slotOf(tag)] ?? this.#named;
  }

  /** The server that has a tag is told to do something, or says where the tag is: then nothing has happened yet. */
  async ask(tag: string, ask: (server: RedisConnection) => Promise<unknown>): Promise<unknown> {
    const until = performance.now() + CALL_TIMEOUT_MS - MOVING_MS;
    for (;;) {
      const server = this.serverOf(tag);
      try {
        return await ask(server);
      } catch (error) {
        if (performance.now() >= until) throw error;
        if (says(error, 'MOVED')) await this.#lookElsewhere(server, tag);
        else if (says(error, 'ASK') || says(error, 'TRYAGAIN')) await pause(MOVING_MS);
        else if (!(await this.#hasMoved(error, server, tag))) throw error;
      }
    }
  }

  /** Asks a server who has what; once for all calls that want to know. */
  learn(from: RedisConnection): Promise<void> {
    const running = this.#learning.get(from);
    if (running !== undefined) return running;
    const learning = this.#ask(from).finally(() => this.#learning.delete(from));
    this.#learning.set(from, learning);
    return learning;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#members.values()].map((member) => member.close()));
  }

  /** Asks one of those that can be asked who has what. */
  async lookAround(): Promise<void> {
    const ready = [this.#named, ...this.#members.values()].filter(({ isReady }) => isReady);
    const witness = ready[Math.floor(Math.random() * ready.length)];
    if (witness !== undefined) await this.learn(witness);
  }

  /** The server that was asked knows another that has the tag. */
  async #lookElsewhere(asked: RedisConnection, tag: string): Promise<void> {
    await this.learn(asked);
    if (this.serverOf(tag) === asked) await pause(MOVING_MS);
  }

  /** Whether another server does the work of one that cannot be reached, and the command may be given again. */
  async #hasMoved(error: unknown, asked: RedisConnection, tag: string): Promise<boolean> {
    if (!(error instanceof Unanswered)) return false;
    await this.lookAround().catch(() => undefined);
    return !error.isSent && this.serverOf(tag) !== asked;
  }

  async #ask(server: RedisConnection): Promise<void> {
    const ranges = slotRanges(await server.send(['CLUSTER', 'SLOTS']));
    if (ranges.length === 0 || this.#isClosed) return;
    const owners = new Array<RedisConnection | undefined>(SLOTS).fill(undefined);
    const opening: Promise<void>[] = [];
    for (const range of ranges)
      owners.fill(this.#member(range, server.address, opening), range.first, range.last + 1);
    await Promise.all(opening);
    this.#owners = owners;
    const inCharge = new Set(owners);
    for (const [name, member] of this.#members) {
      if (inCharge.has(member)) continue;
      this.#members.delete(name);
      void member.close();
    }
  }

  #member({ id, host, port }: SlotRange, asked: RedisAddress, opening: Promise<void>[]): RedisConnection {
    const address = addressBeside(asked, host, port);
    const name = `${id} ${address.url}`;
    const known = this.#members.get(name);
    if (known !== undefined) return known;
    const member = this.#connect(address, id);
    this.#members.set(name, member);
    opening.push(member.open());
    return member;
  }
}

function says(error: unknown, reason: string): boolean {
  return error instanceof Error && error.message.startsWith(`${reason} `);
}

/** Where another server of the same cluster is: reached as the first one is, with its user and password. */
function addressBeside(
  { url = 'redis://127.0.0.1' }: RedisAddress,
  host: string,
  port: number,
): RedisAddress {
  const beside = new URL(url);
  if (host !== '') beside.hostname = host.includes(':') ? `[${host}]` : host;
  beside.port = String(port);
  return { url: beside.href, shown: `cluster server ${beside.host}` };
}

/** Slots that one server has. */
interface SlotRange {
  readonly first: number;
  readonly last: number;
  /** The server's name in the cluster, for ever. */
  readonly id: string;
  /** '': that of the server that was asked. */
  readonly host: string;
  readonly port: number;
}

/** The answer to CLUSTER SLOTS. */
function slotRanges(reply: unknown): SlotRange[] {
  return listOf(reply).map((range) => {
    const [first, last, master] = listOf(range);
    const [host, port, id] = listOf(master);
    const isNamed = typeof host === 'string' && host !== '?';
    return {
      first: Number(first),
      last: Number(last),
      id: String(id),
      host: isNamed ? host : '',
      port: Number(port),
    };
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The slot of a hash tag (the cluster specification of Redis: CRC16, XMODEM). */
export function slotOf(tag: string): number {
  let crc = 0;
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
  }
  return (crc & 0xffff) % SLOTS;
}
