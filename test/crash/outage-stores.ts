// Stores whose place can fail while the server runs, and all the ways in which it does: a server that ends, is killed or no
// longer answers; a disk that is full or read-only; a process that may open no more files.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoreConfig } from '../../config/schema.ts';
import type { TestServer } from '../server.ts';
import { DATABASE_SERVERS, DatabaseServer } from '../session/stores/database-servers.ts';
import { opened, Way } from '../session/stores/databases.ts';
import { isUsable, MemcachedServer, whyNot } from '../session/stores/memcached-server.ts';
import { type RedisName, RedisServer, whyNot as whyNoRedis } from '../session/stores/redis-server.ts';
import { diskMissing, fillDisk, forbidFiles, mountDisk, setReadOnly, unmount } from './disk.ts';
import { newFolder, type TestedStore } from './stores.ts';

/** Something that happens to the place of the sessions, and its end. */
export interface Outage {
  readonly name: string;
  /** The status of pages with sessions during the outage. */
  readonly status: 500 | 503;
  /** Not with workers: node:cluster keeps a connection for ever that a worker had no descriptor for. */
  readonly alone?: true;
  /** Gives what ends it. */
  begin(): Promise<() => Promise<void>>;
}

/** A store that is there to be tested, and all that can happen to it while this server uses it. */
export interface OutageStore extends TestedStore {
  outagesOf(server: TestServer): readonly Outage[];
}

/** The stores whose outages mount disks. */
export const ON_OWN_DISK: readonly string[] = ['json', 'sqlite'];

/** How to get a store, by its name; or why it cannot be had here. */
export const OUTAGE_STORES: Readonly<Record<string, string | (() => Promise<OutageStore>)>> = {
  json: diskMissing ?? (() => openOnDisk({ store: 'json', dir: 'data' })),
  sqlite: diskMissing ?? openSqlite,
  postgres: DATABASE_SERVERS.postgres.missing ?? (() => openDatabase('postgres')),
  mysql: DATABASE_SERVERS.mysql.missing ?? (() => openDatabase('mysql')),
  redis: whyNoRedis('redis') ?? (() => openRedis('redis')),
  valkey: whyNoRedis('valkey') ?? (() => openRedis('valkey')),
  memcached: isUsable ? openMemcached : whyNot,
};

async function openRedis(name: RedisName): Promise<OutageStore> {
  const server = await RedisServer.prepare(name);
  await server.start();
  const stopped = (signal: 'SIGTERM' | 'SIGKILL') => async () => {
    await server.stop(signal);
    return () => server.start();
  };
  return elsewhere({ store: 'redis', unix_socket_path: server.socket }, () => server.remove(), [
    { name: 'ended', status: 503, begin: stopped('SIGTERM') },
    { name: 'killed', status: 503, begin: stopped('SIGKILL') },
    { name: 'frozen', status: 503, begin: frozen(server) },
  ]);
}

/** Its restart, which forgets all, is no outage that a session survives. */
async function openMemcached(): Promise<OutageStore> {
  const server = await MemcachedServer.start();
  const way = new Way(`memcached://${server.address}`);
  await way.mend();
  const close = async () => {
    await way.cut();
    await server.stop();
  };
  return elsewhere({ store: 'memcached', servers: new URL(way.url).host }, close, [
    { name: 'cut off', status: 503, begin: cutOff(way) },
    { name: 'frozen', status: 503, begin: frozen(server) },
    { name: 'silent', status: 503, begin: silent(way) },
  ]);
}

async function openDatabase(name: 'postgres' | 'mysql'): Promise<OutageStore> {
  const server = await DatabaseServer.start(name);
  const way = new Way(server.url);
  await way.mend();
  const close = async () => {
    await way.cut();
    await server.remove();
  };
  const stopped = (how: 'ended' | 'killed') => async () => {
    await server.stop(how);
    return () => server.start();
  };
  return elsewhere({ store: 'database', url: way.url }, close, [
    { name: 'ended', status: 503, begin: stopped('ended') },
    { name: 'killed', status: 503, begin: stopped('killed') },
    { name: 'cut off', status: 503, begin: cutOff(way) },
    { name: 'silent', status: 503, begin: silent(way) },
  ]);
}

const frozen = (server: { freeze(): Promise<void>; thaw(): void }) => async () => {
  await server.freeze();
  return async () => server.thaw();
};

const cutOff = (way: Way) => async () => {
  await way.cut();
  return () => way.mend();
};

const silent = (way: Way) => async () => {
  way.hang();
  return async () => {
    await way.cut();
    await way.mend();
  };
};

/** A store whose sessions are not in the folder of the site. */
async function elsewhere(
  options: StoreConfig,
  close: () => Promise<void>,
  outages: readonly Outage[],
): Promise<OutageStore> {
  const dir = await newFolder();
  return {
    options,
    dir,
    outagesOf: () => outages,
    close: async () => {
      await close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function openSqlite(): Promise<OutageStore> {
  const store = await openOnDisk({ store: 'database', url: 'sqlite:data/sessions.db' });
  const { dir } = store;
  const lock = async () => {
    const operator = await opened(`sqlite:${join(dir, 'data/sessions.db')}`, dir);
    // SQLite may refuse this transaction while other connections write all the time.
    while (!(await isDone(operator.count('BEGIN IMMEDIATE', [])))) await pause(1);
    return async () => {
      await operator.count('COMMIT', []);
      await operator.close();
    };
  };
  return {
    ...store,
    outagesOf: () => [
      { name: 'locked', status: 503, begin: lock },
      { name: 'disk full', status: 500, begin: () => fillDisk(join(dir, 'data')) },
    ],
  };
}

function isDone(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

/** A store in the folder `data`, which is a small disk of its own. */
async function openOnDisk(options: StoreConfig): Promise<OutageStore> {
  const dir = await newFolder();
  const data = join(dir, 'data');
  await mountDisk(data);
  return {
    options,
    dir,
    outagesOf: ({ pid }) => [
      { name: 'disk full', status: 500, begin: () => fillDisk(data) },
      { name: 'read-only', status: 500, begin: () => setReadOnly(data) },
      { name: 'no descriptors', status: 500, alone: true, begin: () => forbidFiles(pid) },
    ],
    close: async () => {
      await unmount(data);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
