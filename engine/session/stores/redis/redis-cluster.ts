// A cluster of Redis or Valkey: a connection to each server, and the table of slots that says which server has a key. The table is
// read again when a server answers that another one has the key, and while one is unavailable. ARCHITECTURE.md says why the cluster
// client of the package is not used.

import { setTimeout as pause } from 'node:timers/promises';
import { CALL_TIMEOUT_MS } from '../locking/driver-calls.ts';
import { type RedisAddress, type RedisConnection, Unanswered } from './redis-connection.ts';

export const SLOTS = 16_384;

/** The pause before a command is repeated whose key is moving from one server to another. */
const MOVING_MS = 20;

/** Makes a connection to a server. `id`: its name in the cluster. */
type Connect = (address: RedisAddress, id: string) => RedisConnection;

/** Sends each command to the server that has its key. */
export class RedisCluster {
  readonly #configured: RedisConnection;
  readonly #connect: Connect;
  /** The servers with slots, by name and address. */
  readonly #members = new Map<string, RedisConnection>();
  #owners: readonly (RedisConnection | undefined)[] = [];
  readonly #learning = new Map<RedisConnection, Promise<void>>();
  #isClosed = false;

  /** @param configured is asked for the table of slots only */
  constructor(configured: RedisConnection, connect: Connect) {
    this.#configured = configured;
    this.#connect = connect;
  }

  /** The servers that have keys, by the newest table that can be read. */
  async servers(): Promise<readonly RedisConnection[]> {
    await this.learnFromAny().catch(() => undefined);
    return [...this.#members.values()];
  }

  serverOf(tag: string): RedisConnection {
    return this.#owners[slotOf(tag)] ?? this.#configured;
  }

  /** Asks the server that has a hash tag. A server that answers with a redirection has done nothing, so the command is repeated. */
  async ask(tag: string, ask: (server: RedisConnection) => Promise<unknown>): Promise<unknown> {
    const until = performance.now() + CALL_TIMEOUT_MS - MOVING_MS;
    for (;;) {
      const server = this.serverOf(tag);
      try {
        return await ask(server);
      } catch (error) {
        if (performance.now() >= until) throw error;
        if (says(error, 'MOVED')) await this.#followMoved(server, tag);
        else if (says(error, 'ASK') || says(error, 'TRYAGAIN')) await pause(MOVING_MS);
        else if (!(await this.#hasMoved(error, server, tag))) throw error;
      }
    }
  }

  /** Reads the table of slots from a server. Calls at the same time share one answer. */
  learn(from: RedisConnection): Promise<void> {
    const running = this.#learning.get(from);
    if (running !== undefined) return running;
    const learning = this.#readSlots(from).finally(() => this.#learning.delete(from));
    this.#learning.set(from, learning);
    return learning;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#members.values()].map((member) => member.close()));
  }

  /** Reads the table of slots from any server that is connected. */
  async learnFromAny(): Promise<void> {
    const connected = [this.#configured, ...this.#members.values()].filter(({ isReady }) => isReady);
    const server = connected[Math.floor(Math.random() * connected.length)];
    if (server !== undefined) await this.learn(server);
  }

  /** The answer MOVED: another server has the hash tag. */
  async #followMoved(asked: RedisConnection, tag: string): Promise<void> {
    await this.learn(asked);
    if (this.serverOf(tag) === asked) await pause(MOVING_MS);
  }

  /** Whether another server has taken over from one that cannot be reached, and the command may be repeated. */
  async #hasMoved(error: unknown, asked: RedisConnection, tag: string): Promise<boolean> {
    if (!(error instanceof Unanswered)) return false;
    await this.learnFromAny().catch(() => undefined);
    return !error.isSent && this.serverOf(tag) !== asked;
  }

  async #readSlots(server: RedisConnection): Promise<void> {
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

/** The address of another server of the cluster, with the protocol, user and password of the one that was asked. */
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

/** A range of slots of one server. */
interface SlotRange {
  readonly first: number;
  readonly last: number;
  /** The permanent name of the server in the cluster. */
  readonly id: string;
  /** '': the host of the server that was asked. */
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
