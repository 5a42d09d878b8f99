// SQLite: node:sqlite where Node has it, else the package libsql. Both are synchronous, and a statement takes some
// microseconds; only waiting for another process's write is done without holding up this one.

import { mkdir, open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadDriver } from '../driver.ts';
import {
  type Database,
  type Dialect,
  type Failure,
  memberOf,
  problemOf,
  type Row,
  STATEMENT_MS,
  type Value,
} from './dialect.ts';

interface Statement {
  all(...values: readonly Value[]): readonly Row[];
  run(...values: readonly Value[]): { readonly changes: number | bigint };
}

/** What we use of either driver. */
interface Connection {
  exec(statement: string): unknown;
  prepare(statement: string): Statement;
  close(): unknown;
}

type Connect = new (path: string) => Connection;

/** How long SQLite itself waits for a lock; meanwhile nothing else runs in this process. */
const BUSY_MS = 20;
const PAUSE_MS = 10;

/** Its own words for what the disk refused. */
const ON_DISK = /database or disk is full|readonly database|unable to open database|disk I\/O error/;

const WRITES = /^(INSERT|UPDATE|DELETE|CREATE|DROP)\b/;

/**
 * After so many pages the log is written into the file, by whoever writes then. Most of that is waiting for the disk, and
 * nothing else runs meanwhile: with a million sessions up to 6 ms, with SQLite's 1000 pages 19 ms, for a tenth less work.
 */
const LOGGED_PAGES = 200;

const DIALECT: Dialect = {
  now: "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
  returning: true,
  quoted: (name) => `"${name}"`,
  tableOf: (table) => [
    `CREATE TABLE IF NOT EXISTS "${table}" (
  session_id TEXT NOT NULL PRIMARY KEY,
  atime DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  data TEXT,
  expires INTEGER,
  lock_token TEXT,
  lock_page TEXT,
  lock_since INTEGER,
  lock_until INTEGER
)`,
    `CREATE INDEX IF NOT EXISTS "${table}_expires" ON "${table}" (expires)`,
  ],
  unlessThere: (insert) => `${insert} ON CONFLICT (session_id) DO NOTHING`,
  sweepOf: (table, free) => ({
    // In a large table each takes some 60 µs, during which nothing else runs in this process.
    most: 25,
    remove: `DELETE FROM ${table} WHERE session_id IN (SELECT session_id FROM ${table} WHERE expires <= ? AND ${free} ORDER BY expires LIMIT 25)`,
  }),
};

/** Opens the file, and makes it for this user alone. */
export async function openSqlite(path: string, base_dir: string): Promise<Database> {
  const Connection = nodeSqlite() ?? loadDriver<Connect>({ store: 'database', module: 'libsql', base_dir });
  try {
    return await openedBy(Connection, path);
  } catch (cause) {
    throw problemOf(cause, failureOf(cause));
  }
}

async function openedBy(Connection: Connect, path: string): Promise<Database> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await (await open(path, 'a', 0o600)).close();
  const database = new Sqlite(new Connection(path));
  await database.configure(
    `busy_timeout = ${BUSY_MS}`,
    // In this mode a reader waits for nobody, and what was acknowledged survives a killed process.
    'journal_mode = WAL',
    'synchronous = NORMAL',
    `wal_autocheckpoint = ${LOGGED_PAGES}`,
  );
  return database;
}

class Sqlite implements Database {
  readonly dialect = DIALECT;
  readonly #connection: Connection;
  readonly #prepared = new Map<string, Statement>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async configure(...settings: readonly string[]): Promise<void> {
    for (const setting of settings) await this.#whenFree(() => this.#connection.exec(`PRAGMA ${setting}`));
  }

  rows(statement: string, values: readonly Value[]): Promise<readonly Row[]> {
    return this.#whenFree(() => this.#within(statement, (prepared) => prepared.all(...values)));
  }

  count(statement: string, values: readonly Value[]): Promise<number> {
    return this.#whenFree(() =>
      this.#within(statement, (prepared) => Number(prepared.run(...values).changes)),
    );
  }

  failureOf(error: unknown): Failure {
    return failureOf(error);
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  #statement(text: string): Statement {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const statement = this.#connection.prepare(text);
    this.#prepared.set(text, statement);
    return statement;
  }

  #within<T>(text: string, work: (prepared: Statement) => T): T {
    if (!WRITES.test(text)) return work(this.#statement(text));
    return this.#inTransaction(() => work(this.#statement(text)));
  }

  /**
   * Writes in a transaction that has the lock before its first statement begins. A statement that began and met somebody
   * else's lock is not ended by libsql: what others write from then on is committed with it, or lost with it.
   */
  #inTransaction<T>(work: () => T): T {
    this.#connection.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#connection.exec('COMMIT');
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #rollBack(): void {
    try {
      this.#connection.exec('ROLLBACK');
    } catch {
      // After some errors SQLite has done that by itself.
    }
  }

  async #whenFree<T>(work: () => T): Promise<T> {
    const until = performance.now() + STATEMENT_MS;
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || performance.now() > until) throw error;
      }
      await pause(PAUSE_MS * (0.5 + Math.random()));
    }
  }
}

function failureOf(error: unknown): Failure {
  if (isBusy(error)) return 'away';
  if (/no such table/.test(String(error))) return 'no-table';
  return ON_DISK.test(String(error)) || memberOf(error, 'syscall') !== undefined ? 'disk' : 'other';
}

function isBusy(error: unknown): boolean {
  return /database (table )?is locked|SQLITE_BUSY/.test(String(error));
}

/** Node's own; undefined where it has none or keeps it behind an option. */
function nodeSqlite(): Connect | undefined {
  const require = createRequire(import.meta.url);
  // It calls itself experimental at every start; an operator can do nothing about that.
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    const { DatabaseSync }: { DatabaseSync: Connect } = require('node:sqlite');
    return DatabaseSync;
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
