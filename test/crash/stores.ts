// The stores that can be crash-tested on this machine, each in a place of its own that is cleaned up.

import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreConfig } from '../../config/schema.ts';
import { findDatabases, opened, type TestDatabase } from '../session/stores/databases.ts';
import { isUsable, MemcachedServer, whyNot } from '../session/stores/memcached-server.ts';
import { ownStore } from '../session/stores/own-stores.ts';
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
  /** The lock reaches one process only: several workers would lose changes, as the store says. */
  readonly isOfOneProcess?: true;
  /** The sessions are in the cookies of their visitors, who then send one request after another: there is no lock. */
  readonly isInCookies?: true;
  /** The contents of all entries, for a store that cannot list them. */
  readonly contents?: () => AsyncIterable<KeptContent>;
  close(): Promise<void>;
}

/** An entry of a store, with its key. */
export interface KeptContent {
  readonly key: string;
  /** undefined: the entry cannot be read. */
  readonly content: string | undefined;
}

/** How to get one, by the name that the command knows. */
export type StoreKinds = ReadonlyMap<string, () => Promise<TestedStore>>;

/** The stores of this machine, and a line about each store that is missing. */
export async function findStores(): Promise<{ kinds: StoreKinds; missing: readonly string[] }> {
  const { found, missing: away } = await findDatabases();
  const missing = away.map(({ name, url }) => `${name}: no server answers at ${url}`);
  const kinds = new Map<string, () => Promise<TestedStore>>([
    ['json', openJson],
    ['own', openOwn],
    ['own-process', openOwnOfOneProcess],
    ['express-session', openExpress],
    ['cookie', openCookie],
  ]);
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
  return inFolder(await newFolder(), { store: 'json', dir: 'sessions' });
}

/** A store that compares and sets, over one file of SQLite for all processes. */
async function openOwn(): Promise<TestedStore> {
  return inFolder(await newFolder(), { store: ownStore('sqlite-store'), file: 'sessions.db' });
}

/** The store of the README, which cannot compare. */
async function openOwnOfOneProcess(): Promise<TestedStore> {
  const options = { store: ownStore('folder-store'), dir: 'sessions' };
  return { ...inFolder(await newFolder(), options), isOfOneProcess: true };
}

async function openExpress(): Promise<TestedStore> {
  const dir = await newFolder();
  const folder = join(dir, 'sessions');
  const options = { store: 'express-session', module: 'session-file-store' };
  const store = inFolder(dir, { ...options, options: { path: folder, retries: 0 } });
  return { ...store, isOfOneProcess: true, contents: () => expressContents(folder) };
}

/** The sessions in the files of session-file-store, which has no all(). Other entries have other names. */
async function* expressContents(folder: string): AsyncGenerator<KeptContent> {
  for (const name of await readdir(folder)) {
    const [, key] = /^([0-9a-f]{64})\.json$/.exec(name) ?? [];
    if (key === undefined) continue;
    const { karrigell } = JSON.parse(await readFile(join(folder, name), 'utf8'));
    const content = String(karrigell).replace(/^\S+ \S+ /, '');
    if (!content.startsWith('{"re')) yield { key, content };
  }
}

async function openCookie(): Promise<TestedStore> {
  const store = inFolder(await newFolder(), {
    store: 'cookie',
    secrets: [randomBytes(32).toString('base64')],
  });
  return { ...store, isInCookies: true, contents: async function* () {} };
}

function inFolder(dir: string, options: StoreConfig): TestedStore {
  return { options, dir, close: () => rm(dir, { recursive: true, force: true }) };
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

/** A server of its own, so that its listing has no keys of other tests. */
async function openRedis(name: RedisName): Promise<TestedStore> {
  const [dir, server] = [await newFolder(), await RedisServer.prepare(name)];
  await server.start();
  const close = async () => {
    await server.remove();
    await rm(dir, { recursive: true, force: true });
  };
  return { options: { store: 'redis', unix_socket_path: server.socket }, dir, close };
}
