// The databases of the tests: the servers of this machine, where they run, and SQLite files; and a way to one that a
// test can cut, hang and mend.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { openDatabase } from '../../../engine/session/stores/database/open-database-store.ts';
import type { SqlDatabase } from '../../../engine/session/stores/database/sql-database.ts';
import { loadOptionalPackage } from '../../../engine/session/stores/optional-package.ts';

/** A database that tests use. */
export interface TestDatabase {
  readonly name: 'postgres' | 'mysql' | 'sqlite';
  /** For a store in this folder. */
  url(dir: string): string;
}

const SERVERS = [
  { name: 'postgres', url: process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/test' },
  { name: 'mysql', url: process.env.TEST_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306/test' },
] as const;

/** SQLite and the servers that answer, and the servers that do not. */
export async function findDatabases(): Promise<{
  found: TestDatabase[];
  missing: (typeof SERVERS)[number][];
}> {
  const found: TestDatabase[] = [{ name: 'sqlite', url: (dir) => `sqlite:${dir}/data/sessions.db` }];
  const missing: (typeof SERVERS)[number][] = [];
  for (const server of SERVERS) {
    const { name, url } = server;
    if (await answers(url)) found.push({ name, url: () => url });
    else missing.push(server);
  }
  return { found, missing };
}

/** Whether a server answers there. */
export async function answers(url: string): Promise<boolean> {
  const database = await opened(url, tmpdir());
  try {
    await database.rows('SELECT 1', []);
    return true;
  } catch {
    return false;
  } finally {
    await database.close();
  }
}

/** A database as an operator would open it. */
export async function opened(url: string, dir: string): Promise<SqlDatabase> {
  const known = await openDatabase(url, dir);
  if (known === undefined) throw new Error(`not the url of a database: ${url}`);
  return known.database;
}

/** One connection of an operator to a server, for transactions. */
export interface OperatorConnection {
  query(statement: string): Promise<unknown>;
  end(): Promise<void>;
}

interface Postgres {
  readonly Client: new (url: string) => OperatorConnection & { connect(): Promise<unknown> };
}

interface Mysql {
  createConnection(url: string): Promise<OperatorConnection>;
}

/** Connects to the server at a URL. */
export async function connectedTo(url: string): Promise<OperatorConnection> {
  const asked = { store: 'database', base_dir: tmpdir() };
  if (url.startsWith('mysql:'))
    return loadOptionalPackage<Mysql>({ ...asked, module: 'mysql2/promise' }).createConnection(url);
  const client = new (loadOptionalPackage<Postgres>({ ...asked, module: 'pg' }).Client)(url);
  await client.connect();
  return client;
}

/** The way to a server, which can be cut (refused), hung (silent) and mended. */
export class Way {
  readonly #to: URL;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;
  #silent = false;

  constructor(url: string) {
    this.#to = new URL(url);
  }

  /** The url that leads over this way. */
  get url(): string {
    const url = new URL(this.#to);
    url.host = `127.0.0.1:${this.#port}`;
    return url.href;
  }

  async mend(): Promise<void> {
    this.#silent = false;
    this.#server = createServer((socket) => this.#join(socket)).listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server?.listening) await new Promise((closed) => server.close(closed));
  }

  /** From now on nothing comes back, on open connections nor on new ones. */
  hang(): void {
    this.#silent = true;
  }

  #join(here: Socket): void {
    const there = connect(Number(this.#to.port), this.#to.hostname);
    here.on('data', (data) => this.#silent || there.write(data));
    there.on('data', (data) => this.#silent || here.write(data));
    for (const [socket, other] of [
      [here, there],
      [there, here],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
