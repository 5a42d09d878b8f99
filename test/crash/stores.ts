// The stores that can be crash-tested on this machine, each in a place of its own that is cleaned up.

import { randomBytes } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreConfig } from '../../config/schema.ts';
import { findDatabases, opened, type TestDatabase } from '../session/stores/databases.ts';
import { isUsable, MemcachedServer, whyNot } from '../session/stores/memcached-server.ts';
import {
  REDIS_NAMES,
  type RedisName,
  RedisServer,
  whyNot as whyNoRedis,
} from '../session/stores/redis-server.ts';

/** A store that is there to be tested. */
export interface TestedStore {
  readonly options: StoreConfig;
  /** The folder of the site. */
  readonly dir: string;
  close(): Promise<void>;
}

/** How to get one, by the name that the command knows. */
export type StoreKinds = ReadonlyMap<string, () => Promise<TestedStore>>;

/** The stores of this machine, and what to say about those that are missing. */
export async function findStores(): Promise<{ kinds: StoreKinds; missing: readonly string[] }> {
  const { found, missing: away } = await findDatabases();
  const missing = away.map(({ name, url }) => `${name}: no server answers at ${url}`);
  const kinds = new Map([['json', openJson]]);
  for (const database of found) kinds.set(database.name, () => openDatabase(database));
  for (const name of REDIS_NAMES) {
    const why = whyNoRedis(name);
    if (why === undefined) kinds.set(name, () => openRedis(name));
    else missing.push(`${name}: ${why}`);
  }
  if (isUsable) kinds.set('memcached', openMemcached);
  else missing.push(whyNot);
  return { kinds, missing };
}

/** A folder for a site. */
export async function newFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'karrigell-crash-')));
}

async function openJson(): Promise<TestedStore> {
  const dir = await newFolder();
  const close = () => rm(dir, { recursive: true, force: true });
  return { options: { store: 'json', dir: 'sessions' }, dir, close };
}

async function openDatabase(kind: TestDatabase): Promise<TestedStore> {
  const dir = await newFolder();
  const table = `karrigell_crash_${randomBytes(6).toString('hex')}`;
  const options = { store: 'database', url: kind.url(dir), table };
  const close = async () => {
    const operator = await opened(options.url, dir);
    await operator.count(`DROP TABLE IF EXISTS ${operator.dialect.quoted(table)}`, []);
    await operator.close();
    await rm(dir, { recursive: true, force: true });
  };
  return { options, dir, close };
}

async function openMemcached(): Promise<TestedStore> {
  const [dir, server] = [await newFolder(), await MemcachedServer.start()];
  const close = async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
  return { options: { store: 'memcached', servers: server.address }, dir, close };
}

/** A server of our own, so that nobody else's keys are in its listing. */
async function openRedis(name: RedisName): Promise<TestedStore> {
  const [dir, server] = [await newFolder(), await RedisServer.prepare(name)];
  await server.start();
  const close = async () => {
    await server.remove();
    await rm(dir, { recursive: true, force: true });
  };
  return { options: { store: 'redis', unix_socket_path: server.socket }, dir, close };
}
