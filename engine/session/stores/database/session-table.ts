// The table of a store. It is made where it is missing, also when an operator drops it while the site runs. Statements that
// gave way to another are tried again.

import { Problem } from '../../../diagnostics/problem.ts';
import type { Database, Row, Value } from './dialect.ts';
import type { Statements } from './statements.ts';

/** How often a statement may fail for a reason that passes. */
const TRIES = 5;

/** What is needed to make a table. */
interface TableParts {
  readonly database: Database;
  readonly statements: Pick<Statements, 'check' | 'make'>;
  readonly name: string;
  /** Whether it is made where it is missing. */
  readonly autoCreate: boolean;
}

/** The table of one store. */
export class SessionTable {
  readonly #parts: TableParts;
  #isReady = false;
  #trial: Promise<void> | undefined;

  constructor(parts: TableParts) {
    this.#parts = parts;
  }

  /** The rows that a statement gives. */
  rows(statement: string, values: readonly Value[] = []): Promise<readonly Row[]> {
    return this.#tried(() => this.#parts.database.rows(statement, values));
  }

  /** How many rows a statement found and changed: none, where it makes one that is there. */
  count(statement: string, values: readonly Value[] = []): Promise<number> {
    return this.#tried(() => this.#changed(statement, values));
  }

  async #tried<T>(ask: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        if (!this.#isReady) await this.#ready();
        return await ask();
      } catch (error) {
        const failure = this.#parts.database.failureOf(error);
        if (failure === 'no-table') this.#isReady = false;
        else if (failure !== 'conflict') throw error;
        if (tries === TRIES) throw error;
      }
    }
  }

  /** All statements that come meanwhile wait for the same trial. */
  async #ready(): Promise<void> {
    this.#trial ??= this.#prepare().finally(() => {
      this.#trial = undefined;
    });
    await this.#trial;
  }

  /** A table with other columns is an error of the start. */
  async #prepare(): Promise<void> {
    const { database, statements, name, autoCreate } = this.#parts;
    const { check, make } = statements;
    try {
      await database.rows(check, []);
    } catch (error) {
      if (database.failureOf(error) !== 'no-table') throw error;
      if (!autoCreate)
        throw new Problem('session-table-missing', { holes: { table: name, sql: make.join('; ') } });
      for (const statement of make) await this.#changed(statement, []);
    }
    this.#isReady = true;
  }

  async #changed(statement: string, values: readonly Value[]): Promise<number> {
    const { database } = this.#parts;
    try {
      return await database.count(statement, values);
    } catch (error) {
      if (database.failureOf(error) === 'duplicate') return 0;
      throw error;
    }
  }
}
