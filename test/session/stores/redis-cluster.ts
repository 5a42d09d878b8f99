// Clusters of Redis or Valkey for tests: of one server, or of several masters among which the slots are spread; each can be
// stopped and started again, a slot can be moved, a replica can take over.

import { setTimeout as pause } from 'node:timers/promises';
import { SLOTS, slotOf } from '../../../engine/session/stores/redis/redis-cluster.ts';
import { freePort } from '../../free-port.ts';
import { type RedisName, RedisServer } from './redis-server.ts';

/** One of its servers. */
interface Member {
  readonly server: RedisServer;
  readonly port: number;
  readonly busPort: number;
}

/** A cluster of our own. */
export class RedisCluster {
  readonly #members: readonly Member[];
  readonly #masters: number;

  private constructor(members: readonly Member[], masters: number) {
    this.#members = members;
    this.#masters = masters;
  }

  /** With the slots spread among so many masters; the other servers have none. */
  static async start(name: RedisName, servers: number, masters = servers): Promise<RedisCluster> {
    const members = await Promise.all(Array.from({ length: servers }, () => startMember(name)));
    const cluster = new RedisCluster(members, masters);
    const [first] = members;
    for (const [index, { server, port, busPort }] of members.entries()) {
      await server.command('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
      if (index < masters) {
        const share = [firstSlot(index, masters), firstSlot(index + 1, masters) - 1];
        await server.command('CLUSTER', 'ADDSLOTSRANGE', ...share.map(String));
      }
      if (index > 0) await first?.server.command('CLUSTER', 'MEET', '127.0.0.1', `${port}`, `${busPort}`);
    }
    await cluster.isWhole();
    return cluster;
  }

  /** Where a store of it begins to look. */
  get url(): string {
    return `redis://127.0.0.1:${this.#members[0]?.port}`;
  }

  get servers(): readonly RedisServer[] {
    return this.#members.map(({ server }) => server);
  }

  /** The server that had the sessions of a key from the beginning. */
  ownerOf(key: string): RedisServer {
    const slot = slotOf(key);
    const index = this.#members.findIndex((_, at) => slot < firstSlot(at + 1, this.#masters));
    return this.server(index);
  }

  server(index: number): RedisServer {
    const member = this.#members[index];
    if (member === undefined) throw new Error(`there is no server ${index}`);
    return member.server;
  }

  /** Waits until each server knows all servers and their slots. */
  async isWhole(): Promise<void> {
    const whole = [`cluster_known_nodes:${this.#members.length}`, `cluster_slots_ok:${SLOTS}`, 'state:ok'];
    for (const { server } of this.#members) {
      for (;;) {
        const info = await server.command('CLUSTER', 'INFO');
        if (whole.every((line) => info.includes(line))) break;
        await pause(5);
      }
    }
  }

  /** Moves the slot of a key, with all that is in it, as an operator's tools do; `meanwhile` runs in the middle. */
  async moveSlot(
    key: string,
    from: RedisServer,
    to: RedisServer,
    meanwhile: () => unknown = () => undefined,
  ): Promise<void> {
    const slot = String(slotOf(key));
    const { port } = this.#members.find(({ server }) => server === to) ?? {};
    const idOf = async (server: RedisServer) => bulk(await server.command('CLUSTER', 'MYID'))[0] ?? '';
    const [source, target] = [await idOf(from), await idOf(to)];
    await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', source);
    await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', target);
    await meanwhile();
    for (;;) {
      const names = bulk(await from.command('CLUSTER', 'GETKEYSINSLOT', slot, '1'));
      if (names.length === 0) break;
      await from.command('MIGRATE', '127.0.0.1', `${port}`, '', '0', '5000', 'KEYS', ...names);
    }
    for (const server of [to, from, ...this.servers])
      await server.command('CLUSTER', 'SETSLOT', slot, 'NODE', target);
  }

  /** Makes a server without slots the replica of another, which has all that the other has. */
  async replicate(replica: RedisServer, master: RedisServer): Promise<void> {
    const [id = ''] = bulk(await master.command('CLUSTER', 'MYID'));
    await replica.command('CLUSTER', 'REPLICATE', id);
    while (!(await replica.command('INFO', 'replication')).includes('master_link_status:up')) await pause(5);
  }

  async remove(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.remove()));
  }
}

async function startMember(name: RedisName): Promise<Member> {
  const [port, busPort] = [await freePort(), await freePort()];
  const ports = ['--port', String(port), '--cluster-port', String(busPort)];
  const options = ['--cluster-enabled', 'yes', '--cluster-require-full-coverage', 'no'];
  const server = await RedisServer.prepare(name, ...options, ...ports);
  await server.start();
  return { server, port, busPort };
}

/** Where the slots of a master begin. */
function firstSlot(index: number, masters: number): number {
  return Math.round((SLOTS / masters) * Math.min(index, masters));
}

/** The texts in a reply. */
function bulk(reply: string): string[] {
  return [...reply.matchAll(/\$\d+\r\n(.*)\r\n/g)].map(([, text = '']) => text);
}
