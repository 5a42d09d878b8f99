// The differences between databases: the dialect of SQL, how a statement is run, and what an error means. The statements themselves are the
// same for all (session-statements.ts).

import type { CodeWith } from '../../../diagnostics/codes.ts';
import { Problem } from '../../../diagnostics/problem.ts';
import { failureReason } from '../foreign-code.ts';

/** The value of a `?` of a statement. */
export type SqlValue = string | number | null;

export type SqlRow = Readonly<Record<string, unknown>>;

export interface SqlDialect {
  /** The expression for the time of the server, in milliseconds since 1970. */
  readonly now: string;
  /** True if the database has UPDATE … RETURNING. */
  readonly returning: boolean;
  /** A name in the quotes of the dialect. */
  quoted(name: string): string;
  /** The statements that create the table and its index. */
  tableOf(table: string): readonly string[];
  /** The end of an INSERT that leaves an existing row alone. '': such an INSERT fails as a 'duplicate'. */
  readonly unlessThere: string;
  /** Removes some expired rows that fulfil the condition `free`, the oldest first, without waiting for row locks. */
  sweepOf(table: string, free: string): SweepStatements;
}

/** The statements that remove expired rows: one statement, or one that finds keys and another one that removes those. */
export interface SweepStatements {
  /** The most rows of one statement, so that it ends soon. */
  readonly most: number;
  /** Its value: the time. */
  readonly find?: string;
  /** Its values: `most` keys if there is a `find`, then the time. */
  readonly remove: string;
}

/**
 * Why a statement failed: the server cannot be reached; the table is missing; the disk is full or read-only; the row or table exists
 * already; a deadlock or a wait for a row lock was resolved by ending this statement, so that it may be repeated; another reason.
 */
export type StatementFailure = 'unavailable' | 'no-table' | 'disk' | 'duplicate' | 'conflict' | 'other';

/** An open database. Each statement is one short transaction of its own. */
export interface SqlDatabase {
  readonly dialect: SqlDialect;
  /** The rows that a statement returns. */
  rows(statement: string, values: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** The number of rows that a statement has found and written, also with the same values. */
  count(statement: string, values: readonly SqlValue[]): Promise<number>;
  failureOf(error: unknown): StatementFailure;
  close(): Promise<void>;
}

/** The limits of one process. A statement that takes longer than CALL_TIMEOUT_MS has failed already; its connection is closed. */
export const LIMITS = { connections: 10, connectMs: 1500, statementMs: 1800 } as const;

/** Failures of the database, not of the statement. */
const CODES: Partial<Record<StatementFailure, CodeWith<'reason'>>> = {
  unavailable: 'session-store-unavailable',
  disk: 'session-store-failed',
};

/** The Problem of an error of the package. */
export function problemOf(cause: unknown, failure: StatementFailure): Problem {
  const code = CODES[failure] ?? 'session-database-refused';
  return new Problem(code, { params: { reason: failureReason(cause) }, cause });
}
