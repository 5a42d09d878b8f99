// MySQL and MariaDB through the package mysql2.

import { loadDriver } from '../driver.ts';
import {
  allFind,
  CONNECT_MS,
  CONNECTIONS,
  type Database,
  type Dialect,
  type Failure,
  memberOf,
  type Row,
  STATEMENT_MS,
  type Step,
  type Value,
} from './dialect.ts';

/** Rows, or how many were changed. */
type Answer = readonly Row[] | { readonly affectedRows: number };

/** What we use of mysql2. */
interface Connection {
  execute(
    options: { sql: string; timeout: number },
    values: readonly Value[],
  ): Promise<readonly [Answer, unknown]>;
  beginTransaction(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  release(): void;
  destroy(): void;
}

interface Pool {
  getConnection(): Promise<Connection>;
  end(): Promise<void>;
}

interface Driver {
  createPool(options: Readonly<Record<string, unknown>>): Pool;
}

const DIALECT: Dialect = {
  // In UTC, because the zone of a connection may have hours that come twice.
  now: "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)",
  returning: false,
  quoted: (name) => `\`${name}\``,
  tableOf: (table) => [
    `CREATE TABLE IF NOT EXISTS \`${table}\` (
  session_id VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  atime DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  data LONGTEXT,
  version BIGINT NOT NULL DEFAULT 0,
  expires BIGINT,
  lock_token VARCHAR(255),
  lock_until BIGINT,
  INDEX \`${table}_expires\` (expires)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  ],
  unlessThere: (insert) => insert.replace('INSERT', 'INSERT IGNORE'),
  orReplace: (insert) => `${insert} ON DUPLICATE KEY UPDATE data = VALUES(data), expires = VALUES(expires)`,
  sweepOf: ({ table, now, free }) => ({
    most: 500,
    // A DELETE along the deadlines locks their index before the rows, and pages that write lock the rows before that index:
    // one would be sent back. So the keys are read first, which locks nothing; with + 0 the index is of no use to the DELETE.
    find: `SELECT session_id FROM ${table} WHERE expires <= ${now} AND ${free} ORDER BY expires LIMIT 500`,
    remove: `DELETE FROM ${table} WHERE session_id IN (${Array(500).fill('?').join(', ')}) AND expires + 0 <= ${now} AND ${free}`,
  }),
};

const FAILURES: Readonly<Record<number, Failure>> = {
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
export function openMysql(url: string, base_dir: string): Database {
  const { createPool } = loadDriver<Driver>({ store: 'database', module: 'mysql2/promise', base_dir });
  return new Mysql(
    createPool({
      uri: url,
      connectionLimit: CONNECTIONS,
      connectTimeout: CONNECT_MS,
      charset: 'utf8mb4',
      // A row that is changed to what it was counts as changed: that is how a lease is found to be ours.
      flags: ['+FOUND_ROWS'],
    }),
  );
}

class Mysql implements Database {
  readonly dialect = DIALECT;
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async rows(statement: string, values: readonly Value[]): Promise<readonly Row[]> {
    const result = await this.#execute(statement, values);
    return 'affectedRows' in result ? [] : result;
  }

  async count(statement: string, values: readonly Value[]): Promise<number> {
    return changedBy(await this.#execute(statement, values));
  }

  async all(steps: readonly Step[]): Promise<boolean> {
    const connection = await this.#pool.getConnection();
    try {
      await connection.beginTransaction();
      const found = await allFind(steps, async (statement, values) =>
        changedBy(await answerOf(connection, statement, values)),
      );
      await (found ? connection.commit() : connection.rollback());
      connection.release();
      return found;
    } catch (error) {
      // What it has not committed is undone.
      connection.destroy();
      throw error;
    }
  }

  failureOf(error: unknown): Failure {
    // What the server answers has an SQL state; everything else happened on the way.
    if (memberOf(error, 'sqlState') === undefined) return error instanceof TypeError ? 'other' : 'away';
    return FAILURES[Number(memberOf(error, 'errno'))] ?? 'other';
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #execute(statement: string, values: readonly Value[]) {
    const connection = await this.#pool.getConnection();
    try {
      const result = await answerOf(connection, statement, values);
      connection.release();
      return result;
    } catch (error) {
      // One that did not answer is not asked again: its answer may still come.
      if (this.failureOf(error) === 'away') connection.destroy();
      else connection.release();
      throw error;
    }
  }
}

async function answerOf(
  connection: Connection,
  statement: string,
  values: readonly Value[],
): Promise<Answer> {
  const [answer] = await connection.execute({ sql: statement, timeout: STATEMENT_MS }, values);
  return answer;
}

function changedBy(answer: Answer): number {
  return 'affectedRows' in answer ? answer.affectedRows : 0;
}
