// The table of a store. It is made where it is missing, also when an operator drops it while the site runs. Statements that
// gave way to another are tried again.

import { Problem } from '../../../diagnostics/problem.ts';
import type { SqlDatabase, SqlRow, SqlValue } from './sql-database.ts';

/** How often a statement may fail for a reason that passes. */
const TRIES = 5;

/** What is needed to make a table. */
export interface TableParts {
  readonly database: SqlDatabase;
  readonly name: string;
  /** Whether it is made where it is missing. */
  readonly autoCreate: boolean;
}

/** The table of one store. */
export class SessionTable {
  readonly #parts: TableParts;
  #making: Promise<void> | undefined;

  constructor(parts: TableParts) {
    this.#parts = parts;
  }

  /** The rows that a statement gives. */
  rows(statement: string, values: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return this.#tried(() => this.#parts.database.rows(statement, values));
  }

  /** How many rows a statement found and changed: none, where it makes one that is there. */
  count(statement: string, values: readonly SqlValue[]): Promise<number> {
    return this.#tried(() => this.#changed(statement, values));
  }

  async #tried<T>(ask: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await ask();
      } catch (error) {
        const failure = this.#parts.database.failureOf(error);
        if (tries === TRIES || (failure !== 'conflict' && failure !== 'no-table')) throw error;
        if (failure === 'no-table') await this.#make();
      }
    }
  }

  /** All statements that lack the table wait for the same try. */
  async #make(): Promise<void> {
    const { database, name, autoCreate } = this.#parts;
    const statements = database.dialect.tableOf(name);
    if (!autoCreate)
      throw new Problem('session-table-missing', { params: { table: name, sql: statements.join('; ') } });
    this.#making ??= (async () => {
      for (const statement of statements) await this.#changed(statement, []);
    })().finally(() => {
      this.#making = undefined;
    });
    await this.#making;
  }

  /** Another process may be making the same at the same time. */
  async #changed(statement: string, values: readonly SqlValue[]): Promise<number> {
    const { database } = this.#parts;
    try {
      return await database.count(statement, values);
    } catch (error) {
      if (database.failureOf(error) === 'duplicate') return 0;
      throw error;
    }
  }
}
