// PostgreSQL, by the package pg.

import { loadOptionalPackage } from '../optional-package.ts';
import {
  LIMITS,
  type SqlDatabase,
  type SqlDialect,
  type SqlRow,
  type SqlValue,
  type StatementFailure,
} from './sql-database.ts';

/** A statement that each connection prepares once, under this name. */
interface Prepared {
  readonly name: string;
  readonly text: string;
}

/** The part of pg that this store uses. Callbacks cost less than its promises, which make a stack trace each. */
interface Pool {
  query(
    statement: Prepared & { readonly values: readonly SqlValue[] },
    done: (error: unknown, result: Result) => void,
  ): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  end(): Promise<void>;
}

interface Result {
  readonly rows: readonly SqlRow[];
  readonly rowCount: number | null;
}

interface Package {
  readonly Pool: new (options: Readonly<Record<string, unknown>>) => Pool;
}

const DIALECT: SqlDialect = {
  // Unlike clock_timestamp() it can be compared by an index.
  now: '(extract(epoch from statement_timestamp()) * 1000)::bigint',
  returning: true,
  quoted: (name) => `"${name}"`,
  // A lock changes no indexed column: if its page has room, the new version of the row needs no index entry (HOT).
  tableOf: (table) => [
    `CREATE TABLE IF NOT EXISTS "${table}" (
  session_id varchar(128) COLLATE "C" PRIMARY KEY,
  atime timestamptz NOT NULL DEFAULT current_timestamp,
  data text,
  expires bigint,
  lock_token varchar(64),
  lock_page varchar(200),
  lock_since bigint,
  lock_until bigint
) WITH (fillfactor = 70)`,
    `CREATE INDEX IF NOT EXISTS "${table}_expires" ON "${table}" (expires)`,
  ],
  unlessThere: ' ON CONFLICT (session_id) DO NOTHING',
  sweepOf: (table, free) => ({
    most: 500,
    // By ctid, because the inner statement runs once then, whatever the planner assumes. A plan for session_id IN (…) that was
    // made while the table was empty ran it for each row, and took minutes for 100,000 rows.
    remove: `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE expires <= ? AND ${free} ORDER BY expires LIMIT 500 FOR UPDATE SKIP LOCKED))`,
  }),
};

/** A lost connection, a server that starts or shuts down, too many connections, a read-only standby. */
const UNAVAILABLE = /^08|^57P0[1-3]$|^53300$|^25006$/;

const FAILURES: Readonly<Record<string, StatementFailure>> = {
  '42P01': 'no-table',
  '53100': 'disk',
  '42P07': 'duplicate',
  '23505': 'duplicate',
  '42710': 'duplicate',
  '40P01': 'conflict',
  '40001': 'conflict',
};

/** Opens a database. The first statement connects. */
export function openPostgres(url: string, base_dir: string): SqlDatabase {
  const { Pool } = loadOptionalPackage<Package>({ store: 'database', module: 'pg', base_dir });
  const pool = new Pool({
    connectionString: url,
    max: LIMITS.connections,
    connectionTimeoutMillis: LIMITS.connectMs,
    query_timeout: LIMITS.statementMs,
    keepAlive: true,
    application_name: 'karrigell',
  });
  // Without a listener an idle connection that breaks would end the process. The pool replaces it.
  pool.on('error', () => {});
  return new Postgres(pool);
}

class Postgres implements SqlDatabase {
  readonly dialect = DIALECT;
  readonly #pool: Pool;
  readonly #prepared = new Map<string, Prepared>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async rows(statement: string, values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    return (await this.#query(statement, values)).rows;
  }

  async count(statement: string, values: readonly SqlValue[]): Promise<number> {
    return (await this.#query(statement, values)).rowCount ?? 0;
  }

  failureOf(error: unknown): StatementFailure {
    const { code, severity } = Object(error);
    // An error of the server has a severity; every other error is one of the connection.
    if (severity === undefined) return error instanceof TypeError ? 'other' : 'unavailable';
    return UNAVAILABLE.test(code) ? 'unavailable' : (FAILURES[code] ?? 'other');
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  #query(statement: string, values: readonly SqlValue[]): Promise<Result> {
    const { name, text } = this.#prepared.get(statement) ?? this.#prepare(statement);
    return new Promise((resolve, reject) => {
      this.#pool.query({ name, text, values }, (error, result) => (error ? reject(error) : resolve(result)));
    });
  }

  #prepare(statement: string): Prepared {
    let values = 0;
    const text = statement.replace(/\?/g, () => `$${++values}`);
    const prepared = { name: `karrigell_${this.#prepared.size + 1}`, text };
    this.#prepared.set(statement, prepared);
    return prepared;
  }
}
