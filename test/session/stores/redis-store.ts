// A Redis store under test with a prefix of its own, and commands of an operator beside it.

import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { createClient } from 'redis';
import type { StoreConfig } from '../../../config/schema.ts';
import { openRedisStore } from '../../../engine/session/stores/redis/open-redis-store.ts';
import { TestSite } from '../site.ts';
import { REQUEST, type TestedStore } from './contract.ts';

export const KEY = 'ab'.repeat(32);

export interface TestedRedis extends TestedStore {
  readonly options: StoreConfig;
  readonly log: string[];
  /** A command as an operator would give it; names are those below the prefix. */
  command(...args: string[]): Promise<unknown>;
  /** The name of a part of a session, KEY's by default: s, l or w. */
  name(part: string, key?: string): string;
}

/** The client for commands beside the store. */
interface Operator {
  command(...args: string[]): Promise<unknown>;
  /** Leaves nothing below the prefix. */
  leave(prefix: string): Promise<void>;
}

/** Where a store is opened. */
export interface Place {
  readonly options: Readonly<Record<string, string>>;
  /** A cluster of several servers, which end with the tests. */
  readonly several?: boolean;
}

/** A store of its own below a prefix of its own, which is cleaned up. */
export async function openTested(
  place: Place,
  prefix = `karrigell test ${randomBytes(6).toString('hex')}*[x]:`,
): Promise<TestedRedis> {
  const options = { store: 'redis', prefix, ...place.options };
  const tested = { now: Date.UTC(2026, 0, 1), log: [] as string[] };
  const { store } = await openRedisStore(options, {
    base_dir: tmpdir(),
    log: (level, message) => tested.log.push(`${level}: ${message}`),
    now: () => tested.now,
  });
  const { command, leave } = place.several ? operatorOfAll(place) : operatorOf(place);
  const close = async () => {
    await store.close();
    await leave(prefix);
  };
  const name = (part: string, key = KEY) => `${prefix}{${key}}:${part}`;
  return Object.assign(tested, { store, options, close, command, name });
}

function operatorOf({ options: { unix_socket_path: path, url = '' } }: Place): Operator {
  const client = path === undefined ? createClient({ url }) : createClient({ socket: { path, tls: false } });
  client.on('error', () => {});
  const connected = async () => (client.isOpen ? client : client.connect());
  return {
    command: async (...args) => (await connected()).sendCommand(args),
    leave: async (prefix) => {
      await connected();
      for await (const names of client.scanIterator({ COUNT: 1000 })) {
        for (const name of names) if (name.startsWith(prefix)) await client.del(name);
      }
      client.destroy();
    },
  };
}

/** Each command has a connection of its own and follows the answer MOVED to the server that has the key. */
function operatorOfAll({ options: { url = '' } }: Place): Operator {
  const command = async (...args: string[]): Promise<unknown> => {
    for (let server = url; ; ) {
      const client = createClient({ url: server, socket: { reconnectStrategy: false } });
      client.on('error', () => {});
      try {
        await client.connect();
        return await client.sendCommand(args);
      } catch (error) {
        const moved = /^MOVED \d+ (?<address>.+)$/.exec(error instanceof Error ? error.message : '');
        if (moved?.groups === undefined) throw error;
        server = `redis://${moved.groups.address}`;
      } finally {
        client.destroy();
      }
    }
  };
  return { command, leave: async () => undefined };
}

/** A second process' view of the same sessions. */
export async function another(t: ExecutionContext, tested: TestedRedis) {
  const { store } = await openRedisStore(tested.options, {
    base_dir: tmpdir(),
    log: () => {},
    now: () => tested.now,
  });
  t.teardown(() => store.close());
  return store;
}

/** A page that adds to the value that it finds. */
export async function appendTo(store: TestedRedis['store'], text: string): Promise<void> {
  const lock = await store.acquire(KEY, REQUEST);
  const before = lock.entry.state === 'live' ? lock.entry.content : '';
  await lock.release({ kind: 'write', content: before + text, deadline: 0 });
}

/** Waits until so many stand in the queue. */
export async function queueOf(tested: TestedRedis, length: number): Promise<void> {
  for (let tries = 0; Number(await tested.command('LLEN', tested.name('w'))) !== length; tries++) {
    if (tries === 2000) throw new Error(`the queue never had ${length}`);
    await pause(5);
  }
}

export async function siteOver(
  t: ExecutionContext,
  tested: TestedRedis,
  clock?: () => number,
): Promise<TestSite> {
  const dir = tmpdir();
  const place = { dir, config: tested.options, remove: async () => undefined };
  const site = new TestSite(dir, place, clock);
  await site.open();
  t.teardown(() => site.sessions.close());
  return site;
}
