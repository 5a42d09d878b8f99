// MySQL and MariaDB, by the package mysql2.

import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2';
import { loadOptionalPackage } from '../optional-package.ts';
import {
  LIMITS,
  type SqlDatabase,
  type SqlDialect,
  type SqlRow,
  type SqlValue,
  type StatementFailure,
} from './sql-database.ts';

type MysqlPackage = Pick<typeof import('mysql2'), 'createPool'>;

/** The rows of a query, or the number of rows that a statement has written. */
type Answer = RowDataPacket[] | ResultSetHeader;

const DIALECT: SqlDialect = {
  // In UTC, because the time zone of a connection may have an hour that comes twice a year.
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
  // INSERT IGNORE would also ignore a value that the table refuses.
  unlessThere: '',
  sweepOf: (table, free) => ({
    most: 500,
    // A DELETE by deadlines locks their index before the rows, and a page that writes locks the row before the index: a deadlock.
    // So the keys are read first, which locks nothing, and + 0 keeps the DELETE from using the index.
    find: `SELECT session_id FROM ${table} WHERE expires <= ? AND ${free} ORDER BY expires LIMIT 500`,
    remove: `DELETE FROM ${table} WHERE session_id IN (${Array(500).fill('?').join(', ')}) AND expires + 0 <= ? AND ${free}`,
  }),
};

const FAILURES: Readonly<Record<number, StatementFailure>> = {
  1040: 'unavailable', // too many connections
  1053: 'unavailable', // shutting down
  1203: 'unavailable', // too many connections of this user
  1290: 'unavailable', // read only: a replica
  1927: 'unavailable', // the connection was killed
  1021: 'disk',
  1114: 'disk',
  1050: 'duplicate',
  1062: 'duplicate',
  1146: 'no-table',
  1205: 'conflict',
  1213: 'conflict',
};

/** Opens a database. The first statement connects. */
export function openMysql(url: string, base_dir: string): SqlDatabase {
  const { createPool } = loadOptionalPackage<MysqlPackage>({ store: 'database', module: 'mysql2', base_dir });
  return new Mysql(
    createPool({
      uri: url,
      connectionLimit: LIMITS.connections,
      connectTimeout: LIMITS.connectMs,
      charset: 'utf8mb4',
      // A row that is written with the same values counts, so that a held lock is recognized.
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
    // An error of the server has an SQL state; every other error is one of the connection.
    const { errno, sqlState } = Object(error);
    if (sqlState === undefined) return error instanceof TypeError ? 'other' : 'unavailable';
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
        connection.execute<Answer>({ sql, timeout: LIMITS.statementMs }, [...values], (error, answer) => {
          // A connection without an answer is closed, because the late answer would be matched to the next statement.
          if (error && this.failureOf(error) === 'unavailable') connection.destroy();
          else connection.release();
          if (error) reject(error);
          else resolve(answer);
        });
      });
    });
  }
}
