// SQLite: node:sqlite where Node has it, else the package libsql. Both are synchronous, and a statement takes some
// microseconds; only waiting for another process's write is done without holding up this one.

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
    // In a large table each takes some 60 µs, during which nothing else runs in this process.
    most: 25,
    remove: `DELETE FROM ${table} WHERE session_id IN (SELECT session_id FROM ${table} WHERE expires <= ? AND ${free} ORDER BY expires LIMIT 25)`,
  }),
};

/** Opens the file, and makes it for this user alone. */
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

/** A statement that changes rows. */
interface Write {
  /** When it is given up, if the file is locked until then. */
  readonly until: number;
  /** Gives what reports its result once the transaction is committed. */
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
}

class Sqlite implements SqlDatabase {
  readonly dialect = DIALECT;
  readonly #connection: Connection;
  readonly #prepared = new Map<string, Statement>();
  #writes: Write[] = [];

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
   * The writes of a turn of the event loop are one transaction, because most of a write's time is its commit. It has the lock
   * before the first statement begins: one that began and met another process' lock is not ended by libsql, and what is
   * written from then on is committed with it, or lost with it.
   */
  #write(): void {
    try {
      this.#connection.exec('BEGIN IMMEDIATE');
    } catch (error) {
      this.#putOff(error);
      return;
    }
    const writes = this.#writes;
    this.#writes = [];
    try {
      const reports = writes.map(({ run, reject }) => {
        try {
          return run();
        } catch (error) {
          // A statement that is refused, or lacks its table, has changed nothing. An error of the file ends the transaction.
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

  /** While another process has the lock, the writes wait; nothing else does. */
  #putOff(error: unknown): void {
    const now = isBusy(error) ? performance.now() : Number.POSITIVE_INFINITY;
    for (const { until, reject } of this.#writes) if (until < now) reject(error);
    this.#writes = this.#writes.filter(({ until }) => until >= now);
    if (this.#writes.length > 0) setTimeout(() => this.#write(), pauseMs());
  }

  #rollBack(): void {
    try {
      this.#connection.exec('ROLLBACK');
    } catch {
      // After some errors SQLite has done that by itself.
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
  if (isBusy(error)) return 'away';
  if (/no such table/.test(String(error))) return 'no-table';
  return ON_DISK.test(String(error)) || Object(error).syscall !== undefined ? 'disk' : 'other';
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
