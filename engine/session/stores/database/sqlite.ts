// SQLite, by node:sqlite (Node 22 and later) or the package libsql (Node 20), which have the same methods. Both are synchronous, and a
// statement takes some microseconds. The wait for the write of another process is asynchronous.

import { mkdir, open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadOptionalPackage } from '../optional-package.ts';
import {
  LIMITS,
  problemOf,
  type SqlDatabase,
  type SqlDialect,
  type SqlRow,
  type SqlValue,
  type StatementFailure,
} from './sql-database.ts';

interface Statement {
  all(...values: readonly SqlValue[]): readonly SqlRow[];
  run(...values: readonly SqlValue[]): { readonly changes: number | bigint };
}

/** The part of both modules that this store uses. */
interface Connection {
  exec(statement: string): unknown;
  prepare(statement: string): Statement;
  close(): unknown;
}

type Connect = new (path: string) => Connection;

/** How long SQLite itself waits for a lock, which blocks the process. */
const BUSY_MS = 20;
const PAUSE_MS = 10;

/** The messages of SQLite about the disk. */
const ON_DISK = /database or disk is full|readonly database|unable to open database|disk I\/O error/;

const WRITES = /^(INSERT|UPDATE|DELETE|CREATE|DROP)\b/;

/**
 * The pages of the log that are copied into the file at once, which blocks the process: 6 ms for a table of a million sessions. With
 * the default of SQLite, 1000 pages, it is 19 ms, for a tenth less work.
 */
const LOGGED_PAGES = 200;

const DIALECT: SqlDialect = {
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
  unlessThere: ' ON CONFLICT (session_id) DO NOTHING',
  sweepOf: (table, free) => ({
    // In a large table the removal of a row blocks the process for 60 µs.
    most: 25,
    remove: `DELETE FROM ${table} WHERE session_id IN (SELECT session_id FROM ${table} WHERE expires <= ? AND ${free} ORDER BY expires LIMIT 25)`,
  }),
};

/** Opens a file, and creates it with access for this user only. */
export async function openSqlite(path: string, base_dir: string): Promise<SqlDatabase> {
  const Connection =
    nodeSqlite() ?? loadOptionalPackage<Connect>({ store: 'database', module: 'libsql', base_dir });
  try {
    return await openedBy(Connection, path);
  } catch (cause) {
    throw problemOf(cause, failureOf(cause));
  }
}

async function openedBy(Connection: Connect, path: string): Promise<SqlDatabase> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await (await open(path, 'a', 0o600)).close();
  const database = new SqliteDatabase(new Connection(path));
  await database.configure(
    `busy_timeout = ${BUSY_MS}`,
    // In this mode readers never wait, and an acknowledged write survives a killed process.
    'journal_mode = WAL',
    'synchronous = NORMAL',
    `wal_autocheckpoint = ${LOGGED_PAGES}`,
  );
  return database;
}

/** A statement that writes and waits for the next transaction. */
interface PendingWrite {
  /** The time at which it fails if the file is still locked, by performance.now(). */
  readonly until: number;
  /** Runs the statement. Returns the function that resolves its promise after the commit. */
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
}

class SqliteDatabase implements SqlDatabase {
  readonly dialect = DIALECT;
  readonly #connection: Connection;
  readonly #prepared = new Map<string, Statement>();
  #writes: PendingWrite[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async configure(...settings: readonly string[]): Promise<void> {
    for (const setting of settings) await whenFree(() => this.#connection.exec(`PRAGMA ${setting}`));
  }

  rows(text: string, values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    return this.#within(text, (statement) => statement.all(...values));
  }

  count(text: string, values: readonly SqlValue[]): Promise<number> {
    return this.#within(text, (statement) => Number(statement.run(...values).changes));
  }

  failureOf(error: unknown): StatementFailure {
    return failureOf(error);
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  #within<T>(text: string, work: (statement: Statement) => T): Promise<T> {
    if (!WRITES.test(text)) return whenFree(() => work(this.#statement(text)));
    return new Promise((resolve, reject) => {
      const run = () => {
        const result = work(this.#statement(text));
        return () => resolve(result);
      };
      const isFirst = this.#writes.push({ until: performance.now() + LIMITS.statementMs, run, reject }) === 1;
      if (isFirst) setImmediate(() => this.#write());
    });
  }

  #statement(text: string): Statement {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const statement = this.#connection.prepare(text);
    this.#prepared.set(text, statement);
    return statement;
  }

  /**
   * The writes of one turn of the event loop are one transaction, because most of the time of a write is its commit. BEGIN IMMEDIATE
   * takes the lock first: libsql does not end a transaction that meets the lock of another process later.
   */
  #write(): void {
    try {
      this.#connection.exec('BEGIN IMMEDIATE');
    } catch (error) {
      this.#postpone(error);
      return;
    }
    const writes = this.#writes;
    this.#writes = [];
    try {
      const reports = writes.map(({ run, reject }) => {
        try {
          return run();
        } catch (error) {
          // A refused statement, or one without its table, has written nothing. An error of the file ends the whole transaction.
          if (ON_DISK.test(String(error)) || isBusy(error)) throw error;
          return () => reject(error);
        }
      });
      this.#connection.exec('COMMIT');
      for (const report of reports) report();
    } catch (error) {
      this.#rollBack();
      for (const { reject } of writes) reject(error);
    }
  }

  /** While another process has the lock, writes wait and everything else goes on. */
  #postpone(error: unknown): void {
    const now = isBusy(error) ? performance.now() : Number.POSITIVE_INFINITY;
    for (const { until, reject } of this.#writes) if (until < now) reject(error);
    this.#writes = this.#writes.filter(({ until }) => until >= now);
    if (this.#writes.length > 0) setTimeout(() => this.#write(), pauseMs());
  }

  #rollBack(): void {
    try {
      this.#connection.exec('ROLLBACK');
    } catch {
      // After some errors SQLite has rolled back itself.
    }
  }
}

async function whenFree<T>(work: () => T): Promise<T> {
  for (const until = performance.now() + LIMITS.statementMs; ; await pause(pauseMs())) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
    }
  }
}

function pauseMs(): number {
  return PAUSE_MS * (0.5 + Math.random());
}

function failureOf(error: unknown): StatementFailure {
  if (isBusy(error)) return 'unavailable';
  if (/no such table/.test(String(error))) return 'no-table';
  return ON_DISK.test(String(error)) || Object(error).syscall !== undefined ? 'disk' : 'other';
}

function isBusy(error: unknown): boolean {
  return /database (table )?is locked|SQLITE_BUSY/.test(String(error));
}

/** The module of Node; undefined if it has none, or only behind an option. */
function nodeSqlite(): Connect | undefined {
  const require = createRequire(import.meta.url);
  // Node warns at every start that it is experimental, and an operator can do nothing about that.
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
