// The stores for express-session that the tests try, each with a way to get a place of its own.

import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SqlRow } from '../../../engine/session/stores/database/sql-database.ts';
import { findDatabases, opened } from './databases.ts';

/** Where one test keeps its sessions. */
export interface ExpressPlace {
  readonly config: { readonly store: string; readonly module: string; readonly options: object };
  remove(): Promise<void>;
}

/** One package. */
export interface TestedExpressStore {
  readonly name: string;
  /** Whether it has all(). */
  readonly lists: boolean;
  /** Whether several processes can share it. */
  readonly shared: boolean;
  /** The server that it needs. */
  readonly url?: string;
  /** A configuration for a place of its own, and the function that removes the place. */
  place(url?: string): Promise<ExpressPlace>;
  /** The keys of everything in a place, from one that can be looked at past the package. */
  readonly names?: (options: object) => Promise<string[]>;
  /** Puts a text in the place of the one that is kept under a key. */
  readonly put?: (options: object, key: string, text: string) => Promise<void>;
}

const store = 'express-session';

const FILES: TestedExpressStore = {
  name: 'session-file-store',
  lists: false,
  shared: true,
  async place() {
    const folder = await mkdtemp(path.join(tmpdir(), 'karrigell-file-store-'));
    const options = { path: folder, retries: 0 };
    return {
      config: { store, module: 'session-file-store', options },
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  },
  names: async (options) => readdir(option(options, 'path')),
  put: async (options, key, text) => {
    const file = path.join(option(options, 'path'), `${key}.json`);
    const session: unknown = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify(withText(session, text)));
  },
};

const MEMORY: TestedExpressStore = {
  name: 'memorystore',
  lists: true,
  shared: false,
  place: async () => ({
    config: { store, module: 'memorystore', options: { checkPeriod: 60_000 } },
    remove: async () => undefined,
  }),
};

function postgres(server: string): TestedExpressStore {
  return {
    name: 'connect-pg-simple',
    lists: false,
    shared: true,
    url: server,
    // The package's indexes have fixed names, so each place is a schema of its own.
    async place(url = server) {
      const schemaName = `karrigell_test_${randomBytes(6).toString('hex')}`;
      const options = { conObject: { connectionString: url }, schemaName, createTableIfMissing: true };
      await operate(server, `CREATE SCHEMA ${schemaName}`);
      const remove = async () => void (await operate(server, `DROP SCHEMA ${schemaName} CASCADE`));
      return { config: { store, module: 'connect-pg-simple', options }, remove };
    },
    names: async (options) => {
      const rows = await operate(server, `SELECT sid FROM ${option(options, 'schemaName')}.session`);
      return rows.map(({ sid }) => String(sid));
    },
    put: async (options, key, text) => {
      const table = `${option(options, 'schemaName')}.session`;
      const [row] = await operate(server, `SELECT sess FROM ${table} WHERE sid = ?`, key);
      const session = JSON.stringify(withText(row?.sess, text));
      await operate(server, `UPDATE ${table} SET sess = ? WHERE sid = ?`, session, key);
    },
  };
}

function option(options: object, name: string): string {
  return String(Reflect.get(options, name));
}

/** A session with another text behind its key and deadline (entries.ts). */
function withText(session: unknown, text: string): object {
  const { karrigell, ...rest } = Object(session);
  return { ...rest, karrigell: String(karrigell).replace(/^(\S+ \S+ ).*/s, (_, start) => start + text) };
}

async function operate(url: string, statement: string, ...values: string[]): Promise<readonly SqlRow[]> {
  const operator = await opened(url, tmpdir());
  try {
    return await operator.rows(statement, values);
  } finally {
    await operator.close();
  }
}

/** One that cannot be tested on this machine. */
export interface MissingExpressStore {
  readonly kind: TestedExpressStore;
  readonly why: string;
}

/** The packages, and those whose server is not there. */
export async function findExpressStores(): Promise<{
  stores: TestedExpressStore[];
  missing: MissingExpressStore[];
}> {
  const { found, missing } = await findDatabases();
  const isPostgres = ({ name }: { readonly name: string }) => name === 'postgres';
  const answering = found.find(isPostgres)?.url(tmpdir());
  if (answering !== undefined) return { stores: [FILES, MEMORY, postgres(answering)], missing: [] };
  const absent = missing
    .filter(isPostgres)
    .map(({ url }) => ({ kind: postgres(url), why: `no server answers at ${url}` }));
  return { stores: [FILES, MEMORY], missing: absent };
}
