// What differs between databases: how statements are written, how a database is asked, and what its errors mean. Knows nothing
// of sessions; the statements are in session-statements.ts, once for all.

import type { CodeWith } from '../../../diagnostics/codes.ts';
import { Problem } from '../../../diagnostics/problem.ts';
import { failureReason } from '../foreign-code.ts';

/** What a statement's ? stands for. */
export type SqlValue = string | number | null;

export type SqlRow = Readonly<Record<string, unknown>>;

/** How a database writes its SQL. */
export interface SqlDialect {
  /** Milliseconds since 1970 by the server's own clock. */
  readonly now: string;
  /** Whether UPDATE … RETURNING is known. */
  readonly returning: boolean;
  /** A name that cannot be taken for anything else. */
  quoted(name: string): string;
  /** The statements that make the table and its index. */
  tableOf(table: string): readonly string[];
  /** The end of an INSERT that leaves a row alone that is there. Without one it fails as a 'duplicate'. */
  readonly unlessThere: string;
  /** Removes some expired rows that are `free`, longest first; does not wait for rows that others lock. */
  sweepOf(table: string, free: string): SweepStatements;
}

/** How a database removes expired rows: in one statement, or in one that finds keys and one that is given them. */
export interface SweepStatements {
  /** The rows of one statement: it ends soon, and holds up no other. */
  readonly most: number;
  /** Is given the time. */
  readonly find?: string;
  /** Is given `most` keys where keys are found first, then the time. */
  readonly remove: string;
}

/**
 * Why a statement failed: the server cannot be reached; the table is missing; what is made is there already; two statements
 * waited for each other and this one gave way, so it may be tried again; the disk is full or read-only; or anything else.
 */
export type StatementFailure = 'away' | 'no-table' | 'disk' | 'duplicate' | 'conflict' | 'other';

/** An open database. Each statement is one short transaction of its own. */
export interface SqlDatabase {
  readonly dialect: SqlDialect;
  /** The rows that a statement gives. */
  rows(statement: string, values: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** How many rows a statement found and changed (to the same values, too). */
  count(statement: string, values: readonly SqlValue[]): Promise<number>;
  failureOf(error: unknown): StatementFailure;
  close(): Promise<void>;
}

/** What one process allows a server. A connection that takes longer is closed; the request has got 503 before. */
export const LIMITS = { connections: 10, connectMs: 1500, statementMs: 1800 } as const;

/** What is wrong with the database, and not with the statement. */
const CODES: Partial<Record<StatementFailure, CodeWith<'reason'>>> = {
  away: 'session-store-unavailable',
  disk: 'session-store-failed',
};

/** What an error of a database's package means. */
export function problemOf(cause: unknown, failure: StatementFailure): Problem {
  const code = CODES[failure] ?? 'session-database-refused';
  return new Problem(code, { params: { reason: failureReason(cause) }, cause });
}
