// The table of a store. If it is missing it is created, also after an operator has dropped it. A statement that the database ended to
// resolve a conflict is repeated.

import { Problem } from '../../../diagnostics/problem.ts';
import type { SqlDatabase, SqlRow, SqlValue } from './sql-database.ts';

/** The tries of a statement that fails for a temporary reason. */
const TRIES = 5;

export interface TableParts {
  readonly database: SqlDatabase;
  readonly name: string;
  /** Whether a missing table is created. */
  readonly autoCreate: boolean;
}

export class SessionTable {
  readonly #parts: TableParts;
  #creation: Promise<void> | undefined;

  constructor(parts: TableParts) {
    this.#parts = parts;
  }

  /** The rows that a statement returns. */
  rows(statement: string, values: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return this.#repeated(() => this.#parts.database.rows(statement, values));
  }

  /** The number of rows that a statement has written: 0 for an INSERT of a row that exists. */
  count(statement: string, values: readonly SqlValue[]): Promise<number> {
    return this.#repeated(() => this.#count(statement, values));
  }

  async #repeated<T>(run: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await run();
      } catch (error) {
        const failure = this.#parts.database.failureOf(error);
        if (tries === TRIES || (failure !== 'conflict' && failure !== 'no-table')) throw error;
        if (failure === 'no-table') await this.#create();
      }
    }
  }

  /** All statements that miss the table wait for the same creation. */
  async #create(): Promise<void> {
    const { database, name, autoCreate } = this.#parts;
    const statements = database.dialect.tableOf(name);
    if (!autoCreate)
      throw new Problem('session-table-missing', { params: { table: name, sql: statements.join('; ') } });
    this.#creation ??= (async () => {
      for (const statement of statements) await this.#count(statement, []);
    })().finally(() => {
      this.#creation = undefined;
    });
    await this.#creation;
  }

  /** A duplicate counts as no row: another process may create the same at the same time. */
  async #count(statement: string, values: readonly SqlValue[]): Promise<number> {
    const { database } = this.#parts;
    try {
      return await database.count(statement, values);
    } catch (error) {
      if (database.failureOf(error) === 'duplicate') return 0;
      throw error;
    }
  }
}
