// The place of a store while it is measured: its configuration, filling and removal. Files are in a temporary folder, tables have a
// name of their own, and Redis is a server of its own on a socket in that folder. So the benchmark touches nothing else of the
// machine and leaves nothing.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  futimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoreConfig } from '../../config/schema.ts';
import type { SessionStore } from '../../engine/session/session-store.ts';
import { openDatabase } from '../../engine/session/stores/database/open-database-store.ts';
import { inGroups } from './item-groups.ts';
import type { Filling } from './visitors.ts';

/** The place of one store. */
export interface Place {
  readonly config: StoreConfig;
  /** Writes sessions, as fast as the system can. */
  fill(sessions: Iterable<Filling>, store: SessionStore<string>): Promise<void>;
  remove(): Promise<void>;
}

/** Rows of one INSERT. */
const ROWS = 500;

/** Unanswered commands to Redis at a time. */
const COMMANDS = 200;

/** A place in a folder, or at the URL of a database, under a name of its own. */
export async function placeOf(store: string, folder: string, name: string): Promise<Place> {
  if (store === 'json') return jsonPlace(join(folder, name));
  if (store === 'redis') return redisPlace(join(folder, name));
  const url = store === 'sqlite' ? `sqlite:${join(folder, `${name}.db`)}` : store;
  return databasePlace(url, folder, `karrigell_bench_${name}`);
}

/** The files are written in place, without the store's protocol, because no process reads them yet. */
function jsonPlace(dir: string): Place {
  return {
    config: { store: 'json', dir },
    async fill(sessions) {
      for (let folder = 0; folder < 256; folder++) {
        mkdirSync(join(dir, folder.toString(16).padStart(2, '0')), { recursive: true, mode: 0o700 });
      }
      for (const session of sessions) writeFile(dir, session);
    },
    async remove() {
      for (const { name } of readdirSync(dir, { withFileTypes: true }).filter((entry) =>
        entry.isDirectory(),
      )) {
        for (const file of readdirSync(join(dir, name))) unlinkSync(join(dir, name, file));
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function writeFile(dir: string, { key, text, deadline }: Filling): void {
  const file = openSync(join(dir, key.slice(0, 2), `${key}.json`), 'wx', 0o600);
  writeSync(file, text);
  futimesSync(file, deadline / 1000, deadline / 1000);
  closeSync(file);
}

async function redisPlace(dir: string): Promise<Place> {
  mkdirSync(dir, { recursive: true });
  const socket = join(dir, 'redis.sock');
  const options = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', dir];
  const server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(server.stdout, 'data');
  await pause(500);
  return {
    config: { store: 'redis', unix_socket_path: socket },
    async fill(sessions, store) {
      for (const some of inGroups(sessions, COMMANDS)) {
        await Promise.all(some.map(({ key, text, deadline }) => store.create(key, text, deadline)));
      }
    },
    async remove() {
      server.kill('SIGKILL');
      await once(server, 'exit');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function databasePlace(url: string, folder: string, table: string): Promise<Place> {
  const known = await openDatabase(url, folder);
  if (known === undefined) throw new Error(`not a store, nor the URL of a database: ${url}`);
  const { database } = known;
  const quoted = database.dialect.quoted(table);
  await database.count(`DROP TABLE IF EXISTS ${quoted}`, []);
  return {
    config: { store: 'database', url, table },
    async fill(sessions, store) {
      await store.read('the table is made by whoever comes first');
      for (const rows of inGroups(sessions, ROWS)) {
        const places = rows.map(() => '(?, ?, ?)').join(', ');
        const values = rows.flatMap(({ key, text, deadline }) => [key, text, deadline]);
        await database.count(`INSERT INTO ${quoted} (session_id, data, expires) VALUES ${places}`, values);
      }
    },
    async remove() {
      await database.count(`DROP TABLE IF EXISTS ${quoted}`, []);
      await database.close();
    },
  };
}
