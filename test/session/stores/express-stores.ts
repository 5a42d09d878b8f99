// The stores for express-session that the tests try, each with a way to get a place of its own.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
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
  /** A configuration for a place that nobody else uses, and the way to leave nothing there. */
  place(url?: string): Promise<ExpressPlace>;
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
      const remove = () => operate(server, `DROP SCHEMA ${schemaName} CASCADE`);
      return { config: { store, module: 'connect-pg-simple', options }, remove };
    },
  };
}

async function operate(url: string, statement: string): Promise<void> {
  const operator = await opened(url, tmpdir());
  await operator.count(statement, []);
  await operator.close();
}

/** The packages, and what to say of a server that is not there. */
export async function findExpressStores(): Promise<{ stores: TestedExpressStore[]; missing: string[] }> {
  const { found } = await findDatabases();
  const server = found.find(({ name }) => name === 'postgres');
  if (server === undefined)
    return { stores: [FILES, MEMORY], missing: ['connect-pg-simple: no PostgreSQL answers'] };
  return { stores: [FILES, MEMORY, postgres(server.url(tmpdir()))], missing: [] };
}
