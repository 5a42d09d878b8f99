// MySQL and MariaDB through the package mysql2.

import { loadOptionalPackage } from '../optional-package.ts';
import {
  LIMITS,
  type SqlDatabase,
  type SqlDialect,
  type SqlRow,
  type SqlValue,
  type StatementFailure,
} from './sql-database.ts';

/** Rows, or how many were changed. */
type Answer = readonly SqlRow[] | { readonly affectedRows: number };

/** What we use of mysql2. */
interface Connection {
  execute(
    options: { sql: string; timeout: number },
    values: readonly SqlValue[],
    done: (error: unknown, answer: Answer) => void,
  ): void;
  release(): void;
  destroy(): void;
}

interface Pool {
  getConnection(done: (error: unknown, connection: Connection) => void): void;
  end(done: (error: unknown) => void): void;
}

interface Package {
  createPool(options: Readonly<Record<string, unknown>>): Pool;
}

const DIALECT: SqlDialect = {
  // In UTC, because the zone of a connection may have hours that come twice.
  now: "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)",
  returning: false,
  quoted: (name) => `\`${name}\``,
  tableOf: (table) => [
    `CREATE TABLE IF NOT EXISTS \`${table}\` (
  session_id VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  atime DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  data LONGTEXT,
  expires BIGINT,
  lock_token VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
  lock_page VARCHAR(200),
  lock_since BIGINT,
  lock_until BIGINT,
  INDEX \`${table}_expires\` (expires)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  ],
  // INSERT IGNORE would ignore a value that the table refuses as well.
  unlessThere: '',
  sweepOf: (table, free) => ({
    most: 500,
    // A DELETE along the deadlines locks their index before the rows, and pages that write lock the rows before that index:
    // one would be sent back. So the keys are read first, which locks nothing; with + 0 the index is of no use to the DELETE.
    find: `SELECT session_id FROM ${table} WHERE expires <= ? AND ${free} ORDER BY expires LIMIT 500`,
    remove: `DELETE FROM ${table} WHERE session_id IN (${Array(500).fill('?').join(', ')}) AND expires + 0 <= ? AND ${free}`,
  }),
};

const FAILURES: Readonly<Record<number, StatementFailure>> = {
  1040: 'away', // too many connections
  1053: 'away', // shutting down
  1203: 'away', // too many connections of this user
  1290: 'away', // read only: a replica
  1927: 'away', // the connection was killed
  1021: 'disk',
  1114: 'disk',
  1050: 'duplicate',
  1062: 'duplicate',
  1146: 'no-table',
  1205: 'conflict',
  1213: 'conflict',
};

/** Opens it; no connection is made before the first statement. */
export function openMysql(url: string, base_dir: string): SqlDatabase {
  const { createPool } = loadOptionalPackage<Package>({ store: 'database', module: 'mysql2', base_dir });
  return new Mysql(
    createPool({
      uri: url,
      connectionLimit: LIMITS.connections,
      connectTimeout: LIMITS.connectMs,
      charset: 'utf8mb4',
      // A row that is changed to what it was counts as changed: so a lock is found to be ours.
      flags: ['+FOUND_ROWS'],
    }),
  );
}

class Mysql implements SqlDatabase {
  readonly dialect = DIALECT;
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async rows(statement: string, values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    const answer = await this.#execute(statement, values);
    return 'affectedRows' in answer ? [] : answer;
  }

  async count(statement: string, values: readonly SqlValue[]): Promise<number> {
    const answer = await this.#execute(statement, values);
    return 'affectedRows' in answer ? answer.affectedRows : 0;
  }

  failureOf(error: unknown): StatementFailure {
    // What the server answers has an SQL state; everything else happened on the way.
    const { errno, sqlState } = Object(error);
    if (sqlState === undefined) return error instanceof TypeError ? 'other' : 'away';
    return FAILURES[errno] ?? 'other';
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pool.end((error) => (error ? reject(error) : resolve()));
    });
  }

  #execute(sql: string, values: readonly SqlValue[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#pool.getConnection((error, connection) => {
        if (error) return reject(error);
        connection.execute({ sql, timeout: LIMITS.statementMs }, values, (error, answer) => {
          // One that did not answer is not asked again: its answer may still come.
          if (error && this.failureOf(error) === 'away') connection.destroy();
          else connection.release();
          if (error) reject(error);
          else resolve(answer);
        });
      });
    });
  }
}
