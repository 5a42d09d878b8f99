// Asks the database, and says its failures as Problems: away within two seconds, whatever the driver waits for, or
// refused with the server's reason. Statements that must give way to another are tried again.

import { Problem } from '../../../diagnostics/problem.ts';
import { isAway, type OutageCode } from '../../away.ts';
import { reasonOf } from '../failure.ts';
import { Late, withinMilliseconds } from '../within-time.ts';
import type { Database, Failure, Row, Step, Value } from './dialect.ts';

/** How often a statement may give way before that is the failure. */
const TRIES = 5;

/** What is wrong with the database, and not with what it was asked. */
const CODES: Partial<Record<Failure, OutageCode>> = {
  away: 'session-store-away',
  disk: 'session-store-failed',
};

/** A database, asked so that only Problems come back. */
export class Server {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  rows(statement: string, values: readonly Value[] = []): Promise<readonly Row[]> {
    return this.#asked(() => this.#database.rows(statement, values));
  }

  count(statement: string, values: readonly Value[] = []): Promise<number> {
    return this.#asked(() => this.#database.count(statement, values));
  }

  /** Statements in one transaction, as long as each finds a row; whether all did. */
  all(steps: readonly Step[]): Promise<boolean> {
    return this.#asked(() => this.#database.all(steps));
  }

  /** Makes something that others may be making at the same time. */
  async make(statement: string): Promise<void> {
    await this.#asked(async () => {
      try {
        await this.#database.count(statement, []);
      } catch (error) {
        if (this.#database.failureOf(error) !== 'duplicate') throw error;
      }
    });
  }

  /** Whether a failure says that the table is not there. */
  lacksTable(error: unknown): boolean {
    return error instanceof Problem && this.#database.failureOf(error.cause) === 'no-table';
  }

  /** Whether a failure passes by itself: nobody was there, or others were in the way each time. */
  willPass(error: unknown): boolean {
    if (!(error instanceof Problem)) return false;
    return isAway(error) || this.#database.failureOf(error.cause) === 'conflict';
  }

  async close(): Promise<void> {
    await this.#database.close().catch(() => {});
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await withinMilliseconds(ask());
      } catch (error) {
        const failure = error instanceof Late ? 'away' : this.#database.failureOf(error);
        if (failure !== 'conflict' || tries === TRIES) throw problemOf(error, failure);
      }
    }
  }
}

/** What a failure of a driver is told as. */
export function problemOf(cause: unknown, failure: Failure): Problem {
  const code = CODES[failure] ?? 'session-database-refused';
  return new Problem(code, { holes: { reason: reasonOf(cause) }, cause });
}
