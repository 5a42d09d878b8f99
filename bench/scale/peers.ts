// Stores of express-session that keep sessions in the same kind of place as one of ours, for comparison. They are filled without
// their interface, used as express-session uses them, and swept by their own sweep.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../engine/session/stores/database/open-database-store.ts';
import {
  type ExpressStore,
  expressStoreOf,
} from '../../engine/session/stores/express-session/express-package.ts';
import { inGroups } from './item-groups.ts';
import { recordWith } from './visitors.ts';

const HOUR_MS = 3_600_000;
const ROWS = 500;

/** One session to fill a store with. */
interface Filling {
  readonly id: string;
  readonly session: object;
  readonly isOver: boolean;
}

/** A store, with operations that its interface lacks. */
interface OpenedPeer {
  readonly store: ExpressStore;
  fill(sessions: Iterable<Filling>): Promise<void>;
  /** Removes all expired sessions. */
  sweep(): Promise<unknown>;
  remove(): Promise<void>;
}

/** A package with a store. */
export interface Peer {
  readonly name: string;
  /** Opens the store in a folder, or in a schema of that name. */
  open(folder: string, name: string): Promise<OpenedPeer>;
}

/** The package that keeps sessions in the same kind of place as this store. */
export function peerOf(store: string): Peer | undefined {
  if (store === 'json') return { name: 'session-file-store', open: openFiles };
  if (store === 'memory') return { name: 'memorystore', open: openMemory };
  if (!store.startsWith('postgres')) return undefined;
  return { name: 'connect-pg-simple', open: (folder, name) => openPostgres(store, folder, name) };
}

/** A filled store of a peer. */
export interface FilledPeer {
  readonly count: number;
  /** Loads and writes a session. */
  visit(): Promise<void>;
  /** Adds expired sessions: one for every fifty of the store. */
  addExpired(): Promise<void>;
  sweep(): Promise<void>;
  remove(): Promise<void>;
}

/** Opens and fills a store of a peer. */
export async function filledPeer(peer: Peer, folder: string, count: number): Promise<FilledPeer> {
  const opened = await peer.open(join(folder, `peer_of_${count}`), `karrigell_peer_of_${count}`);
  let last = count;
  await opened.fill(fillings(0, count, false));
  return {
    count,
    async visit() {
      const id = idOf(Math.floor(Math.random() * count));
      const session = Object(await answered((done) => opened.store.get(id, done)));
      session.count++;
      await answered((done) => opened.store.set(id, session, done));
    },
    async addExpired() {
      const first = last;
      last += Math.ceil(count / 50);
      await opened.fill(fillings(first, last, true));
    },
    sweep: async () => void (await opened.sweep()),
    remove: () => opened.remove(),
  };
}

async function openFiles(path: string): Promise<OpenedPeer> {
  mkdirSync(path);
  const options = { path, ttl: HOUR_MS / 1000, reapInterval: -1, logFn: () => {} };
  const store = expressStoreOf(await exportsOf('session-file-store'), 'session-file-store', options);
  const { default: helpers } = await exportsOf('session-file-store/lib/session-file-helpers.js');
  return {
    store,
    async fill(sessions) {
      for (const { id, session, isOver } of sessions) {
        const __lastAccess = Date.now() - (isOver ? 2 * HOUR_MS : 0);
        writeFileSync(join(path, `${id}.json`), JSON.stringify({ ...session, __lastAccess }));
      }
    },
    sweep: () => answered((done) => call(Object(helpers), 'reap', Reflect.get(store, 'options'), done)),
    remove: async () => rmSync(path, { recursive: true, force: true }),
  };
}

async function openMemory(): Promise<OpenedPeer> {
  const store = expressStoreOf(await exportsOf('memorystore'), 'memorystore', {});
  return {
    store,
    async fill(sessions) {
      for (const { id, session, isOver } of sessions) {
        const cookie = { maxAge: isOver ? 1 : HOUR_MS };
        await answered((done) => store.set(id, { ...session, cookie }, done));
      }
    },
    sweep: async () => call(store, 'prune'),
    remove: async () => {},
  };
}

/** In a schema of its own, because the package gives its index a fixed name. */
async function openPostgres(url: string, folder: string, schemaName: string): Promise<OpenedPeer> {
  const known = await openDatabase(url, folder);
  if (known === undefined) throw new Error(`not the URL of a database: ${url}`);
  const { database } = known;
  await database.count(`CREATE SCHEMA ${schemaName}`, []);
  const conObject = { connectionString: url };
  const options = { conObject, schemaName, createTableIfMissing: true, pruneSessionInterval: false };
  const store = expressStoreOf(await exportsOf('connect-pg-simple'), 'connect-pg-simple', options);
  await answered((done) => store.get('the table is made by whoever comes first', done));
  const into = `INSERT INTO ${schemaName}.session (sid, sess, expire) VALUES`;
  return {
    store,
    async fill(sessions) {
      for (const rows of inGroups(sessions, ROWS)) {
        const places = rows.map(({ isOver }) => `(?, ?, now() + interval '${isOver ? -1 : 1} hour')`);
        const values = rows.flatMap(({ id, session }) => [id, JSON.stringify(session)]);
        await database.count(`${into} ${places.join(', ')}`, values);
      }
    },
    sweep: () => answered((done) => call(store, 'pruneSessions', done)),
    async remove() {
      await store.close?.();
      await database.count(`DROP SCHEMA ${schemaName} CASCADE`, []);
      await database.close();
    },
  };
}

/** Resolves to the value of a callback, or rejects with its error. */
function answered(ask: (done: (error?: unknown, value?: unknown) => void) => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    ask((error, value) => (error ? reject(error) : resolve(value)));
  });
}

async function exportsOf(module: string): Promise<Readonly<Record<string, unknown>>> {
  const exports: Readonly<Record<string, unknown>> = await import(module);
  return exports;
}

/** Calls a method that the types of a package lack. */
function call(target: object, method: string, ...values: readonly unknown[]): void {
  Reflect.apply(Reflect.get(target, method), target, values);
}

function* fillings(first: number, end: number, isOver: boolean): Generator<Filling> {
  for (let number = first; number < end; number++) {
    const cookie = { originalMaxAge: HOUR_MS, expires: new Date(Date.now() + HOUR_MS), path: '/' };
    yield { id: idOf(number), session: { cookie, ...recordWith(number).data }, isOver };
  }
}

/** An id as long as those of express-session. */
function idOf(number: number): string {
  return String(number).padStart(32, '0');
}
